package org.onset.stats;

import java.util.List;
import java.util.Optional;

/**
 * A share of a whole that falls into parts, each with a random sample of its own, such as a
 * classifier's precision where people labelled so many texts of each score. The share is the mean
 * of the parts' shares, weighted by what each part is of the whole.
 *
 * <p>The 95% interval puts those of the parts together: each of its two sides is the root of the
 * sum of the squares of weight × that side of the part's Clopper–Pearson interval (the method of
 * variance estimates recovery; Zou and Donner, Statistics in Medicine 27, 2008). With one part it
 * is that part's interval; unlike one made from standard errors it keeps its width where a part is
 * all hits or none, and it stays within [0, 1]. Parts are taken to be much larger than their
 * samples: where they are not, the interval is wider than it need be.
 */
public record StratifiedRate(double value, double low, double high) {
  /**
   * One part.
   *
   * @param size what it is of the whole, in any unit
   */
  public record Stratum(long size, Rate rate) {}

  /** Absent when no part has a size. */
  public static Optional<StratifiedRate> of(List<Stratum> strata) {
    double whole = 0;
    for (Stratum stratum : strata) {
      if (stratum.size() < 0) {
        throw new IllegalArgumentException("a part of size " + stratum.size());
      }
      whole += stratum.size();
    }
    if (whole == 0) {
      return Optional.empty();
    }
    double hits = 0;
    double below = 0;
    double above = 0;
    for (Stratum stratum : strata) {
      double weight = stratum.size() / whole;
      Rate rate = stratum.rate();
      hits += stratum.size() * rate.value();
      below += square(weight * (rate.value() - rate.low()));
      above += square(weight * (rate.high() - rate.value()));
    }
    double value = hits / whole;
    return Optional.of(
        new StratifiedRate(
            value, Math.max(0, value - Math.sqrt(below)), Math.min(1, value + Math.sqrt(above))));
  }

  private static double square(double x) {
    return x * x;
  }
}
