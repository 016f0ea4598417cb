package org.onset.token;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.token.WindowWriter.Shape;

class WindowWriterTest {
  private static final int END = 0;
  private static final int VOCAB_SIZE = 100;

  @TempDir Path folder;

  private Path prefix() {
    return folder.resolve("stream");
  }

  private static Shape shape(int contextLength) {
    return new Shape(contextLength, END, VOCAB_SIZE);
  }

  private static TrainingSequence document(int... ids) {
    return TrainingSequence.document(ids, END);
  }

  private WindowWriter joined(int contextLength, TrainingSequence... sequences) throws IOException {
    return all(WindowWriter.joined(prefix(), shape(contextLength), false), sequences);
  }

  private WindowWriter joinedWithMarks(int contextLength, TrainingSequence... sequences)
      throws IOException {
    return all(WindowWriter.joined(prefix(), shape(contextLength), true), sequences);
  }

  private WindowWriter separate(int contextLength, TrainingSequence... sequences)
      throws IOException {
    return all(WindowWriter.separate(prefix(), shape(contextLength)), sequences);
  }

  private static WindowWriter all(WindowWriter windows, TrainingSequence... sequences)
      throws IOException {
    try (windows) {
      for (TrainingSequence sequence : sequences) {
        windows.add(sequence);
      }
    }
    return windows;
  }

  @Test
  void joinedDocumentsShareWindowsAndWindowsShareAnId() throws IOException {
    WindowWriter windows = joined(3, document(1, 2, 3), document(4), document(5, 6));

    assertThat(windows.count()).isEqualTo(2);
    assertThat(windows.trainedTokens()).isEqualTo(6);
    assertThat(windows.packing()).isEqualTo(new Packing(3, 0, 2, 0, 0, 0));
    try (TokenShard shard = TokenShard.open(prefix())) {
      assertThat(shard.count()).isEqualTo(2);
      assertThat(shard.window(0)).containsExactly(1, 2, 3, END);
      assertThat(shard.window(1)).containsExactly(END, 4, END, 5);
      assertThat(shard.trained(1)).containsExactly(false, true, true, true);
      assertThat(shard.trainedTokens()).isEqualTo(6);
    }
  }

  @Test
  void aStreamOfExactlyOneWindowIsAWindow() throws IOException {
    assertThat(joined(3, document(1, 2, 3)).count()).isEqualTo(1);
    assertThat(joined(3, document(1, 2, 3)).packing().droppedTokens()).isEqualTo(0);
    assertThat(joined(4, document(1, 2, 3)).count()).isEqualTo(0);
    assertThat(joined(4, document(1, 2, 3)).packing().droppedTokens()).isEqualTo(4);
  }

  @Test
  void aJoinedWindowWithoutATargetIsLeftOutAndCounted() throws IOException {
    TrainingSequence untrained = new TrainingSequence(new int[] {1, 2, 3, END}, new boolean[4]);
    TrainingSequence trained =
        new TrainingSequence(new int[] {4, 5, 6, END}, new boolean[] {false, true, false, false});

    WindowWriter windows = joinedWithMarks(3, untrained, trained);

    assertThat(windows.count()).isEqualTo(1);
    assertThat(windows.trainedTokens()).isEqualTo(1);
    assertThat(windows.packing()).isEqualTo(new Packing(2, 0, 1, 0, 0, 1));
    try (TokenShard shard = TokenShard.open(prefix())) {
      assertThat(shard.window(0)).containsExactly(END, 4, 5, 6);
      assertThat(shard.trained(0)).containsExactly(false, false, true, false);
    }
  }

  @Test
  void anEmptyDocumentIsCountedAndLeavesNoEnd() throws IOException {
    TrainingSequence nothing = new TrainingSequence(new int[0], new boolean[0]);

    WindowWriter windows = joined(1, document(), document(1), nothing);

    assertThat(windows.packing()).isEqualTo(new Packing(3, 2, 0, 0, 0, 0));
    try (TokenShard shard = TokenShard.open(prefix())) {
      assertThat(shard.count()).isEqualTo(1);
      assertThat(shard.window(0)).containsExactly(1, END);
    }
  }

