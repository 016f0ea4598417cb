package org.onset.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class WindowsTest {
  private static final int END = 0;

  @Test
  void joinedDocumentsShareWindowsAndWindowsShareAnId() {
    PackedStream stream =
        Windows.joined(List.of(new int[] {1, 2, 3}, new int[] {4}, new int[] {5, 6}), END, 3);

    assertThat(stream.count()).isEqualTo(2);
    assertThat(stream.window(0)).containsExactly(1, 2, 3, END);
    assertThat(stream.window(1)).containsExactly(END, 4, END, 5);
    assertThat(stream.trained(1)).containsExactly(false, true, true, true);
    assertThat(stream.trainedTokens()).isEqualTo(6);
    assertThat(stream.packing()).isEqualTo(new Packing(3, 0, 2, 0, 0, 0));
  }

  @Test
  void aStreamOfExactlyOneWindowIsAWindow() {
    assertThat(Windows.joined(List.of(new int[] {1, 2, 3}), END, 3).count()).isEqualTo(1);
    assertThat(Windows.joined(List.of(new int[] {1, 2, 3}), END, 4).count()).isEqualTo(0);
    assertThat(Windows.joined(List.of(new int[] {1, 2, 3}), END, 4).packing().droppedTokens())
        .isEqualTo(4);
  }

  @Test
  void anEmptyDocumentIsCountedAndLeavesNoEnd() {
    PackedStream stream = Windows.joined(List.of(new int[0], new int[] {1}, new int[0]), END, 1);

    assertThat(stream.count()).isEqualTo(1);
    assertThat(stream.window(0)).containsExactly(1, END);
    assertThat(stream.packing()).isEqualTo(new Packing(3, 2, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @Repetitions(200)
  void everyTokenIsATargetOnceOrCountedAsDropped(SplittableRandom random) {
    int contextLength = 1 + random.nextInt(9);
    List<int[]> documents = new ArrayList<>();
    List<Integer> joined = new ArrayList<>();
    for (int d = random.nextInt(8); d > 0; d--) {
      int[] document = random.ints(1 + random.nextInt(2_000), 1, 100).toArray();
      documents.add(document);
      for (int id : document) {
        joined.add(id);
      }
      joined.add(END);
    }

    PackedStream stream = Windows.joined(documents, END, contextLength);

    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < stream.count(); i++) {
      int[] window = stream.window(i);
      assertThat(window).hasSize(contextLength + 1);
      if (i == 0) {
        seen.add(window[0]);
      }
      assertThat(window[0]).isEqualTo(seen.getLast());
      for (int t = 1; t <= contextLength; t++) {
        seen.add(window[t]);
      }
    }
    int dropped = Math.toIntExact(stream.packing().droppedTokens());
    assertThat(seen).isEqualTo(joined.subList(0, joined.size() - dropped));
    assertThat(dropped).isLessThanOrEqualTo(contextLength);
    assertThat(stream.trainedTokens()).isEqualTo((long) stream.count() * contextLength);
  }

  @Test
  void aSequenceHasAWindowOfItsOwnAndPaddingIsNotTrained() {
    TrainingSequence sequence =
        new TrainingSequence(new int[] {7, 8, 9}, new boolean[] {true, false, true});

    PackedStream stream = Windows.oneEach(List.of(sequence), END, 4);

    assertThat(stream.count()).isEqualTo(1);
    assertThat(stream.window(0)).containsExactly(7, 8, 9, END, END);
    assertThat(stream.trained(0)).containsExactly(false, false, true, false, false);
    assertThat(stream.trainedTokens()).isEqualTo(1);
  }

  @Test
  void whatIsTooLongIsCutAndCounted() {
    TrainingSequence fits = TrainingSequence.document(new int[] {1, 2}, END);
    TrainingSequence tooLong = TrainingSequence.document(new int[] {1, 2, 3, 4}, END);

    PackedStream stream = Windows.oneEach(List.of(fits, tooLong), END, 2);

    assertThat(stream.window(0)).containsExactly(1, 2, END);
    assertThat(stream.window(1)).containsExactly(1, 2, 3);
    assertThat(stream.trained(1)).containsExactly(false, true, true);
    assertThat(stream.packing()).isEqualTo(new Packing(2, 0, 0, 1, 2, 0));
  }

  @Test
  void aSequenceWithoutATargetInsideItsWindowIsLeftOutAndCounted() {
    TrainingSequence onlyLate =
        new TrainingSequence(new int[] {1, 2, 3}, new boolean[] {false, false, true});
    TrainingSequence onlyFirst = new TrainingSequence(new int[] {1}, new boolean[] {true});
    TrainingSequence nothing = new TrainingSequence(new int[0], new boolean[0]);

    PackedStream stream = Windows.oneEach(List.of(onlyLate, onlyFirst, nothing), END, 1);

    assertThat(stream.count()).isEqualTo(0);
    assertThat(stream.packing()).isEqualTo(new Packing(3, 1, 0, 0, 0, 2));
  }

  @Test
  void marksAndTokensMustBeAsMany() {
    assertThatThrownBy(() -> new TrainingSequence(new int[2], new boolean[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 tokens, 3 marks");
  }

  @Test
  void aContextHoldsAtLeastOneToken() {
    assertThatThrownBy(() -> Windows.joined(List.of(), END, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("contextLength");
  }
}
