package org.onset.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class ContrastsTest {
  @Test
  void numbersOfSeedsAreComparedByThePairedTTest() {
    // Differences 1, 2, 3, 4, 5, 6: mean 3.5, standard error .7638, t 4.583 on 5.
    Contrast contrast =
        Contrasts.pairedSeeds(
            new double[] {11, 12, 13, 14, 15, 16}, new double[] {10, 10, 10, 10, 10, 10});

    Estimate.Interval interval = interval(contrast);
    assertThat(interval.value()).isEqualTo(3.5);
    assertThat(interval.low())
        .isCloseTo(3.5 - 2.570581835636314 * 0.7637626158259734, within(1e-9));
    assertThat(contrast.p().orElseThrow()).isCloseTo(0.005934, within(1e-6));
    assertThat(contrast.seedSd().orElseThrow()).isCloseTo(Math.sqrt(3.5), within(1e-12));
    assertThat(contrast.reason()).isEmpty();
  }

  @Test
  void fiveSeedsAreShownButNotTestedAndSixAre() {
    double[] arm = {0.9, 0.8, 0.95, 0.7, 0.85, 0.9};
    double[] baseline = {0.7, 0.75, 0.7, 0.72, 0.8, 0.6};

    Contrast five = Contrasts.pairedSeeds(Arrays.copyOf(arm, 5), Arrays.copyOf(baseline, 5));

    assertThat(five.difference()).isInstanceOf(Estimate.Interval.class);
    assertThat(five.p()).isEmpty();
    assertThat(five.seedsNeeded().orElseThrow())
        .isEqualTo(Power.seedsNeeded(five.seedSd().orElseThrow(), 0.10));
    assertThat(five.reason().orElseThrow())
        .isEqualTo(
            "5 seeds; a difference is tested from 6 on, and about %d would find a difference of 0.10 four"
                    .formatted(five.seedsNeeded().orElseThrow())
                + " times in five");
    assertThat(Contrasts.pairedSeeds(arm, baseline).p()).isPresent();
  }

  @ParameterizedTest
  @Repetitions(50)
  void swappingTheArmsTurnsTheSignAndNothingElse(SplittableRandom random) {
    double[][] arm = coins(7, 20, 0.6, random);
    double[][] baseline = coins(7, 20, 0.4, random);

    Contrast forward = Contrasts.paired(arm, baseline);
    Contrast backward = Contrasts.paired(baseline, arm);

    assertThat(interval(backward).value()).isEqualTo(-interval(forward).value());
    assertThat(interval(backward).low()).isCloseTo(-interval(forward).high(), within(1e-12));
    assertThat(backward.p().orElseThrow()).isCloseTo(forward.p().orElseThrow(), within(1e-12));
  }

  @ParameterizedTest
  @Repetitions(50)
  void aTestNeverUsesMoreFreedomThanTheSeedsHave(SplittableRandom random) {
    double[][] arm = coins(6, 40, 0.5, random);
    double[][] baseline = coins(6, 40, 0.4, random);
    double[][] differences = new double[6][40];
    for (int seed = 0; seed < 6; seed++) {
      for (int prompt = 0; prompt < 40; prompt++) {
        differences[seed][prompt] = arm[seed][prompt] - baseline[seed][prompt];
      }
    }
    Layout layout = Layout.of(Crossed.of(differences));

    assertThat(Contrasts.paired(arm, baseline).p().orElseThrow())
        .isCloseTo(
            Quantiles.twoSided(layout.mean() / Math.sqrt(layout.variance()), 5), within(1e-12));
  }

  @Test
  void equalArmsAreNotToldApartAndTheIntervalStillHasWidth() {
    double[][] none = new double[6][60];

    Contrast contrast = Contrasts.paired(none, none);

    assertThat(contrast.p()).hasValue(1);
    assertThat(interval(contrast).low()).isCloseTo(Math.pow(0.025, 1 / 60.0) - 1, within(1e-9));
    assertThat(interval(contrast).high()).isCloseTo(1 - Math.pow(0.025, 1 / 60.0), within(1e-9));
  }

  @Test
  void aDifferenceThatNeverVariesGetsThePValueOfFlippingSigns() {
    double[][] none = new double[8][30];
    double[][] all = new double[8][30];
    for (double[] seed : all) {
      Arrays.fill(seed, 1);
    }

    Contrast contrast = Contrasts.paired(all, none);

    assertThat(contrast.p()).hasValue(2 / 256.0);
    assertThat(interval(contrast).high()).isEqualTo(1);
    assertThat(interval(contrast).low()).isLessThan(1);
  }

  @Test
  void theIntervalStaysWithinMinusOneAndOne() {
    double[][] arm = {{1, 1, 1, 1}, {0, 0, 0, 0}}; // so t counts one degree of freedom
    double[][] baseline = new double[2][4];

    Estimate.Interval interval = interval(Contrasts.paired(arm, baseline));

    assertThat(interval.low()).isEqualTo(-1);
    assertThat(interval.high()).isEqualTo(1);
  }

  @Test
  void aPromptUnscoredInEitherArmIsLeftOutOfBoth() {
    double[][] arm = {{1, 0, 1, 1}, {1, 1, 0, 1}};
    double[][] baseline = {{0, 0, 1, 0}, {1, 0, 0, 1}};
    boolean[][] armScored = {{true, true, true, true}, {true, true, true, false}};
    boolean[][] baselineScored = {{false, true, true, true}, {true, true, true, true}};

    assertThat(Contrasts.paired(arm, armScored, baseline, baselineScored))
        .isEqualTo(
            Contrasts.paired(new double[][] {{0, 1}, {1, 0}}, new double[][] {{0, 1}, {0, 0}}));
  }

  @Test
  void withOneSeedTheIntervalIsOverPromptsAndNothingIsTested() {
    Contrast contrast =
        Contrasts.paired(new double[][] {{1, 1, 0, 1}}, new double[][] {{0, 1, 0, 0}});

    assertThat(interval(contrast).coverage()).isEqualTo(Coverage.PROMPTS_ONLY);
    assertThat(contrast.p()).isEmpty();
    assertThat(contrast.seedsNeeded()).isEmpty();
    assertThat(contrast.reason()).hasValue("1 seed; a difference is tested from 6 on");
    assertThat(Contrasts.pairedSeeds(new double[] {0.9}, new double[] {0.8}).reason())
        .hasValue(Intervals.ONE_SEED);
  }

  @Test
  void anyNumbersCanBePairedBySeedAndPrompt() {
    double[][] arm = {{3, 4, 5}, {4, 5, 8}, {3, 5, 6}};
    double[][] baseline = {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}};

    Contrast contrast = Contrasts.pairedValues(arm, baseline);

    assertThat(contrast.difference())
        .isEqualTo(Intervals.mean(new double[][] {{2, 3, 4}, {3, 4, 7}, {2, 4, 5}}));
  }

  @Test
  void unpairedShapesAreRefused() {
    assertThatThrownBy(() -> Contrasts.paired(new double[2][3], new double[3][3]))
        .hasMessage("the arm has 2 seeds, the baseline 3");
    assertThatThrownBy(() -> Contrasts.paired(new double[2][3], new double[2][4]))
        .hasMessage("in seed 0 the arm has 3 prompts, the baseline 4");
  }

  private static Estimate.Interval interval(Contrast contrast) {
    assertThat(contrast.difference()).isInstanceOf(Estimate.Interval.class);
    return (Estimate.Interval) contrast.difference();
  }

  private static double[][] coins(int seeds, int prompts, double chance, SplittableRandom random) {
    double[][] coins = new double[seeds][prompts];
    for (double[] seed : coins) {
      for (int prompt = 0; prompt < prompts; prompt++) {
        seed[prompt] = random.nextDouble() < chance ? 1 : 0;
      }
    }
    return coins;
  }
}
