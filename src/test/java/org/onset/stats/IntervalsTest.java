package org.onset.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.onset.stats.Intervals.logMean;
import static org.onset.stats.Intervals.mean;
import static org.onset.stats.Intervals.overSeeds;
import static org.onset.stats.Intervals.proportion;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class IntervalsTest {
  /** Two seeds, three prompts; MS seed 1/6, MS prompt 1/2, MS residual 1/6: V is a twelfth. */
  private static final double[][] SMALL = {{1, 1, 0}, {1, 0, 0}};

  @Test
  void theVarianceIsThatOfTheTwoWayRandomEffectsLayout() {
    Layout layout = Layout.of(Crossed.of(SMALL));

    assertThat(layout.mean()).isEqualTo(0.5);
    assertThat(layout.variance()).isCloseTo(1 / 12.0, within(1e-12));
    assertThat(layout.seedSd()).isCloseTo(Math.sqrt(1 / 18.0), within(1e-12));
    // Satterthwaite: (1/2)² / ((1/6)²/1 + (1/2)²/2 + (1/6)²/2)
    assertThat(layout.degreesOfFreedom())
        .isCloseTo(0.25 / (1 / 36.0 + 1 / 8.0 + 1 / 72.0), within(1e-9));
  }

  @Test
  void theVarianceIsNeverBelowTheResidualAlone() {
    double[][] allResidual = {{1, 0, 1, 0}, {0, 1, 0, 1}}; // no seed and no prompt differs

    Layout layout = Layout.of(Crossed.of(allResidual));

    double residual = 8 * 0.25 / (1 * 3); // squares over degrees of freedom
    assertThat(layout.variance()).isCloseTo(residual / 8, within(1e-12));
  }

  @Test
  void fromFourSeedsOnHalfOfTheVarianceBelowTheFloorIsNotCounted() {
    double[][] values = {{1, 0, 1}, {0, 1, 0}, {1, 0, 1}, {0, 1, 1}};
    Layout layout = Layout.of(Crossed.of(values));

    double seed = 3 * squares(2 / 3.0, 1 / 3.0, 2 / 3.0, 2 / 3.0) / 3;
    double prompt = 4 * squares(0.5, 0.5, 0.75) / 2;
    double total = 12 * 7 / 12.0 * 5 / 12.0;
    double residual = (total - 3 * seed - 2 * prompt) / 6;
    double floored = Math.max(seed + prompt - residual, residual);
    double spread =
        (seed * seed - 0.5 * Math.pow(Math.min(seed, residual), 2)) / 3
            + (prompt * prompt - 0.5 * Math.pow(Math.min(prompt, residual), 2)) / 2
            + residual * residual / 6;
    assertThat(layout.variance()).isCloseTo(floored / 12, within(1e-12));
    assertThat(layout.degreesOfFreedom())
        .isCloseTo(Math.max(2, floored * floored / spread), within(1e-9));
  }

  @Test
  void aProportionIsClopperAndPearsonsAtTheEffectiveSampleSize() {
    // 4 of 20 prompts in one seed: V = .16·20/19/20, df 19, n = 19·(1.95996/2.09302)² = 16.661
    double[] prompts = new double[20];
    for (int i = 0; i < 4; i++) {
      prompts[i] = 1;
    }

    Estimate.Interval interval = interval(proportion(new double[][] {prompts}));

    double trials = 19 * Math.pow(1.959963984540054 / 2.093024054408263, 2);
    assertThat(interval.value()).isEqualTo(0.2);
    assertThat(tailOfBeta(interval.low(), 0.2 * trials, 0.8 * trials + 1))
        .isCloseTo(0.025, within(1e-6));
    assertThat(tailOfBeta(interval.high(), 0.2 * trials + 1, 0.8 * trials))
        .isCloseTo(0.975, within(1e-6));
    assertThat(interval.coverage()).isEqualTo(Coverage.PROMPTS_ONLY);
  }

  @Test
  void noneOfSixtyPromptsIsTheRuleOfThreeWhateverTheSeeds() {
    double expected = 1 - Math.pow(0.025, 1 / 60.0);

    Estimate.Interval none = interval(proportion(new double[5][60]));

    assertThat(none.low()).isZero();
    assertThat(none.high()).isCloseTo(expected, within(1e-9));
    double[][] all = filled(5, 60, 1);
    assertThat(interval(proportion(all)).low()).isCloseTo(1 - expected, within(1e-9));
    assertThat(interval(proportion(all)).high()).isEqualTo(1);
  }

  @ParameterizedTest
  @Repetitions(200)
  void aProportionsIntervalHasWidthAndStaysWithinZeroAndOne(SplittableRandom random) {
    double chance = Math.pow(random.nextDouble(), 4);
    int samples = random.nextInt(1, 4);
    double[][] shares = new double[random.nextInt(1, 8)][random.nextInt(2, 30)];
    for (double[] seed : shares) {
      for (int prompt = 0; prompt < seed.length; prompt++) {
        for (int i = 0; i < samples; i++) {
          seed[prompt] += random.nextDouble() < chance ? 1.0 / samples : 0;
        }
        seed[prompt] = Math.min(1, seed[prompt]);
      }
    }

    Estimate.Interval interval = interval(proportion(shares));

    assertThat(interval.low()).isBetween(0.0, interval.value());
    assertThat(interval.high()).isBetween(interval.value(), 1.0);
    assertThat(interval.high() - interval.low()).isGreaterThan(1e-6);
  }

  @Test
  void equalSharesEverywhereCountAsOneTrialACell() {
    Estimate.Interval half = interval(proportion(filled(4, 50, 0.5)));

    assertThat(half.high() - half.low()).isBetween(0.13, 0.15); // Clopper–Pearson of 100 in 200
  }

  @Test
  void anIntervalNamesWhatItCovers() {
    assertThat(interval(proportion(SMALL)).coverage().label()).isEqualTo("seeds × prompts");
    assertThat(interval(proportion(new double[][] {{1, 0}})).coverage().label())
        .isEqualTo("prompts only");
    assertThat(interval(proportion(new double[][] {{1}, {0}})).coverage().label())
        .isEqualTo("seeds only");
    assertThat(interval(overSeeds(new double[] {1, 2})).coverage().label()).isEqualTo("seeds only");
  }

  @Test
  void aMeanTakesStudentsIntervalOfTheSameVariance() {
    Estimate.Interval interval = interval(mean(new double[][] {{3, 5, 7, 9}}));

    double half = 3.182446305284263 * Math.sqrt(20 / 3.0 / 4); // t of 3 degrees of freedom
    assertThat(interval.value()).isEqualTo(6);
    assertThat(interval.low()).isCloseTo(6 - half, within(1e-9));
    assertThat(interval.high()).isCloseTo(6 + half, within(1e-9));
  }

  @Test
  void perplexityIsAveragedOnTheLogScale() {
    Estimate.Interval interval = interval(logMean(new double[][] {{2, 8}, {2, 8}, {2, 8}}));

    assertThat(interval.value()).isCloseTo(4, within(1e-12));
    assertThat(interval.low() * interval.high()).isCloseTo(16, within(1e-6));
    assertThatThrownBy(() -> logMean(new double[][] {{1, 0}}))
        .hasMessageContaining("positive numbers, got 0.0");
  }

  @Test
  void anAurocsIntervalOverSeedsStaysWithinZeroAndOne() {
    double[] perSeed = {0.99, 0.97, 1};

    assertThat(interval(overSeeds(perSeed)).high()).isGreaterThan(1);
    assertThat(interval(Intervals.shareOverSeeds(perSeed)).high()).isEqualTo(1);
    assertThat(interval(Intervals.shareOverSeeds(perSeed)).low())
        .isCloseTo(
            0.9866666666666667 - 4.302652729749464 * Math.sqrt(0.00023333333333333336 / 3),
            within(1e-9));
    assertThat(interval(Intervals.logOverSeeds(new double[] {2, 8})).value())
        .isCloseTo(4, within(1e-12));
  }

  @Test
  void whatCannotBeKnownIsSaidWithItsReason() {
    assertThat(overSeeds(new double[] {0.9}))
        .isEqualTo(new Estimate.Point(0.9, 1, 0, Intervals.ONE_SEED));
    assertThat(overSeeds(new double[] {0.9, 0.9, 0.9}))
        .isEqualTo(new Estimate.Point(0.9, 3, 0, Intervals.NO_SPREAD));
    assertThat(overSeeds(new double[0])).isEqualTo(new Estimate.Unmeasured(Intervals.NO_SEED));
    assertThat(proportion(new double[][] {{1}}))
        .isEqualTo(new Estimate.Point(1, 1, 1, Intervals.ONE_CELL));
    assertThat(proportion(new double[][] {{}}))
        .isEqualTo(new Estimate.Unmeasured(Intervals.NO_PROMPT));
    assertThat(mean(filled(3, 4, 0.1)))
        .isEqualTo(new Estimate.Point(0.1, 3, 4, Intervals.NO_SPREAD));
  }

  @Test
  void aPromptUnscoredInOneSeedIsLeftOutOfAllAndCounted() {
    double[][] values = {{1, 0, 1, 0}, {1, Double.NaN, 0, 0}, {0, 1, 1, 0}};
    boolean[][] scored = {
      {true, true, true, true}, {true, false, true, true}, {true, true, true, true}
    };

    Crossed crossed = Crossed.of(values, scored);

    assertThat(crossed.prompts()).isEqualTo(3);
    assertThat(crossed.droppedPrompts()).isEqualTo(1);
    assertThat(proportion(crossed))
        .isEqualTo(proportion(new double[][] {{1, 1, 0}, {1, 0, 0}, {0, 1, 0}}));
  }

  @Test
  void wrongInputIsRefused() {
    assertThatThrownBy(() -> proportion(new double[][] {{1, 0}, {1, 1.5}}))
        .hasMessage("the share of seed 1 and prompt 1 is 1.5, outside [0, 1]");
    assertThatThrownBy(() -> mean(new double[][] {{1, Double.NaN}}))
        .hasMessage("the value of seed 0 and prompt 1 is NaN; mark it as not scored");
    assertThatThrownBy(() -> mean(new double[][] {{1, 2}, {1}}))
        .hasMessage("seed 0 has 2 prompts, seed 1 has 1 values and 1 marks");
  }

  private static Estimate.Interval interval(Estimate estimate) {
    assertThat(estimate).isInstanceOf(Estimate.Interval.class);
    return (Estimate.Interval) estimate;
  }

  private static double[][] filled(int seeds, int prompts, double value) {
    double[][] values = new double[seeds][prompts];
    for (double[] seed : values) {
      Arrays.fill(seed, value);
    }
    return values;
  }

  private static double squares(double... values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
  }

  /** The beta distribution's probability below {@code x}, summed up slowly. */
  private static double tailOfBeta(double x, double a, double b) {
    int steps = 200_000;
    double below = 0;
    double all = 0;
    for (int i = 0; i < steps; i++) {
      double at = (i + 0.5) / steps;
      double density = Math.exp((a - 1) * Math.log(at) + (b - 1) * Math.log1p(-at));
      all += density;
      below +=
          at + 0.5 / steps <= x ? density : at - 0.5 / steps < x ? density * (x * steps - i) : 0;
    }
    return below / all;
  }
}
