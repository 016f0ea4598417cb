package org.onset.curriculum;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.onset.Problems;

/** The share of each stream in what is trained on; the order of the streams breaks ties. */
public record Mixture(Map<String, Double> weights) {
  private static final double SUM_TOLERANCE = 1e-9;

  public Mixture {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    Problems problems = new Problems();
    check(weights, problems);
    if (!problems.found().isEmpty()) {
      throw new IllegalArgumentException(
          "a mixture of " + weights + ": " + problems.found().getFirst().message());
    }
  }

  /** Reports what keeps {@code weights}, as a user wrote them, from being a mixture. */
  public static void check(Map<String, Double> weights, Problems problems) {
    double sum = 0;
    for (Map.Entry<String, Double> entry : weights.entrySet()) {
      double weight = entry.getValue();
      problems.require(
          weight >= 0 && weight <= 1 + SUM_TOLERANCE,
          entry.getKey(),
          "a weight must lie within 0 and 1, was %s",
          weight);
      sum += weight;
    }
    problems.require(
        Math.abs(sum - 1) <= SUM_TOLERANCE, "", "the weights must sum to 1, but sum to %s", sum);
  }

  /** Zero for a stream that the mixture doesn't name. */
  public double weight(String stream) {
    return weights.getOrDefault(stream, 0.0);
  }

  /**
   * This mixture with the weights of {@code streams} multiplied by {@code factor}, and {@code
   * filler} taking what then remains.
   */
  public Mixture scaled(Set<String> streams, double factor, String filler) {
    if (streams.contains(filler)) {
      throw new IllegalArgumentException("the filler " + filler + " can't be scaled itself");
    }
    Map<String, Double> scaled = new LinkedHashMap<>(weights);
    scaled.putIfAbsent(filler, 0.0);
    scaled.replaceAll(
        (stream, weight) -> streams.contains(stream) ? (Double) (weight * factor) : weight);
    double others =
        scaled.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(filler))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    if (others > 1 + SUM_TOLERANCE) {
      throw new IllegalArgumentException(
          "scaled by %s, the streams beside %s weigh %s, more than 1"
              .formatted(factor, filler, others));
    }
    scaled.put(filler, Math.max(0, 1 - others));
    return new Mixture(scaled);
  }
}
