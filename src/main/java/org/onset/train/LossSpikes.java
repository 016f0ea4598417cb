package org.onset.train;

import java.util.List;

/**
 * Which steps' losses jump: above the median of the {@link #WINDOW} losses before by more than 5
 * standard deviations (estimated by 1.4826 times the median absolute deviation, which a few
 * outliers don't move) and by more than 5%. A spike enters the window like any loss, so that a loss
 * which stays high soon counts as the usual one.
 */
final class LossSpikes {
  /** Losses that a step is compared with; before there are so many, nothing is a spike. */
  static final int WINDOW = 32;

  private static final double DEVIATIONS = 5 * 1.4826;
  private static final double LEAST_SHARE = 0.05;

  private LossSpikes() {}

  static boolean isSpike(double loss, List<Double> recent) {
    if (recent.size() < WINDOW) {
      return false;
    }
    double median = median(recent);
    double deviation =
        median(recent.stream().map(each -> Math.abs(each - median)).toList()) * DEVIATIONS;
    return loss > median + Math.max(deviation, LEAST_SHARE * median);
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
