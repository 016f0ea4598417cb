package org.onset.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.Problems;
import org.onset.Repetitions;

class SafetyScorerTest {
  private static final ScorerSpec SMALL = new ScorerSpec(12, 2, 0, 10, 1, 0.5, 50);

  /** Words that make a text as unsafe as their score says. */
  private static final Map<Integer, String> CUES =
      Map.of(1, "drat", 2, "churl", 3, "brawl", 4, "venom", 5, "inferno");

  @TempDir Path folder;

  @Test
  void itLearnsWhichWordsMakeATextUnsafe() {
    Split split = Split.byId(labelled(600, 7), 0.5);

    Evaluation evaluation = SafetyScorer.train(split.training(), SMALL).evaluate(split.heldOut());

    for (Evaluation.Quality quality : evaluation.atLeast()) {
      assertThat(quality.recall().getAsDouble()).isGreaterThan(0.95);
      assertThat(quality.precision().getAsDouble()).isGreaterThan(0.95);
    }
  }

  @Test
  void recallAndPrecisionEqualAHandCount() {
    // cost 0.02 learns so little that there are errors of both kinds to count
    Split split = Split.byId(labelled(400, 8), 0.5);
    SafetyScorer scorer =
        SafetyScorer.train(split.training(), new ScorerSpec(10, 1, 0, 0.02, 3, 0.5, 50));

    Evaluation evaluation = scorer.evaluate(split.heldOut());

    int[][] table = new int[6][6]; // [true score][predicted score]
    for (Document document : split.heldOut()) {
      table[document.score().getAsInt()][scorer.score(document.text())]++;
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
    assertThat(evaluation.atLeast().get(2).recall()).hasValue(1 / 2.0);
    assertThat(evaluation.atLeast().get(2).precision()).hasValue(1 / 3.0);
    assertThat(evaluation.exactly().get(0).precision()).hasValue(1 / 2.0);
    assertThat(evaluation.exactly().get(3).precision()).hasValue(1 / 2.0);
    assertThat(evaluation.atLeast().get(4).recall()).isEmpty();
    assertThat(evaluation.exactly().get(4).precision()).isEmpty();
  }

  @Test
  void ofNoDocumentsNothingIsMeasured() {
    Evaluation evaluation = SafetyScorer.train(labelled(60, 1), SMALL).evaluate(List.of());

    assertThat(evaluation.atLeast())
        .allMatch(quality -> quality.recall().isEmpty() && quality.precision().isEmpty());
  }

  @Test
  void twoLabelsGiveTwoScores() {
    List<Document> binary = binary(labelled(300, 3));
    SafetyScorer scorer = SafetyScorer.train(binary, SMALL);

    assertThat(binary).extracting(document -> scorer.score(document.text())).containsOnly(0, 3);
    assertThat(scorer.score("market venom harbour")).isEqualTo(3);
    assertThat(scorer.score("market harbour meadow")).isZero();
  }

  @ParameterizedTest
  @Repetitions(50)
  void aHigherScoreIsNeverMoreLikelyAndTheScoreFollowsTheProbabilities(SplittableRandom random) {
    SafetyScorer scorer = SCORER.get();
    String text = randomText(random, random.nextInt(6));

    int score = scorer.score(text);

    for (int s = 1; s <= 5; s++) {
      assertThat(scorer.probability(text, s)).isLessThanOrEqualTo(scorer.probability(text, s - 1));
      assertThat(scorer.probability(text, s) >= 0.5).isEqualTo(score >= s);
    }
    assertThat(scorer.probability(text, 0)).isEqualTo(1);
  }

  private static final ThreadLocal<SafetyScorer> SCORER =
      ThreadLocal.withInitial(() -> SafetyScorer.train(labelled(200, 4), SMALL));

  @Test
  void aLongTextIsAsUnsafeAsItsWorstChunk() {
    List<Document> binary = binary(labelled(300, 3));
    ScorerSpec unchunked = new ScorerSpec(12, 2, 0, 10, 1, 0.5, 1_000_000);
    SplittableRandom random = new SplittableRandom(1);
    String unsafe = randomText(random, 4).repeat(10); // three chunks long
    String text = harmless(random, 200) + unsafe + harmless(random, 200);

    SafetyScorer scorer = SafetyScorer.train(binary, SMALL);

    assertThat(scorer.score(unsafe)).isEqualTo(3);
    assertThat(scorer.score(harmless(random, 400))).isZero();
    assertThat(scorer.score(text)).isEqualTo(3);
    assertThat(SafetyScorer.train(binary, unchunked).score(text)).isZero();
  }

  @Test
  void chunksShareTheWordsEvenly() {
    HashedGrams grams = new HashedGrams(new ScorerSpec(16, 1, 0, 1, 1, 0.5, 50));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 101; i++) {
      text.append("w").append(i).append(i % 7 == 0 ? "\n\n" : ", ");
    }

    List<HashedGrams.Vector> chunks = grams.chunks(text.toString(), 50);

    assertThat(chunks).extracting(chunk -> chunk.indices.length).containsExactly(33, 34, 34);
    assertThat(grams.chunks("", 50)).hasSize(1);
    assertThat(grams.chunks("w ".repeat(50), 50)).hasSize(1);
  }

