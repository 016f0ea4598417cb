package org.onset.decode;

import static java.util.Comparator.comparingDouble;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Repetitions;

class TokenChoiceTest {
  private static final int DRAWS = 40_000;

  @ParameterizedTest
  @Repetitions(200)
  void topKInvertsTheDistributionOfTheKBest(SplittableRandom random) {
    float[] logits = randomLogits(random, 1 + random.nextInt(90));
    int k = 1 + random.nextInt(100);
    double temperature = random.nextDouble(0.2, 3);
    List<Integer> kept = ranked(logits).subList(0, Math.min(k, logits.length));

    for (double draw : draws()) {
      assertThat(TokenChoice.topK(k, temperature).choose(logits, always(draw)))
          .isEqualTo(inverse(logits, kept, temperature, draw));
    }
  }

  @ParameterizedTest
  @Repetitions(200)
  void topPInvertsTheDistributionOfTheNucleus(SplittableRandom random) {
    float[] logits = randomLogits(random, 1 + random.nextInt(400));
    double p = random.nextInt(5) == 0 ? 1 : random.nextDouble(0.01, 1);
    double temperature = random.nextDouble(0.2, 3);
    List<Integer> kept = nucleus(logits, p, temperature);

    for (double draw : draws()) {
      assertThat(TokenChoice.topP(p, temperature).choose(logits, always(draw)))
          .isEqualTo(inverse(logits, kept, temperature, draw));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.26, 0.5, 0.51, 0.75, 0.76, 1})
  void aNucleusThatReachesPExactlyTakesNoTokenMore(double p) {
    float[] four = {7, 7, 7, 7};
    int size = (int) Math.ceil(p * 4);

    assertThat(TokenChoice.topP(p, 1).choose(four, always(Math.nextDown(1.0)))).isEqualTo(size - 1);
    assertThat(TokenChoice.topP(p, 1).choose(four, always(0))).isZero();
  }

  @Test
  void topKNeverLeavesTheKBestAndFollowsTheirProbabilities() {
    float[] logits = logits(0.05, 0.3, 0.2, 0.4, 0.05);

    assertFrequencies(TokenChoice.topK(3, 1), logits, 0, 0.3 / 0.9, 0.2 / 0.9, 0.4 / 0.9, 0);
  }

  @Test
  void aTemperatureOfAHalfSquaresProbabilitiesAndOfTwoTakesTheirRoots() {
    float[] logits = logits(0.64, 0.32, 0.04);
    double squares = 0.64 * 0.64 + 0.32 * 0.32 + 0.04 * 0.04;
    double roots = 0.8 + Math.sqrt(0.32) + 0.2;

    assertFrequencies(
        TokenChoice.topK(3, 0.5),
        logits,
        0.64 * 0.64 / squares,
        0.32 * 0.32 / squares,
        0.04 * 0.04 / squares);
    assertFrequencies(
        TokenChoice.topK(3, 2), logits, 0.8 / roots, Math.sqrt(0.32) / roots, 0.2 / roots);
  }

  @Test
  void theNucleusIsTakenAtTheTemperature() {
    float[] logits = logits(0.64, 0.32, 0.04);

    // Squared and normalised the first has .797 of the whole; rooted it has .511.
    assertFrequencies(TokenChoice.topP(0.75, 0.5), logits, 1, 0, 0);
    double two = 0.8 + Math.sqrt(0.32);
    assertFrequencies(TokenChoice.topP(0.75, 2), logits, 0.8 / two, Math.sqrt(0.32) / two, 0);
  }

  @Test
  void aTinyTemperatureIsGreedyAndAnImpossibleTokenIsNeverDrawn() {
    float[] logits = {1, 3, 3.01f, Float.NEGATIVE_INFINITY};

    for (double draw : draws()) {
      assertThat(TokenChoice.topK(4, 1e-300).choose(logits, always(draw))).isEqualTo(2);
      assertThat(TokenChoice.topP(1, 1e-300).choose(logits, always(draw))).isEqualTo(2);
      assertThat(TokenChoice.topK(4, 1e9).choose(logits, always(draw))).isNotEqualTo(3);
      assertThat(TokenChoice.topP(1, 1e9).choose(logits, always(draw))).isNotEqualTo(3);
    }
  }

  @Test
  void ofEqualLogitsGreedyTakesTheLowestId() {
    RandomGenerator unused = always(0);

    assertThat(TokenChoice.GREEDY.choose(new float[] {1, 5, 5, 2}, unused)).isEqualTo(1);
    assertThat(TokenChoice.topK(1, 1).choose(new float[] {1, 5, 5, 2}, unused)).isEqualTo(1);
  }

  /** Each frequency within five standard errors, and exactly 0 and 1 where it must be. */
  private static void assertFrequencies(
      TokenChoice choice, float[] logits, double... probabilities) {
    var random = new SplittableRandom(17);
    int[] counts = new int[logits.length];
    for (int i = 0; i < DRAWS; i++) {
      counts[choice.choose(logits, random)]++;
    }

    for (int token = 0; token < counts.length; token++) {
      double p = probabilities[token];
      double error = 5 * Math.sqrt(p * (1 - p) / DRAWS);
      assertThat((double) counts[token] / DRAWS).isBetween(p - error, p + error);
    }
  }

  private static double[] draws() {
    List<Double> draws = new ArrayList<>(List.of(0.0, Double.MIN_VALUE, Math.nextDown(1.0)));
    IntStream.range(1, 40).forEach(i -> draws.add(i / 40.0 + 1e-7));
    return draws.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static RandomGenerator always(double draw) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("only doubles are drawn");
      }

      @Override
      public double nextDouble() {
        return draw;
      }
    };
  }

  /** The token at {@code draw} of the distribution over {@code kept} alone, laid end to end. */
  private static int inverse(float[] logits, List<Integer> kept, double temperature, double draw) {
    double total = 0;
    for (int token : kept) {
      total += Math.exp((logits[token] - (double) logits[kept.getFirst()]) / temperature);
    }
    double upTo = 0;
    for (int token : kept) {
      upTo += Math.exp((logits[token] - (double) logits[kept.getFirst()]) / temperature);
      if (draw * total < upTo) {
        return token;
      }
    }
    return kept.getLast();
  }

  private static List<Integer> nucleus(float[] logits, double p, double temperature) {
    List<Integer> ranked = ranked(logits);
    double max = logits[ranked.getFirst()];
    double total = 0;
    for (float logit : logits) {
      total += Math.exp((logit - max) / temperature);
    }
    double sum = 0;
    List<Integer> nucleus = new ArrayList<>();
    for (int token : ranked) {
      if (sum >= p * total) {
        break;
      }
      sum += Math.exp((logits[token] - max) / temperature);
      nucleus.add(token);
    }
    return nucleus;
  }

  private static List<Integer> ranked(float[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(comparingDouble((Integer token) -> -logits[token]))
        .toList();
  }

  private static float[] randomLogits(SplittableRandom random, int size) {
    boolean coarse = random.nextBoolean();
    double spread = random.nextDouble(0.1, 8);
    float[] logits = new float[size];
    for (int i = 0; i < size; i++) {
      double logit = random.nextDouble(spread);
      logits[i] = (float) (coarse ? Math.floor(logit) : logit);
    }
    return logits;
  }

  private static float[] logits(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }
}
