package org.onset.corpus.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.Problems;
import org.onset.Repetitions;
import org.onset.corpus.Document;
import org.onset.corpus.Split;
import org.onset.stats.Rate;

class LinearScorerTest {
  private static final ScorerSpec SMALL = new ScorerSpec(12, 2, 0, 10, 1, 0.5, 50);

  /** Words that make a text as unsafe as their score says. */
  private static final Map<Integer, String> CUES =
      Map.of(1, "drat", 2, "churl", 3, "brawl", 4, "venom", 5, "inferno");

  @TempDir Path folder;

  @Test
  void itLearnsWhichWordsMakeATextUnsafe() {
    Split split = Split.byId(labelled(600, 7), 0.5);

    Evaluation evaluation =
        Evaluation.of(LinearScorer.train(split.training(), SMALL), split.heldOut());

    for (Evaluation.Quality quality : evaluation.atLeast()) {
      assertThat(quality.recall().orElseThrow().value()).isGreaterThan(0.95);
      assertThat(quality.precision().orElseThrow().value()).isGreaterThan(0.95);
    }
  }

  @Test
  void recallAndPrecisionEqualAHandCount() {
    // cost 0.02 learns so little that there are errors of both kinds to count
    Split split = Split.byId(labelled(400, 8), 0.5);
    LinearScorer scorer =
        LinearScorer.train(split.training(), new ScorerSpec(10, 1, 0, 0.02, 3, 0.5, 50));

    Evaluation evaluation = Evaluation.of(scorer, split.heldOut());

    int[][] table = new int[6][6]; // [true score][predicted score]
    for (Document document : split.heldOut()) {
      table[document.score().getAsInt()][scorer.score(document.text()).level()]++;
    }
    assertThat(evaluation.documents()).isEqualTo(split.heldOut().size());
    int misses = 0;
    for (int s = 1; s <= 5; s++) {
      Evaluation.Quality quality = evaluation.atLeast().get(s - 1);
      assertThat(quality.score()).isEqualTo(s);
      assertThat(quality.positives()).isEqualTo(sum(table, s, 5, 0, 5));
      assertThat(quality.predicted()).isEqualTo(sum(table, 0, 5, s, 5));
      assertThat(quality.hits()).isEqualTo(sum(table, s, 5, s, 5));
      misses += (int) (quality.positives() - quality.hits());
    }
    for (int s = 0; s <= 5; s++) {
      assertThat(evaluation.exactly().get(s))
          .isEqualTo(
              new Evaluation.Quality(
                  s, sum(table, s, s, 0, 5), sum(table, 0, 5, s, s), table[s][s]));
    }
    assertThat(misses).isPositive();
  }

  @Test
  void qualityOfFivePairsCountedByHand() {
    Evaluation evaluation =
        Evaluation.of(List.of(0, 3, 3, 0, 5), /* truth */ List.of(0, 3, 0, 4, 2));

    assertThat(evaluation.atLeast().get(2)).isEqualTo(new Evaluation.Quality(3, 2, 3, 1));
    assertThat(evaluation.atLeast().get(2).recall().map(Rate::value)).hasValue(1 / 2.0);
    assertThat(evaluation.atLeast().get(2).precision().map(Rate::value)).hasValue(1 / 3.0);
    assertThat(evaluation.exactly().get(0).precision().map(Rate::value)).hasValue(1 / 2.0);
    assertThat(evaluation.exactly().get(3).precision().map(Rate::value)).hasValue(1 / 2.0);
    assertThat(evaluation.atLeast().get(4).recall()).isEmpty();
    assertThat(evaluation.exactly().get(4).precision()).isEmpty();
  }

  @Test
  void ofNoDocumentsNothingIsMeasured() {
    Evaluation evaluation = Evaluation.of(LinearScorer.train(labelled(60, 1), SMALL), List.of());

    assertThat(evaluation.atLeast())
        .allMatch(quality -> quality.recall().isEmpty() && quality.precision().isEmpty());
  }

  @Test
  void twoLabelsGiveTwoScores() {
    List<Document> binary = binary(labelled(300, 3));
    LinearScorer scorer = LinearScorer.train(binary, SMALL);

    assertThat(binary)
        .extracting(document -> scorer.score(document.text()).level())
        .containsOnly(0, 3);
    assertThat(scorer.score("market venom harbour").level()).isEqualTo(3);
    assertThat(scorer.score("market harbour meadow").level()).isZero();
  }

  @ParameterizedTest
  @Repetitions(50)
  void aHigherScoreIsNeverMoreLikelyAndTheScoreFollowsTheProbabilities(SplittableRandom random) {
    LinearScorer scorer = SCORER.get();
    String text = randomText(random, random.nextInt(6));

    int score = scorer.score(text).level();

    for (int s = 1; s <= 5; s++) {
      assertThat(scorer.probability(text, s)).isLessThanOrEqualTo(scorer.probability(text, s - 1));
      assertThat(scorer.probability(text, s) >= 0.5).isEqualTo(score >= s);
    }
    assertThat(scorer.probability(text, 0)).isEqualTo(1);
  }