  @ParameterizedTest
  @Repetitions(200)
  void everyTokenIsATargetOnceOrCountedAsDropped(SplittableRandom random) throws IOException {
    int contextLength = 1 + random.nextInt(9);
    List<TrainingSequence> documents = new ArrayList<>();
    List<Integer> joined = new ArrayList<>();
    for (int d = random.nextInt(8); d > 0; d--) {
      int[] document = random.ints(1 + random.nextInt(2_000), 1, VOCAB_SIZE).toArray();
      documents.add(document(document));
      for (int id : document) {
        joined.add(id);
      }
      joined.add(END);
    }

    WindowWriter windows = joined(contextLength, documents.toArray(new TrainingSequence[0]));

    List<Integer> seen = new ArrayList<>();
    if (windows.count() > 0) {
      try (TokenShard shard = TokenShard.open(prefix())) {
        assertThat(shard.count()).isEqualTo(windows.count());
        assertThat(shard.trainedTokens()).isEqualTo((long) windows.count() * contextLength);
        for (int i = 0; i < shard.count(); i++) {
          int[] window = shard.window(i);
          assertThat(window).hasSize(contextLength + 1);
          if (i == 0) {
            seen.add(window[0]);
          }
          assertThat(window[0]).isEqualTo(seen.getLast());
          for (int t = 1; t <= contextLength; t++) {
            seen.add(window[t]);
          }
        }
      }
    }
    int dropped = Math.toIntExact(windows.packing().droppedTokens());
    assertThat(seen).isEqualTo(joined.subList(0, joined.size() - dropped));
    assertThat(dropped).isLessThanOrEqualTo(contextLength);
    assertThat(windows.trainedTokens()).isEqualTo((long) windows.count() * contextLength);
  }

