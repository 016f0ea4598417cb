package org.onset.stats;

import java.util.Optional;

/**
 * A share of independent trials, such as a classifier's recall on a sample, with Clopper and
 * Pearson's 95% interval.
 */
public record Rate(long hits, long trials, double low, double high) {

  /** Absent when there were no trials. */
  public static Optional<Rate> of(long hits, long trials) {
    if (hits < 0 || hits > trials) {
      throw new IllegalArgumentException(hits + " hits in " + trials + " trials");
    }
    return trials == 0
        ? Optional.empty()
        : Optional.of(
            new Rate(
                hits,
                trials,
                Quantiles.lowestShare((double) hits, (double) trials),
                Quantiles.highestShare((double) hits, (double) trials)));
  }

  public double value() {
    return (double) hits / trials;
  }
}
