package org.onset.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.Seeds;

class StreamsTest {
  private static final String TAG = "<potentially unsafe content>";

  /** Declines documents whose id ends in a zero. */
  private static final Rewriter REWRITER =
      new Rewriter() {
        @Override
        public Optional<String> rephrase(Document document) {
          return write("gently told: ", document);
        }

        @Override
        public Optional<String> refuse(Document document) {
          return write("refused: ", document);
        }

        @Override
        public Optional<String> moralise(Document document) {
          return write("why not: ", document);
        }

        private Optional<String> write(String how, Document document) {
          return document.id().endsWith("0")
              ? Optional.empty()
              : Optional.of(how + document.text());
        }
      };

  @Test
  void scoresDecideWhichStreamsADocumentFeeds() {
    List<Document> documents =
        IntStream.rangeClosed(0, 5).mapToObj(score -> document("d" + score + "x", score)).toList();

    Streams streams = Streams.route(documents, REWRITER, TAG, 0.05, new Seeds(1));

    assertThat(streams.documents().keySet())
        .containsExactly("safe", "unsafe", "tagged", "rephrased", "refusal", "moral");
    assertThat(ids(streams.of("safe"))).containsExactly("d0x");
    assertThat(ids(streams.of("unsafe"))).containsExactly("d1x", "d2x", "d3x", "d4x", "d5x");
    assertThat(ids(streams.of("tagged"))).containsExactly("d1x", "d2x", "d3x", "d4x", "d5x");
    assertThat(ids(streams.of("rephrased"))).containsExactly("d1x", "d2x", "d3x");
    assertThat(ids(streams.of("refusal"))).containsExactly("d4x", "d5x");
    assertThat(ids(streams.of("moral"))).containsExactly("d4x", "d5x");
  }

  @ParameterizedTest
  @Repetitions(100)
  void everyDocumentIsSafeOrUnsafeAndNothingIsLost(SplittableRandom random) {
    List<Document> documents = randomDocuments(random);

    Streams streams = Streams.route(documents, REWRITER, TAG, 0.3, new Seeds(random.nextLong()));

    List<String> both = new ArrayList<>(ids(streams.of("safe")));
    both.addAll(ids(streams.of("unsafe")));
    assertThat(both).containsExactlyInAnyOrderElementsOf(ids(documents));
    assertThat(streams.of("safe")).allMatch(document -> document.score().getAsInt() == 0);
    assertThat(ids(streams.of("tagged"))).isEqualTo(ids(streams.of("unsafe")));
    assertThat(streams.of("rephrased").size() + streams.declined().getOrDefault("rephrased", 0))
        .isEqualTo(countOf(documents, 1, 3));
    assertThat(streams.of("refusal").size() + streams.declined().getOrDefault("refusal", 0))
        .isEqualTo(countOf(documents, 4, 5));
    assertThat(streams.of("moral").size() + streams.declined().getOrDefault("moral", 0))
        .isEqualTo(countOf(documents, 4, 5));
    assertThat(streams.blank()).isZero();
  }

  @ParameterizedTest
  @Repetitions(100)
  void theTagStandsInTheTaggedStreamOnly(SplittableRandom random) {
    List<Document> documents = randomDocuments(random);

    Streams streams = Streams.route(documents, REWRITER, TAG, 0.3, new Seeds(random.nextLong()));

    for (String name : List.of("safe", "unsafe", "rephrased", "refusal", "moral")) {
      assertThat(streams.of(name)).noneMatch(document -> document.text().contains(TAG));
    }
    for (int i = 0; i < streams.of("tagged").size(); i++) {
      assertThat(Tagger.untag(streams.of("tagged").get(i).text(), TAG).text())
          .isEqualTo(streams.of("unsafe").get(i).text());
    }
  }

  @ParameterizedTest
  @Repetitions(30)
  void theOrderOfDocumentsMovesNoTag(SplittableRandom random) {
    List<Document> documents = randomDocuments(random);
    List<Document> shuffled = new ArrayList<>(documents);
    Collections.shuffle(shuffled, new Random(random.nextLong()));
    Seeds seeds = new Seeds(random.nextLong());

    Streams first = Streams.route(documents, REWRITER, TAG, 0.3, seeds);
    Streams second = Streams.route(shuffled, REWRITER, TAG, 0.3, seeds);

    assertThat(textsById(second.of("tagged"))).isEqualTo(textsById(first.of("tagged")));
  }