  @Test
  void marksOfJoinedSequencesMoveIntoTheirWindows() throws IOException {
    TrainingSequence first =
        new TrainingSequence(new int[] {1, 2, 3, END}, new boolean[] {true, false, true, true});
    TrainingSequence second =
        new TrainingSequence(new int[] {4, 5, END}, new boolean[] {true, true, false});

    WindowWriter windows = joinedWithMarks(3, first, second);

    assertThat(windows.trainedTokens()).isEqualTo(3);
    assertThat(windows.packing()).isEqualTo(new Packing(2, 0, 0, 0, 0, 0));
    try (TokenShard shard = TokenShard.open(prefix())) {
      assertThat(shard.window(0)).containsExactly(1, 2, 3, END);
      assertThat(shard.trained(0)).containsExactly(false, false, true, true);
      assertThat(shard.window(1)).containsExactly(END, 4, 5, END);
      assertThat(shard.trained(1)).containsExactly(false, false, true, false);
      assertThat(shard.trainedTokens()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @Repetitions(200)
  void everyMarkIsFoundOnceAndWindowsWithoutAnyAreLeftOut(SplittableRandom random)
      throws IOException {
    int contextLength = 1 + random.nextInt(9);
    TrainingSequence[] sequences = new TrainingSequence[random.nextInt(12)];
    List<Integer> ids = new ArrayList<>();
    List<Boolean> marks = new ArrayList<>();
    for (int s = 0; s < sequences.length; s++) {
      int[] tokens = random.ints(random.nextInt(60), 0, VOCAB_SIZE).toArray();
      boolean[] trained = new boolean[tokens.length];
      double share = random.nextDouble();
      for (int i = 0; i < tokens.length; i++) {
        trained[i] = random.nextDouble() < share;
      }
      sequences[s] = new TrainingSequence(tokens, trained);
      for (int i = 0; i < tokens.length && tokens.length > 1; i++) {
        ids.add(tokens[i]);
        marks.add(i > 0 && trained[i]);
      }
    }

    WindowWriter windows = joinedWithMarks(contextLength, sequences);

    int complete = Math.max(0, (ids.size() - 1) / contextLength);
    long left = 0;
    int next = 0;
    long targets = 0;
    try (Windows found = Windows.open(windows.count() > 0 ? prefix() : null)) {
      for (int w = 0; w < complete; w++) {
        int start = w * contextLength;
        List<Boolean> ofWindow = new ArrayList<>(marks.subList(start, start + contextLength + 1));
        ofWindow.set(0, false);
        if (!ofWindow.contains(true)) {
          left++;
          continue;
        }
        assertThat(found.ids(next)).isEqualTo(ids.subList(start, start + contextLength + 1));
        assertThat(found.marks(next)).isEqualTo(ofWindow);
        targets += ofWindow.stream().filter(mark -> mark).count();
        next++;
      }
    }
    assertThat(windows.count()).isEqualTo(next);
    assertThat(windows.trainedTokens()).isEqualTo(targets);
    assertThat(windows.packing().untrainableSequences()).isEqualTo(left);
    int tail = complete == 0 ? ids.size() : ids.size() - 1 - complete * contextLength;
    assertThat(windows.packing().droppedTokens()).isEqualTo(tail);
  }

  /** What was written; nothing where there is no shard. */
  private record Windows(@Nullable TokenShard shard) implements AutoCloseable {
    static Windows open(@Nullable Path prefix) {
      return new Windows(prefix == null ? null : TokenShard.open(prefix));
    }

    List<Integer> ids(int window) {
      return Arrays.stream(requireNonNull(shard).window(window)).boxed().toList();
    }

    List<Boolean> marks(int window) {
      boolean[] trained = requireNonNull(shard).trained(window);
      return IntStream.range(0, trained.length).mapToObj(i -> trained[i]).toList();
    }

    @Override
    public void close() {
      if (shard != null) {
        shard.close();
      }
    }
  }

  @Test
  void marksDoNotMatterWhereNoneAreKept() throws IOException {
    int[] ids = {1, 2, END};

    joined(2, new TrainingSequence(ids, new boolean[ids.length]));

    try (TokenShard shard = TokenShard.open(prefix())) {
      assertThat(shard.trained(0)).containsExactly(false, true, true);
    }
  }

  @Test
  void aSequenceHasAWindowOfItsOwnAndPaddingIsNotTrained() throws IOException {
    TrainingSequence sequence =
        new TrainingSequence(new int[] {7, 8, 9}, new boolean[] {true, false, true});

    WindowWriter windows = separate(4, sequence);

    assertThat(windows.trainedTokens()).isEqualTo(1);
    try (TokenShard shard = TokenShard.open(prefix())) {
      assertThat(shard.count()).isEqualTo(1);
      assertThat(shard.window(0)).containsExactly(7, 8, 9, END, END);
      assertThat(shard.trained(0)).containsExactly(false, false, true, false, false);
      assertThat(shard.trainedTokens()).isEqualTo(1);
    }
  }

  @Test
  void nothingOfASequenceShowsInTheWindowOfTheNext() throws IOException {
    TrainingSequence leftOut = new TrainingSequence(new int[] {9, 9, 9, 9}, new boolean[4]);

    separate(3, document(1, 2, 3), leftOut, document(4));

    try (TokenShard shard = TokenShard.open(prefix())) {
      assertThat(shard.count()).isEqualTo(2);
      assertThat(shard.window(1)).containsExactly(4, END, END, END);
      assertThat(shard.trained(1)).containsExactly(false, true, false, false);
    }
  }

  @Test
  void whatIsTooLongIsCutAndCounted() throws IOException {
    WindowWriter windows = separate(2, document(1, 2), document(1, 2, 3, 4));

    assertThat(windows.packing()).isEqualTo(new Packing(2, 0, 0, 1, 2, 0));
    try (TokenShard shard = TokenShard.open(prefix())) {
      assertThat(shard.window(0)).containsExactly(1, 2, END);
      assertThat(shard.window(1)).containsExactly(1, 2, 3);
      assertThat(shard.trained(1)).containsExactly(false, true, true);
    }
  }

  @Test
  void aSequenceWithoutATargetInsideItsWindowIsLeftOutAndCounted() throws IOException {
    TrainingSequence onlyLate =
        new TrainingSequence(new int[] {1, 2, 3}, new boolean[] {false, false, true});
    TrainingSequence onlyFirst = new TrainingSequence(new int[] {1}, new boolean[] {true});
    TrainingSequence nothing = new TrainingSequence(new int[0], new boolean[0]);

    WindowWriter windows = separate(1, onlyLate, onlyFirst, nothing);

    assertThat(windows.count()).isEqualTo(0);
    assertThat(windows.packing()).isEqualTo(new Packing(3, 1, 0, 0, 0, 2));
  }

  @Test
  void marksAndTokensMustBeAsMany() {
    assertThatThrownBy(() -> new TrainingSequence(new int[2], new boolean[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 tokens, 3 marks");
  }

  @Test
  void aContextHoldsAtLeastOneToken() {
    assertThatThrownBy(() -> shape(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("contextLength");
  }

  @Test
  void aClosedShardTakesNothingMoreAndMayBeClosedAgain() throws IOException {
    WindowWriter windows = joined(1, document(1));

    windows.close();

    assertThatThrownBy(() -> windows.add(document(2))).isInstanceOf(IllegalStateException.class);
    try (TokenShard shard = TokenShard.open(prefix())) {
      assertThat(shard.count()).isEqualTo(1);
    }
  }
}
