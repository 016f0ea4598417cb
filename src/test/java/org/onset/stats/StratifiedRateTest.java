package org.onset.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.Repetitions;
import org.onset.stats.StratifiedRate.Stratum;

class StratifiedRateTest {
  private static final long[] SIZES = {80_000, 15_000, 5_000};

  @Test
  void ofOnePartItIsThatPartsRateAndInterval() {
    Rate rate = rate(7, 20);

    StratifiedRate whole = StratifiedRate.of(List.of(new Stratum(99, rate))).orElseThrow();

    assertThat(whole.value()).isEqualTo(0.35);
    assertThat(whole.low()).isCloseTo(rate.low(), within(1e-12));
    assertThat(whole.high()).isCloseTo(rate.high(), within(1e-12));
  }

  @Test
  void partsCountByTheirSizeNotByTheirSample() {
    StratifiedRate whole =
        StratifiedRate.of(List.of(new Stratum(900, rate(1, 10)), new Stratum(100, rate(100, 100))))
            .orElseThrow();

    assertThat(whole.value()).isCloseTo(0.9 * 0.1 + 0.1, within(1e-12));
  }

  @Test
  void partsThatAgreeInEveryTrialStillLeaveDoubt() {
    StratifiedRate none =
        StratifiedRate.of(List.of(new Stratum(1, rate(0, 10)), new Stratum(1, rate(0, 10))))
            .orElseThrow();

    assertThat(none.low()).isZero();
    // Half of √2 times the 30.8% of one such part.
    assertThat(none.high()).isCloseTo(0.3085 * Math.sqrt(2) / 2, within(1e-3));
  }

  @Test
  void whatHasNoSizeHasNoShare() {
    assertThat(StratifiedRate.of(List.of())).isEmpty();
    assertThat(StratifiedRate.of(List.of(new Stratum(0, rate(1, 2))))).isEmpty();
  }

  @ParameterizedTest
  @Repetitions(200)
  void theIntervalHoldsTheValueAndStaysWithinZeroAndOne(SplittableRandom random) {
    List<Stratum> strata = new ArrayList<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      int trials = 1 + random.nextInt(30);
      strata.add(new Stratum(1 + random.nextInt(1_000), rate(random.nextInt(trials + 1), trials)));
    }

    StratifiedRate whole = StratifiedRate.of(strata).orElseThrow();

    assertThat(whole.low()).isBetween(0.0, whole.value());
    assertThat(whole.high()).isBetween(whole.value(), 1.0);
    assertThat(whole.high()).isGreaterThan(whole.low());
  }

  /** Clopper and Pearson's intervals hold the truth more often than they say; so do these. */
  @ParameterizedTest
  @CsvSource({"20, .1, .3, .6", "50, .5, .5, .5", "20, .0, .0, .5", "100, .02, .1, .9"})
  void theTruthLiesWithinInNineteenSamplesOfTwenty(
      int perPart, double first, double second, double third) {
    double[] shares = {first, second, third};
    SplittableRandom random = new SplittableRandom(7);
    double truth = 0;
    for (int i = 0; i < SIZES.length; i++) truth += shares[i] * SIZES[i] / 100_000;
    int held = 0;
    for (int sample = 0; sample < 2_000; sample++) {
      List<Stratum> strata = new ArrayList<>();
      for (int i = 0; i < SIZES.length; i++) {
        int hits = 0;
        for (int trial = 0; trial < perPart; trial++) {
          if (random.nextDouble() < shares[i]) hits++;
        }
        strata.add(new Stratum(SIZES[i], rate(hits, perPart)));
      }
      StratifiedRate whole = StratifiedRate.of(strata).orElseThrow();
      if (whole.low() <= truth && truth <= whole.high()) held++;
    }

    assertThat(held / 2_000.0).isBetween(0.945, 1.0);
  }

  private static Rate rate(long hits, long trials) {
    return Rate.of(hits, trials).orElseThrow();
  }
}
