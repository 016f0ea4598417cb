package org.onset.stats;

import org.hipparchus.distribution.continuous.BetaDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/** The distributions behind every interval, at 95%. */
final class Quantiles {
  /** What lies outside a 95% interval on either side. */
  static final double TAIL = 0.025;

  /** The normal distribution's quantile at 97.5%. */
  static final double Z = 1.959963984540054;

  private Quantiles() {}

  /** Student's quantile at 97.5%. */
  static double t(double degreesOfFreedom) {
    return new TDistribution(degreesOfFreedom).inverseCumulativeProbability(1 - TAIL);
  }

  /** The two-sided p-value of {@code t}. */
  static double twoSided(double t, double degreesOfFreedom) {
    return Math.min(1, 2 * new TDistribution(degreesOfFreedom).cumulativeProbability(-Math.abs(t)));
  }

  /** Clopper and Pearson's lower limit for {@code successes} of {@code trials}, both real. */
  static double lowestShare(double successes, double trials) {
    return successes <= 0
        ? 0
        : new BetaDistribution(successes, trials - successes + 1)
            .inverseCumulativeProbability(TAIL);
  }

  /** Clopper and Pearson's upper limit. */
  static double highestShare(double successes, double trials) {
    return successes >= trials
        ? 1
        : new BetaDistribution(successes + 1, trials - successes)
            .inverseCumulativeProbability(1 - TAIL);
  }
}
