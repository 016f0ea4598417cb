package org.onset.bench;

import java.util.Arrays;

/** The middle of measured times: one slow step more or less doesn't move it far. */
final class Medians {
  private Medians() {}

  static double of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values have no median");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
