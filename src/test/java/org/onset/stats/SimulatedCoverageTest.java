package org.onset.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 2,000 simulated studies a cell; docs/statistics.md has the whole table. */
class SimulatedCoverageTest {
  private static final int STUDIES = 2_000;

  @ParameterizedTest
  @CsvSource({
    "4, 60, .1, .0, 1",
    "4, 60, .1, .8, 1",
    "4, 180, .5, .4, 1",
    "4, 180, .9, .8, 1",
    "5, 60, .3, .2, 1",
    "6, 120, .7, .8, 1",
    "10, 60, .1, .4, .5",
    "20, 60, .5, .8, 2",
  })
  void anIntervalHoldsTheTrueRateInNineteenStudiesOfTwenty(
      int seeds, int prompts, double rate, double seedSd, double promptSd) {
    SimulatedStudy study = new SimulatedStudy(seeds, prompts, rate, seedSd, promptSd);

    assertThat(study.coverage(STUDIES, 1)).isBetween(0.92, 0.98);
  }

  @ParameterizedTest
  @CsvSource({"4, 60, .1, .8", "6, 60, .5, .4"})
  void sharesOfSeveralSamplesAPromptAreCoveredAsWell(
      int seeds, int prompts, double rate, double seedSd) {
    SimulatedStudy study = new SimulatedStudy(seeds, prompts, rate, seedSd, 1);

    assertThat(study.coverage(STUDIES, 4)).isBetween(0.92, 0.98);
  }

  @ParameterizedTest
  @CsvSource({"4, 60, .1, .4, .1", "4, 60, .5, .8, 0", "6, 60, .3, .2, .3"})
  void anIntervalHoldsTheTrueDifferenceInNineteenStudiesOfTwenty(
      int seeds, int prompts, double rate, double seedSd, double difference) {
    SimulatedStudy study = new SimulatedStudy(seeds, prompts, rate, seedSd, 1);

    assertThat(study.contrastCoverage(STUDIES, difference)).isBetween(0.92, 0.98);
  }

  @ParameterizedTest
  @CsvSource({"6, 60, .5, .8", "10, 60, .1, .3"})
  void withoutAnEffectTheFamilyErrorStaysBelowSixPercent(
      int seeds, int prompts, double rate, double seedSd) {
    SimulatedStudy study = new SimulatedStudy(seeds, prompts, rate, seedSd, 1);

    assertThat(study.familyError(STUDIES, 6)).isLessThanOrEqualTo(0.06);
  }
}