  private static final ThreadLocal<LinearScorer> SCORER =
      ThreadLocal.withInitial(() -> LinearScorer.train(labelled(200, 4), SMALL));

  @Test
  void aLongTextIsAsUnsafeAsItsWorstChunk() {
    List<Document> binary = binary(labelled(300, 3));
    ScorerSpec unchunked = new ScorerSpec(12, 2, 0, 10, 1, 0.5, 1_000_000);
    SplittableRandom random = new SplittableRandom(1);
    String unsafe = randomText(random, 4).repeat(10); // three chunks long
    String text = harmless(random, 200) + unsafe + harmless(random, 200);

    LinearScorer scorer = LinearScorer.train(binary, SMALL);

    assertThat(scorer.score(unsafe).level()).isEqualTo(3);
    assertThat(scorer.score(harmless(random, 400)).level()).isZero();
    assertThat(scorer.score(text).level()).isEqualTo(3);
    assertThat(LinearScorer.train(binary, unchunked).score(text).level()).isZero();
  }

  @Test
  void aTextWithoutWordsGetsAScoreToo() {
    assertThat(SCORER.get().score("").level()).isBetween(0, 5);
    assertThat(SCORER.get().score("?! …")).isEqualTo(SCORER.get().score(""));
  }

  @Test
  void aHigherUnsafeWeightFindsMore() {
    Split split = Split.byId(labelled(300, 9), 0.5);
    ScorerSpec even = new ScorerSpec(10, 1, 0, 0.02, 1, 0.5, 50);
    ScorerSpec wary = new ScorerSpec(10, 1, 0, 0.02, 20, 0.5, 50);

    long found = hits(LinearScorer.train(split.training(), even), split.heldOut());
    long foundWarily = hits(LinearScorer.train(split.training(), wary), split.heldOut());

    assertThat(foundWarily).isGreaterThan(found);
  }

  @Test
  void trainingTwiceGivesTheSameFile() throws IOException {
    LinearScorer.train(labelled(200, 6), SMALL).write(folder.resolve("one"));
    LinearScorer.train(labelled(200, 6), SMALL).write(folder.resolve("two"));

    assertThat(folder.resolve("one")).hasSameBinaryContentAs(folder.resolve("two"));
  }

