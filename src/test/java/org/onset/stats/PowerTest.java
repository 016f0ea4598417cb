package org.onset.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.Repetitions;

class PowerTest {
  /** The sizes that every table of the paired t test gives for power .8 at level .05, two-sided. */
  @ParameterizedTest
  @CsvSource({"0.2, 199", "0.5, 34", "0.8, 15", "1.0, 10", "1.2, 8"})
  void agreesWithThePublishedSizes(double standardisedDifference, int seeds) {
    assertThat(Power.seedsNeeded(1 / standardisedDifference, 1)).isEqualTo(seeds);
  }

  @Test
  void neverAsksForFewerSeedsThanATestNeeds() {
    assertThat(Power.seedsNeeded(0.001, 0.10)).isEqualTo(Contrasts.MIN_SEEDS);
    assertThat(Power.seedsNeeded(0, 0.10)).isEqualTo(Contrasts.MIN_SEEDS);
  }

  @Test
  void stopsAtAHundredThousandSeeds() {
    assertThat(Power.seedsNeeded(1_000, 0.10)).isEqualTo(100_000);
  }

  @Test
  void refusesADifferenceOfZero() {
    assertThatThrownBy(() -> Power.seedsNeeded(0.1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a difference above 0");
  }

  @ParameterizedTest
  @Repetitions(3)
  void thePowerIsTheShareOfStudiesThatFindTheDifference(SplittableRandom random) {
    int studies = 20_000;
    int found = 0;
    for (int study = 0; study < studies; study++) {
      double sum = 0;
      double squares = 0;
      for (int seed = 0; seed < 8; seed++) {
        double difference = 0.9 + random.nextGaussian();
        sum += difference;
        squares += difference * difference;
      }
      double variance = (squares - sum * sum / 8) / 7;
      if (Math.abs(sum / 8) / Math.sqrt(variance / 8) > 2.364624251592785) {
        found++;
      }
    }

    assertThat(Power.powerOf(8, 0.9)).isCloseTo(found / (double) studies, within(0.012));
  }
}