  @Test
  void vectorsHaveLengthOneAndIgnoreCaseAndSpacing() {
    HashedGrams grams = new HashedGrams(ScorerSpec.standard());

    HashedGrams.Vector vector = grams.vector("Don't  PANIC, don't panic!");

    HashedGrams.Vector same = grams.vector("don't panic\ndon't panic");
    assertThat(Arrays.stream(vector.values).map(v -> v * v).sum()).isCloseTo(1, within(1e-12));
    assertThat(vector.indices).isSorted().containsExactly(same.indices);
    assertThat(vector.values).containsExactly(same.values);
  }

  @Test
  void gramsOfWordsAndCharactersAreCounted() {
    // the words, and their two pairs
    assertThat(new HashedGrams(new ScorerSpec(20, 2, 0, 1, 1, 0.5, 50)).vector("ab cd ab").indices)
        .hasSize(2 + 2);
    // one word, and of " abc " the grams of 3 and 4 characters
    assertThat(new HashedGrams(new ScorerSpec(20, 2, 4, 1, 1, 0.5, 50)).vector("abc").indices)
        .hasSize(1 + 3 + 2);
  }

  @Test
  void aTextWithoutWordsGetsAScoreToo() {
    assertThat(SCORER.get().score("")).isBetween(0, 5);
    assertThat(SCORER.get().score("?! …")).isEqualTo(SCORER.get().score(""));
  }

  @Test
  void theRegressionAgreesWithPlainGradientDescent() {
    SplittableRandom random = new SplittableRandom(5);
    List<HashedGrams.Vector> vectors = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < positive.length; i++) {
      double[] values = {random.nextDouble(), random.nextDouble() - 0.5, random.nextDouble()};
      vectors.add(new HashedGrams.Vector(new int[] {0, 1, 2}, values));
      positive[i] = values[0] + values[1] + random.nextDouble() > 1.2;
    }
    positive[0] = false; // whichever class comes first

    double[] weights = LogisticRegression.fit(vectors, positive, 3, 2, 1.5);

