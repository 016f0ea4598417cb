package org.onset.stats;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Holm's step-down correction (Holm 1979) over a family of contrasts named before the study ran.
 */
public final class Holm {
  private Holm() {}

  /** Adjusted p-values in the order given. */
  public static double[] adjust(double[] p) {
    for (double value : p) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException("a p-value lies in [0, 1], got " + value);
      }
    }
    List<Integer> ascending =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> p[i]))
            .toList();
    double[] adjusted = new double[p.length];
    double largest = 0;
    for (int rank = 0; rank < p.length; rank++) {
      int i = ascending.get(rank);
      largest = Math.max(largest, Math.min(1, (p.length - rank) * p[i]));
      adjusted[i] = largest;
    }
    return adjusted;
  }

  /**
   * As above; a contrast without a p-value stays without, and still counts as one of the family:
   * failing to measure a contrast makes the others no easier to claim.
   */
  public static List<OptionalDouble> adjust(List<OptionalDouble> p) {
    double[] adjusted = adjust(p.stream().mapToDouble(value -> value.orElse(1)).toArray());
    List<OptionalDouble> result = new ArrayList<>();
    for (int i = 0; i < adjusted.length; i++) {
      result.add(p.get(i).isPresent() ? OptionalDouble.of(adjusted[i]) : OptionalDouble.empty());
    }
    return List.copyOf(result);
  }
}
