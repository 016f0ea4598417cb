package org.onset.decode;

import static java.util.Comparator.comparingDouble;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Repetitions;

class LogitsTest {
  @ParameterizedTest
  @Repetitions(200)
  void theMostLikelyAreThoseOfAFullStableSort(SplittableRandom random) {
    float[] logits = randomLogits(random, 1 + random.nextInt(300));
    int count = 1 + random.nextInt(150); // by insertion below 65, by sorting above

    assertThat(Logits.mostLikely(logits, count)).isEqualTo(sorted(logits, count, -1));
    assertThat(Logits.mostLikely(logits)).isEqualTo(sorted(logits, 1, -1)[0]);
  }

  @ParameterizedTest
  @Repetitions(200)
  void anExcludedTokenIsPassedOverAndCostsNoPlace(SplittableRandom random) {
    float[] logits = randomLogits(random, 1 + random.nextInt(100));
    int count = 1 + random.nextInt(120);
    int excluded = random.nextInt(logits.length);

    assertThat(Logits.mostLikelyExcept(excluded, logits, count))
        .isEqualTo(sorted(logits, count, excluded));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 70})
  void zerosOfEitherSignTieAndInfinityComesLast(int count) {
    float[] logits = {Float.NEGATIVE_INFINITY, -0f, 0f, -1f, 0f, -0f};

    assertThat(Logits.mostLikely(logits, count)).startsWith(1, 2, 4);
    assertThat(Logits.mostLikely(logits, 70)).containsExactly(1, 2, 4, 5, 3, 0);
  }

  @Test
  void manyRowsAreWorkedOnSideBySideAndStayInTheirOrder() {
    float[][] rows = new float[300][1 << 12]; // enough to be shared out
    for (int row = 0; row < rows.length; row++) {
      rows[row][row] = 1;
    }

    assertThat(Logits.rows(rows).isParallel()).isTrue();
    assertThat(Logits.rows(rows).map(row -> Logits.mostLikely(rows[row])).toArray())
        .isEqualTo(IntStream.range(0, 300).toArray());
  }

  @Test
  void theSumOfExponentialsDoesNotOverflow() {
    assertThat(Logits.logSumExp(new float[] {1e30f, 1e30f})).isEqualTo(1e30f + Math.log(2));
    assertThat(Logits.logSumExp(new float[] {-900, -900, -900, -900}))
        .isCloseTo(-900 + Math.log(4), within(1e-12));
    assertThat(Logits.logSumExp(new float[] {Float.NEGATIVE_INFINITY, 2})).isEqualTo(2);
  }

  @Test
  void logitsThatAreNoDistributionAreRefused() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> Logits.logSumExp(new float[] {0, bad, 0}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("diverged");
    }
    assertThatThrownBy(() -> Logits.logSumExp(new float[] {Float.NEGATIVE_INFINITY}))
        .isInstanceOf(IllegalStateException.class);
  }

  private static float[] randomLogits(SplittableRandom random, int size) {
    boolean coarse = random.nextBoolean();
    float[] logits = new float[size];
    for (int i = 0; i < size; i++) {
      logits[i] = coarse ? random.nextInt(-3, 4) : (float) random.nextDouble(-9, 9);
    }
    return logits;
  }

  private static int[] sorted(float[] logits, int count, int excluded) {
    return IntStream.range(0, logits.length)
        .filter(token -> token != excluded)
        .boxed()
        .sorted(comparingDouble((Integer token) -> -logits[token]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