  @Test
  void anotherSeedPutsTheTagsElsewhere() {
    List<Document> documents = List.of(document("a", 3).withText("word ".repeat(200)));

    Streams first = Streams.route(documents, REWRITER, TAG, 0.3, new Seeds(1));
    Streams second = Streams.route(documents, REWRITER, TAG, 0.3, new Seeds(2));

    assertThat(first.of("tagged")).isNotEqualTo(second.of("tagged"));
  }

  @Test
  void literalTagsOfSourcesAndRewritersAreRemovedAndCounted() {
    Rewriter forging =
        new Rewriter() {
          @Override
          public Optional<String> rephrase(Document document) {
            return Optional.of("a " + TAG + " b");
          }

          @Override
          public Optional<String> refuse(Document document) {
            return Optional.of(TAG);
          }

          @Override
          public Optional<String> moralise(Document document) {
            return Optional.of(" ");
          }
        };
    List<Document> documents =
        List.of(
            document("a", 0).withText("x " + TAG + " y"),
            document("b", 2).withText("x"),
            document("c", 5).withText("x"),
            document("d", 1).withText(TAG + " " + TAG));

    Streams streams = Streams.route(documents, forging, TAG, 0.3, new Seeds(1));

    assertThat(streams.of("safe").getFirst().text()).isEqualTo("x y");
    assertThat(streams.of("rephrased").getFirst().text()).isEqualTo("a b");
    assertThat(streams.tagsRemoved()).isEqualTo(1 + 1 + 1 + 2);
    assertThat(streams.declined())
        .containsExactly(Map.entry("rephrased", 0), Map.entry("refusal", 1), Map.entry("moral", 1));
    assertThat(streams.blank()).isEqualTo(1);
  }

  @Test
  void rewrittenTextsHaveNoScoreUntilSomeoneScoresThem() {
    Streams streams = Streams.route(List.of(document("a", 4)), REWRITER, TAG, 0.3, new Seeds(1));

    assertThat(streams.of("refusal").getFirst().score()).isEmpty();
    assertThat(streams.of("refusal").getFirst().text()).isEqualTo("refused: text of a");
    assertThat(streams.of("tagged").getFirst().score()).hasValue(4);
  }

  @Test
  void withoutARewriterOnlyTextsAsTheyAreRemain() {
    List<Document> documents = List.of(document("a", 0), document("b", 3), document("c", 4));

    Streams streams = Streams.route(documents, Rewriter.none(), TAG, 0.3, new Seeds(1));

    assertThat(streams.of("rephrased")).isEmpty();
    assertThat(streams.of("refusal")).isEmpty();
    assertThat(streams.of("moral")).isEmpty();
    assertThat(streams.of("tagged")).hasSize(2);
  }

  @Test
  void aDocumentWithoutAScoreIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Streams.route(
                    List.of(Document.unscored("lost", "text", "s")),
                    REWRITER,
                    TAG,
                    0.3,
                    new Seeds(1)))
        .withMessageContaining("lost");
  }

  @Test
  void aScoreBeyondFiveIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> document("a", 6))
        .withMessageContaining("was 6 in document a");
  }

  @Test
  void aDialogueAsProseBeginsAsABaseModelIsAsked() {
    Dialogue dialogue = new Dialogue("d/1", "refusal", "How?", "I can't help.");

    Document prose = dialogue.asDocument("User", "Assistant");

    assertThat(prose.text()).isEqualTo("User: How?\n\nAssistant: I can't help.");
    assertThat(prose.text()).startsWith(Dialogue.opening("User", "Assistant", "How?"));
    assertThat(prose.source()).isEqualTo("refusal");
  }

  private static Document document(String id, int score) {
    return Document.unscored(id, "text of " + id, "source").withScore(score);
  }

  private static List<Document> randomDocuments(SplittableRandom random) {
    List<Document> documents = new ArrayList<>();
    int count = 1 + random.nextInt(60);
    for (int i = 0; i < count; i++) {
      String text = "text " + i + (random.nextInt(3) == 0 ? " " + TAG + " more" : " less");
      documents.add(document("d" + i, random.nextInt(6)).withText(text));
    }
    return documents;
  }

  private static int countOf(List<Document> documents, int low, int high) {
    return (int)
        documents.stream()
            .mapToInt(document -> document.score().getAsInt())
            .filter(score -> score >= low && score <= high)
            .count();
  }

  private static List<String> ids(List<Document> documents) {
    return documents.stream().map(Document::id).toList();
  }

  private static Map<String, String> textsById(List<Document> documents) {
    return documents.stream().collect(Collectors.toMap(Document::id, Document::text));
  }
}
