package org.onset.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

/** Repeats, the split by id, and the report card. */
class CountingTest {
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
  void theReportCardCountsDocumentsCharactersScoresAndSources() {
    ReportCard card =
        ReportCard.of(
            List.of(
                document("a", "four", "web").withScore(0),
                document("b", "😀", "web").withScore(5),
                document("c", "été", "books").withScore(5),
                document("d", "xx", "books")));

    assertThat(card.documents()).isEqualTo(4);
    assertThat(card.characters()).isEqualTo(4 + 1 + 3 + 2);
    assertThat(card.documentsByScore()).containsExactly(1L, 0L, 0L, 0L, 0L, 2L);
    assertThat(card.unscored()).isEqualTo(1);
    assertThat(card.sources())
        .containsExactly(
            entry("books", new ReportCard.Holding(2, 5, 1)),
            entry("web", new ReportCard.Holding(2, 5, 1)));
  }

  @Test
  void aCardOfNothingIsAllZeros() {
    assertThat(ReportCard.of(List.of()).documentsByScore()).containsOnly(0L).hasSize(6);
    assertThat(ReportCard.of(List.of()).sources()).isEmpty();
  }

  @ParameterizedTest
  @Repetitions(50)
  void aSplitPartitionsAndADocumentMoreMovesNoOther(SplittableRandom random) {
    List<Document> documents =
        IntStream.range(0, 200)
            .mapToObj(i -> document("d" + i + "/" + random.nextInt(1_000), "t", "s"))
            .toList();

    Split all = Split.byId(documents, 0.3);
    Split fewer = Split.byId(documents.subList(0, 150), 0.3);

    assertThat(all.training().size() + all.heldOut().size()).isEqualTo(200);
    assertThat(all.training()).doesNotContainAnyElementsOf(all.heldOut());
    assertThat(all.heldOut()).containsAll(fewer.heldOut());
    assertThat(all.training()).containsAll(fewer.training());
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
