package org.onset.corpus.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Problems;
import org.onset.Problems.Problem;

class MinHashSpecTest {
  @Test
  void theProbabilityFollowsTheKnownCurve() {
    MinHashSpec spec = MinHashSpec.standard();

    assertThat(spec.candidateProbability(0)).isEqualTo(0);
    assertThat(spec.candidateProbability(0.8)).isCloseTo(0.924, within(0.0005));
    assertThat(spec.candidateProbability(0.8))
        .isCloseTo(1 - Math.pow(1 - Math.pow(0.8, 8), 14), within(1e-12));
    assertThat(spec.candidateProbability(1)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.7, 0.8, 0.9, 0.95})
  void bandsForAThresholdFindWhatLiesAboveIt(double threshold) {
    MinHashSpec spec = MinHashSpec.forThreshold(threshold, 5, 128);

    assertThat(spec.bands() * spec.rowsPerBand()).isBetween(100, 128);
    assertThat(spec.candidateProbability(threshold)).isGreaterThan(0.8);
    assertThat(spec.candidateProbability((1 + threshold) / 2)).isGreaterThan(0.97);
    assertThat(spec.candidateProbability(threshold / 2)).isLessThan(0.15);
  }

  @Test
  void moreFunctionsMissFewerPairs() {
    MinHashSpec few = MinHashSpec.forThreshold(0.8, 5, 32);
    MinHashSpec many = MinHashSpec.forThreshold(0.8, 5, 256);

    assertThat(many.candidateProbability(0.85)).isGreaterThan(few.candidateProbability(0.85));
    assertThat(many.candidateProbability(0.5)).isLessThan(few.candidateProbability(0.5));
  }

  @Test
  void oneFunctionIsOneBand() {
    assertThat(MinHashSpec.forThreshold(0.8, 5, 1)).isEqualTo(new MinHashSpec(0.8, 5, 1, 1));
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    Problems problems = new Problems();

    new MinHashSpec(1.2, 0, 0, -1).check(problems);
    new MinHashSpec(0.8, 5, 1_000, 8).check(problems);

    assertThat(problems.found())
        .extracting(Problem::field)
        .containsExactly("threshold", "wordsPerShingle", "bands", "rowsPerBand", "bands");
  }
}
