package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Problems;
import org.onset.Repetitions;
import org.onset.train.LearningRate.Constant;
import org.onset.train.LearningRate.Cosine;
import org.onset.train.LearningRate.WarmupStableDecay;

class LearningRateTest {
  private static final double EXACT = 1e-15;

  @Test
  void warmupStableDecayAtItsBoundaries() {
    LearningRate rate = new WarmupStableDecay(6e-3, 0.05, 0.3, 0.03);

    assertThat(rate.at(0, 1_000)).isZero();
    assertThat(rate.at(25, 1_000)).isCloseTo(3e-3, within(EXACT));
    assertThat(rate.at(49, 1_000)).isCloseTo(6e-3 * 49 / 50, within(EXACT));
    assertThat(rate.at(50, 1_000)).isEqualTo(6e-3);
    assertThat(rate.at(700, 1_000)).isCloseTo(6e-3, within(EXACT));
    assertThat(rate.at(701, 1_000)).isLessThan(6e-3);
    assertThat(rate.at(850, 1_000)).isCloseTo(6e-3 * 0.515, within(EXACT));
    assertThat(rate.at(1_000, 1_000)).isCloseTo(6e-3 * 0.03, within(EXACT));
    assertThat(rate.at(1_100, 1_000)).isCloseTo(6e-3 * 0.03, within(EXACT));
  }

  @Test
  void cosineAtItsBoundaries() {
    LearningRate rate = new Cosine(1e-3, 0.1, 0.2);

    assertThat(rate.at(0, 1_000)).isZero();
    assertThat(rate.at(50, 1_000)).isCloseTo(5e-4, within(EXACT));
    assertThat(rate.at(100, 1_000)).isEqualTo(1e-3);
    assertThat(rate.at(550, 1_000)).isCloseTo(6e-4, within(EXACT));
    assertThat(rate.at(1_000, 1_000)).isCloseTo(2e-4, within(EXACT));
    assertThat(rate.at(1_100, 1_000)).isCloseTo(2e-4, within(EXACT));
  }

  @Test
  void constantStaysAtItsPeak() {
    assertThat(new Constant(1e-3, 0).at(0, 1_000)).isEqualTo(1e-3);
    assertThat(new Constant(1e-3, 0).at(1_000, 1_000)).isEqualTo(1e-3);
    assertThat(new Constant(1e-3, 0.5).at(250, 1_000)).isCloseTo(5e-4, within(EXACT));
    assertThat(new Constant(1e-3, 0.5).at(500, 1_000)).isEqualTo(1e-3);
  }

  @Test
  void aScheduleMayBeAllWarmupOrAllDecay() {
    assertThat(new Cosine(1e-3, 1, 0).at(500, 1_000)).isCloseTo(5e-4, within(EXACT));
    assertThat(new Cosine(1e-3, 1, 0).at(1_000, 1_000)).isEqualTo(1e-3);
    assertThat(new WarmupStableDecay(1e-3, 0, 1, 0).at(0, 1_000)).isEqualTo(1e-3);
    assertThat(new WarmupStableDecay(1e-3, 0, 1, 0).at(250, 1_000))
        .isCloseTo(7.5e-4, within(EXACT));
    assertThat(new WarmupStableDecay(1e-3, 0, 0, 0).at(1_000, 1_000)).isEqualTo(1e-3);
  }

  @ParameterizedTest
  @Repetitions(200)
  void ratesNeverJumpNorLeaveTheirRange(SplittableRandom random) {
    double warmup = random.nextDouble() * 0.5;
    double floor = random.nextDouble();
    LearningRate rate =
        random.nextBoolean()
            ? new Cosine(1e-3, warmup, floor)
            : new WarmupStableDecay(1e-3, warmup, 0.05 + random.nextDouble() * 0.45, floor);

    for (long tokens = 1; tokens <= 100_000; tokens += 100) {
      double now = rate.at(tokens, 100_000);
      assertThat(now).isBetween(0.0, 1e-3);
      if (tokens > warmup * 100_000 + 1) {
        assertThat(now).isBetween(1e-3 * floor - EXACT, rate.at(tokens - 1, 100_000) + EXACT);
        assertThat(rate.at(tokens - 1, 100_000) - now).isLessThan(1e-3 / 4_900);
      }
    }
  }

  @Test
  void whatIsWrongIsReportedTogether() {
    Problems problems = new Problems();

    new WarmupStableDecay(0, 0.8, 0.3, -0.1).check(problems);

    assertThat(problems.found())
        .extracting(Problems.Problem::field)
        .containsExactly("peak", "floorShare", "decayShare");
  }

  @Test
  void optimizersThatCantWorkAreReportedTogether() {
    Problems problems = new Problems();

    new OptimizerSpec(1, -0.1, 0, 2, 0, false).check(problems);

    assertThat(problems.found())
        .extracting(Problems.Problem::field)
        .containsExactly("beta1", "beta2", "epsilon", "weightDecay", "clipNorm");
  }
}