  @Test
  void aLoadedScorerIsTheOneSaved() throws IOException {
    LinearScorer saved = SCORER.get();
    saved.write(folder.resolve("scorer"));

    TrainedScorer loaded = TrainedScorer.read(folder.resolve("scorer"));

    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 50; i++) {
      String text = randomText(random, i % 6);
      assertThat(loaded.probability(text, 4)).isEqualTo(saved.probability(text, 4));
      assertThat(loaded.score(text)).isEqualTo(saved.score(text));
    }
    loaded.write(folder.resolve("again"));
    assertThat(folder.resolve("again")).hasSameBinaryContentAs(folder.resolve("scorer"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 30, 200, -1})
  void aDamagedFileIsRefused(int position) throws IOException {
    Path file = folder.resolve("scorer");
    SCORER.get().write(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[Math.floorMod(position, bytes.length)] ^= 1;
    Files.write(file, bytes);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> TrainedScorer.read(file))
        .withMessageContaining(file.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 100})
  void aCutOrMissingFileIsRefused(int length) throws IOException {
    Path file = folder.resolve("scorer");
    SCORER.get().write(file);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));

    assertThatExceptionOfType(BadInput.class).isThrownBy(() -> TrainedScorer.read(file));
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> TrainedScorer.read(folder.resolve("none")))
        .withMessageContaining("no such file");
  }

  @Test
  void theReasonIsTheCategoryWhoseWordsAreThere() {
    LinearScorer scorer = LinearScorer.train(withCategories(labelled(400, 12)), SMALL);

    assertThat(scorer.score("market brawl harbour").category()).hasValue("harm 3");
    assertThat(scorer.score("market inferno harbour").category()).hasValue("harm 5");
    assertThat(scorer.score("market harbour meadow")).isEqualTo(new Score(0, Optional.empty()));
  }

  @Test
  void theReasonIsThatOfTheWorstChunk() {
    LinearScorer scorer = LinearScorer.train(withCategories(labelled(400, 12)), SMALL);
    SplittableRandom random = new SplittableRandom(3);
    String text =
        randomText(random, 2).repeat(8) + harmless(random, 50) + randomText(random, 5).repeat(8);

    assertThat(scorer.score(text)).isEqualTo(new Score(5, Optional.of("harm 5")));
  }

  @Test
  void withoutCategoriesThereIsNoReason() {
    assertThat(SCORER.get().score("market inferno harbour").category()).isEmpty();
  }

  @Test
  void theOnlyCategoryIsTheReasonForEverything() {
    List<Document> documents =
        labelled(200, 4).stream().map(document -> withCategory(document, "rude")).toList();

    assertThat(LinearScorer.train(documents, SMALL).score("venom").category()).hasValue("rude");
  }

  @ParameterizedTest
  @Repetitions(30)
  void aLongTextHasTheHighestLevelOfItsChunks(SplittableRandom random) {
    LinearScorer scorer = SCORER.get();
    List<String> parts = new ArrayList<>();
    int highest = 0;
    for (int i = 0; i < 1 + random.nextInt(5); i++) {
      String part = exactly(50, randomText(random, random.nextInt(6)).repeat(5));
      parts.add(part);
      highest = Math.max(highest, scorer.score(part).level());
    }

    assertThat(scorer.score(String.join(" ", parts)).level()).isEqualTo(highest);
  }

  @Test
  void threadsGetTheScoresOfOneThread() {
    List<Document> documents = labelled(500, 13);

    List<Score> alone = documents.stream().map(d -> SCORER.get().score(d.text())).toList();
    LinearScorer shared = SCORER.get();
    List<Score> together = documents.parallelStream().map(d -> shared.score(d.text())).toList();

    assertThat(together).isEqualTo(alone);
    assertThat(shared.scoreAll(documents.stream().map(Document::text).toList())).isEqualTo(alone);
  }

  @Test
  void theFingerprintFollowsWhatDecidesTheScores() throws IOException {
    LinearScorer scorer = LinearScorer.train(labelled(200, 6), SMALL);
    scorer.write(folder.resolve("scorer"));
    ScorerSpec other = new ScorerSpec(12, 2, 0, 10, 1, 0.6, 50);

    assertThat(scorer.fingerprint())
        .matches("[0-9a-f]{64}")
        .isEqualTo(LinearScorer.train(labelled(200, 6), SMALL).fingerprint())
        .isEqualTo(TrainedScorer.read(folder.resolve("scorer")).fingerprint())
        .isNotEqualTo(LinearScorer.train(labelled(201, 6), SMALL).fingerprint())
        .isNotEqualTo(LinearScorer.train(labelled(200, 6), other).fingerprint());
  }

  @Test
  void aFileOfTheFirstVersionIsRefused() throws IOException {
    Path file = folder.resolve("scorer");
    SCORER.get().write(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[11] = 1;
    Files.write(file, bytes);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> TrainedScorer.read(file))
        .withMessageContaining("has version 1, this Onset reads version 2");
  }

  @Test
  void textsOfOneScoreTeachNothing() {
    List<Document> same = List.of(Document.unscored("a", "text", "s").withScore(3));

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> LinearScorer.train(same, SMALL))
        .withMessageContaining("[3]");
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> LinearScorer.train(List.of(), SMALL));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LinearScorer.train(List.of(Document.unscored("a", "b", "c")), SMALL));
  }

  @Test
  void anUnusableSpecSaysEverythingAtOnce() {
    Problems problems = new Problems();

    new ScorerSpec(40, 0, 2, 0, -1, 1, 0).check(problems);

    assertThat(problems.found())
        .extracting(Problems.Problem::field)
        .containsExactly(
            "hashBits",
            "wordGrams",
            "characterGrams",
            "cost",
            "unsafeWeight",
            "threshold",
            "chunkWords");
    Problems none = new Problems();
    ScorerSpec.standard().check(none);
    assertThat(none.found()).isEmpty();
  }

  private static long hits(LinearScorer scorer, List<Document> heldOut) {
    return Evaluation.of(scorer, heldOut).atLeast().getFirst().hits();
  }

  private static long sum(int[][] table, int fromTrue, int toTrue, int fromSaid, int toSaid) {
    long sum = 0;
    for (int i = fromTrue; i <= toTrue; i++) {
      for (int j = fromSaid; j <= toSaid; j++) {
        sum += table[i][j];
      }
    }
    return sum;
  }

  private static List<Document> labelled(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int score = i % 2 == 0 ? 0 : random.nextInt(6);
      documents.add(Document.unscored("d" + i, randomText(random, score), "made").withScore(score));
    }
    return documents;
  }

  private static List<Document> binary(List<Document> documents) {
    return documents.stream()
        .map(document -> document.withScore(document.score().getAsInt() > 0 ? 3 : 0))
        .toList();
  }

  private static List<Document> withCategories(List<Document> documents) {
    return documents.stream()
        .map(document -> withCategory(document, "harm " + document.score().getAsInt()))
        .toList();
  }

  private static Document withCategory(Document document, String category) {
    return new Document(
        document.id(), document.text(), document.source(), document.score(), Optional.of(category));
  }

  /** The first so many words. */
  private static String exactly(int words, String text) {
    return String.join(" ", List.of(text.split(" ")).subList(0, words));
  }

  private static String harmless(SplittableRandom random, int texts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < texts; i++) {
      text.append(randomText(random, 0));
    }
    return text.toString();
  }

  private static String randomText(SplittableRandom random, int score) {
    String[] neutral = {
      "market", "harbour", "meadow", "lantern", "cellar", "bridge", "orchard", "winter"
    };
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      text.append(neutral[random.nextInt(neutral.length)]).append(' ');
      if (score > 0 && i % 4 == 0) {
        text.append(CUES.get(score)).append(' ');
      }
    }
    return text.toString();
  }
}
