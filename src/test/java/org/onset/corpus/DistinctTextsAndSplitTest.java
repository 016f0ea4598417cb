package org.onset.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

/** Repeats, and the split by id. */
class DistinctTextsAndSplitTest {
  @Test
  void ofEqualTextsTheFirstStays() {
    List<Document> distinct =
        DistinctTexts.of(
            List.of(
                document("a", "One two.", "books"),
                document("b", " One\n\ntwo. ", "web"),
                document("c", "one two.", "web"),
                document("d", "Onetwo.", "web"),
                document("e", "caf\u00e9", "web"),
                document("f", "cafe\u0301", "books"),
                document("g", "One\u00a0two.", "web")));

    assertThat(distinct).extracting(Document::id).containsExactly("a", "c", "d", "e");
  }

  @ParameterizedTest
  @Repetitions(50)
  void removingRepeatsTwiceRemovesNothingMore(SplittableRandom random) {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      documents.add(document("d" + i, "text " + random.nextInt(20), "s" + random.nextInt(3)));
    }

    List<Document> once = DistinctTexts.of(documents);

    assertThat(DistinctTexts.of(once)).isEqualTo(once);
    assertThat(once)
        .extracting(Document::text)
        .containsExactlyElementsOf(documents.stream().map(Document::text).distinct().toList());
  }

  @Test
  void theHeldOutShareIsWhatWasAskedFor() {
    List<Document> documents =
        IntStream.range(0, 10_000).mapToObj(i -> document("d" + i, "t", "s")).toList();

    // standard deviation of the count: 40 at 20%; four of them
    assertThat(Split.byId(documents, 0.2).heldOut()).hasSizeBetween(1_840, 2_160);
    assertThat(Split.byId(documents, 0).heldOut()).isEmpty();
    assertThat(Split.byId(documents, 1).training()).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> Split.byId(documents, 1.5));
  }

  @Test
  void whatIsHeldOutIsUnrelatedToWhatALimitTakes() {
    int both = 0;
    for (int i = 0; i < 10_000; i++) {
      boolean taken = Split.position("take", "d" + i) < 0.5;
      boolean heldOut = Split.position("held-out", "d" + i) < 0.5;
      both += taken && heldOut ? 1 : 0;
    }

    assertThat(both).isBetween(2_300, 2_700);
  }

  private static Document document(String id, String text, String source) {
    return Document.unscored(id, text, source);
  }
}
