package org.onset.stats;

import org.hipparchus.special.Erf;
import org.hipparchus.special.Gamma;

/** How many seeds a paired t test over seeds needs, at a power of .8 and a level of .05. */
public final class Power {
  /** The difference that {@link Contrast#seedsNeeded} speaks of. */
  public static final double DIFFERENCE = 0.10;

  private static final double POWER = 0.8;

  /** The normal distribution's quantile at {@link #POWER}. */
  private static final double Z_AT_POWER = 0.8416212335729143;

  /** More seeds than this nobody trains; the search ends there. */
  private static final int MAX_SEEDS = 100_000;

  private static final int PANELS = 60;

  private Power() {}

  /** The smallest number of seeds, at least {@link Contrasts#MIN_SEEDS}, at most 100,000. */
  public static int seedsNeeded(double pairedSd, double difference) {
    if (!(pairedSd >= 0) || !(difference > 0)) {
      throw new IllegalArgumentException(
          "needs a standard deviation from 0 on and a difference above 0, got %s and %s"
              .formatted(pairedSd, difference));
    }
    double standardised = (Quantiles.Z + Z_AT_POWER) * pairedSd / difference;
    double ofNormal = Math.ceil(standardised * standardised); // t needs as many or a few more
    int seeds = (int) Math.clamp(ofNormal, Contrasts.MIN_SEEDS, MAX_SEEDS);
    while (pairedSd > 0 && seeds < MAX_SEEDS && powerOf(seeds, difference / pairedSd) < POWER) {
      seeds++;
    }
    return seeds;
  }

  /**
   * The chance that |t| passes its 5% point: Student's t is a normal over an independent s, so this
   * sums the normal's chance over the density of s (a chi over the root of its degrees of freedom),
   * which vanishes smoothly at both ends.
   */
  static double powerOf(int seeds, double effect) {
    double df = seeds - 1;
    double shift = effect * Math.sqrt(seeds);
    double critical = Quantiles.t(df);
    double logScale = Math.log(2) + df / 2 * Math.log(df / 2) - Gamma.logGamma(df / 2);
    double reach = 7 / Math.sqrt(2 * df); // seven standard deviations of s, roughly
    double width = 2 * reach / PANELS;
    double sum = 0;
    for (int i = 0; i <= PANELS; i++) {
      double s = 1 - reach + i * width;
      if (s > 0) {
        double density = Math.exp(logScale + (df - 1) * Math.log(s) - df * s * s / 2);
        sum += density * (normal(shift - critical * s) + normal(-shift - critical * s));
      }
    }
    return sum * width;
  }

  private static double normal(double x) {
    return 0.5 * Erf.erfc(-x / Math.sqrt(2));
  }
}