    double[] reference = new double[4];
    for (int step = 0; step < 200_000; step++) {
      double[] gradient = {reference[0], reference[1], reference[2], 0};
      for (int i = 0; i < positive.length; i++) {
        double[] x = vectors.get(i).values;
        double z = reference[3];
        for (int j = 0; j < 3; j++) {
          z += reference[j] * x[j];
        }
        double error = 1 / (1 + Math.exp(-z)) - (positive[i] ? 1 : 0);
        double slope = 2 * (positive[i] ? 1.5 : 1) * error;
        for (int j = 0; j < 3; j++) {
          gradient[j] += slope * x[j];
        }
        gradient[3] += slope;
      }
      for (int j = 0; j < 4; j++) {
        reference[j] -= 0.01 * gradient[j];
      }
    }
    assertThat(weights).hasSize(4);
    for (int j = 0; j < 4; j++) {
      assertThat(weights[j]).isCloseTo(reference[j], within(1e-4));
    }
    for (int i = 0; i < positive.length; i++) {
      positive[i] = !positive[i];
    }
    double[] mirrored = LogisticRegression.fit(vectors, positive, 3, 2, 1);
    assertThat(LogisticRegression.gradientNorm(vectors, positive, 2, 1, mirrored)).isLessThan(1e-4);
  }

  @Test
  void aHigherUnsafeWeightFindsMore() {
    Split split = Split.byId(labelled(300, 9), 0.5);
    ScorerSpec even = new ScorerSpec(10, 1, 0, 0.02, 1, 0.5, 50);
    ScorerSpec wary = new ScorerSpec(10, 1, 0, 0.02, 20, 0.5, 50);

    long found = hits(SafetyScorer.train(split.training(), even), split.heldOut());
    long foundWarily = hits(SafetyScorer.train(split.training(), wary), split.heldOut());

    assertThat(foundWarily).isGreaterThan(found);
  }

  @Test
  void trainingTwiceGivesTheSameFile() throws IOException {
    SafetyScorer.train(labelled(200, 6), SMALL).save(folder.resolve("one"));
    SafetyScorer.train(labelled(200, 6), SMALL).save(folder.resolve("two"));

    assertThat(folder.resolve("one")).hasSameBinaryContentAs(folder.resolve("two"));
  }

  @Test
  void aLoadedScorerIsTheOneSaved() throws IOException {
    SafetyScorer saved = SCORER.get();
    saved.save(folder.resolve("scorer"));

    SafetyScorer loaded = SafetyScorer.load(folder.resolve("scorer"));

    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 50; i++) {
      String text = randomText(random, i % 6);
      assertThat(loaded.probability(text, 4)).isEqualTo(saved.probability(text, 4));
      assertThat(loaded.score(text)).isEqualTo(saved.score(text));
    }
    loaded.save(folder.resolve("again"));
    assertThat(folder.resolve("again")).hasSameBinaryContentAs(folder.resolve("scorer"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 30, 200, -1})
  void aDamagedFileIsRefused(int position) throws IOException {
    Path file = folder.resolve("scorer");
    SCORER.get().save(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[Math.floorMod(position, bytes.length)] ^= 1;
    Files.write(file, bytes);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> SafetyScorer.load(file))
        .withMessageContaining(file.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 100})
  void aCutOrMissingFileIsRefused(int length) throws IOException {
    Path file = folder.resolve("scorer");
    SCORER.get().save(file);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));

    assertThatExceptionOfType(BadInput.class).isThrownBy(() -> SafetyScorer.load(file));
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> SafetyScorer.load(folder.resolve("none")))
        .withMessageContaining("no such file");
  }

  @Test
  void scoredDocumentsKeepTheirOrder() {
    List<Document> documents = labelled(100, 5);

    List<Document> scored = SCORER.get().scored(documents);

    assertThat(scored)
        .extracting(Document::id)
        .isEqualTo(documents.stream().map(Document::id).toList());
    assertThat(scored).allMatch(d -> d.score().getAsInt() == SCORER.get().score(d.text()));
  }

  @Test
  void textsOfOneScoreTeachNothing() {
    List<Document> same = List.of(Document.unscored("a", "text", "s").withScore(3));

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> SafetyScorer.train(same, SMALL))
        .withMessageContaining("[3]");
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> SafetyScorer.train(List.of(), SMALL));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SafetyScorer.train(List.of(Document.unscored("a", "b", "c")), SMALL));
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

  private static long hits(SafetyScorer scorer, List<Document> heldOut) {
    return scorer.evaluate(heldOut).atLeast().getFirst().hits();
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
