package org.onset.stats;

import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** How well scores rank positives above negatives. */
public final class Auroc {
  private Auroc() {}

  /**
   * The share of (positive, negative) pairs in which the positive scores higher, ties counting one
   * half; absent without a positive or without a negative.
   */
  public static OptionalDouble of(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "%d scores, %d labels".formatted(scores.length, positive.length));
    }
    int[] ascending =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> finite(scores[i])))
            .mapToInt(Integer::intValue)
            .toArray();
    long positives = 0;
    double rankSum = 0;
    for (int from = 0; from < ascending.length; ) {
      int to = from;
      long tiedPositives = 0;
      while (to < ascending.length && scores[ascending[to]] == scores[ascending[from]]) {
        if (positive[ascending[to]]) {
          tiedPositives++;
        }
        to++;
      }
      double averageRank = (from + 1 + to) / 2.0; // ranks count from 1
      rankSum += tiedPositives * averageRank;
      positives += tiedPositives;
      from = to;
    }
    long negatives = scores.length - positives;
    if (positives == 0 || negatives == 0) {
      return OptionalDouble.empty();
    }
    double lowest = positives * (positives + 1) / 2.0;
    return OptionalDouble.of((rankSum - lowest) / ((double) positives * negatives));
  }

  private static double finite(double score) {
    if (!Double.isFinite(score)) {
      throw new IllegalArgumentException("scores must be finite, got " + score);
    }
    return score == 0 ? 0 : score; // -0.0 and 0.0 tie
  }
}
