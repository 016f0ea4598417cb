package org.onset.study;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.onset.stats.Contrast;
import org.onset.stats.Contrasts;
import org.onset.stats.Estimate;
import org.onset.stats.Intervals;

/**
 * One quantity of one arm: a number per seed and item (a prompt, a question, a text), or one per
 * seed.
 *
 * @param values seed → item → number; of a quantity {@link Kind#PER_SEED} the only item is the
 *     whole
 * @param items what {@code n} counts where the numbers don't show it, 0 otherwise
 * @param reason why there are no numbers; null where there are
 */
record Measurement(
    String arm,
    Quantity quantity,
    Kind kind,
    Map<Long, Map<String, Double>> values,
    int items,
    @Nullable String reason) {

  /** How numbers are averaged and what their interval is. */
  enum Kind {
    PROPORTION("share"),
    PERPLEXITY("perplexity"),
    PER_SEED("share");

    final String unit;

    Kind(String unit) {
      this.unit = unit;
    }
  }

  Estimate pooled() {
    return estimate(List.copyOf(values.keySet()));
  }

  Estimate ofSeed(long seed) {
    return estimate(List.of(seed));
  }

  private Estimate estimate(List<Long> seeds) {
    if (reason != null) {
      return new Estimate.Unmeasured(reason);
    }
    double[][] numbers = numbers(seeds, itemNames());
    return switch (kind) {
      case PROPORTION -> Intervals.proportion(numbers);
      case PERPLEXITY -> Intervals.logMean(numbers);
      case PER_SEED -> Intervals.shareOverSeeds(firstOfEach(numbers));
    };
  }

  /**
   * This arm minus {@code baseline}, paired by seed and item; of perplexities the difference of the
   * logarithms.
   */
  Contrast minus(Measurement baseline) {
    String whyNot = reason == null ? baseline.reason : reason;
    if (whyNot != null) {
      return unmeasured(whyNot);
    }
    List<Long> seeds = List.copyOf(values.keySet());
    double[][] own = numbers(seeds, itemNames());
    double[][] others = baseline.numbers(seeds, itemNames());
    return switch (kind) {
      case PROPORTION -> Contrasts.paired(own, others);
      case PERPLEXITY -> Contrasts.pairedValues(logarithms(own), logarithms(others));
      case PER_SEED -> Contrasts.pairedSeeds(firstOfEach(own), firstOfEach(others));
    };
  }

  /** The numbers of one model, which no seed changes, beside those of each of {@code seeds}. */
  Measurement repeatedFor(Collection<Long> seeds) {
    if (values.size() != 1) {
      throw new IllegalArgumentException("%s has %d seeds".formatted(quantity, values.size()));
    }
    Map<String, Double> ofAll = values.values().iterator().next();
    Map<Long, Map<String, Double>> repeated = new LinkedHashMap<>();
    seeds.forEach(seed -> repeated.put(seed, ofAll));
    return new Measurement(arm, quantity, kind, repeated, items, reason);
  }

  private static Contrast unmeasured(String whyNot) {
    return new Contrast(
        new Estimate.Unmeasured(whyNot),
        OptionalDouble.empty(),
        Optional.of(whyNot),
        OptionalDouble.empty(),
        OptionalInt.empty());
  }

  private List<String> itemNames() {
    return List.copyOf(values.values().iterator().next().keySet());
  }

  /** [seed][item], all of which must be there and no others. */
  private double[][] numbers(List<Long> seeds, List<String> itemNames) {
    double[][] numbers = new double[seeds.size()][itemNames.size()];
    for (int row = 0; row < numbers.length; row++) {
      Map<String, Double> ofSeed = values.getOrDefault(seeds.get(row), Map.of());
      if (ofSeed.size() != itemNames.size()) {
        throw new IllegalStateException(
            "%s of arm %s, seed %d, has %d items of %d"
                .formatted(quantity, arm, seeds.get(row), ofSeed.size(), itemNames.size()));
      }
      for (int column = 0; column < itemNames.size(); column++) {
        Double number = ofSeed.get(itemNames.get(column));
        if (number == null) {
          throw new IllegalStateException(
              "%s of arm %s, seed %d, lacks the item %s"
                  .formatted(quantity, arm, seeds.get(row), itemNames.get(column)));
        }
        numbers[row][column] = number;
      }
    }
    return numbers;
  }

  private static double[] firstOfEach(double[][] numbers) {
    return Arrays.stream(numbers).mapToDouble(ofSeed -> ofSeed[0]).toArray();
  }

  private static double[][] logarithms(double[][] values) {
    double[][] logarithms = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      logarithms[i] = Arrays.stream(values[i]).map(Math::log).toArray();
    }
    return logarithms;
  }

  /** Collects the numbers of many quantities as they come. */
  static final class Collector {
    private record Name(String arm, Quantity quantity) {}

    private final Map<Name, Measurement> measurements = new LinkedHashMap<>();

    void add(
        String arm, Quantity quantity, Kind kind, long seed, String item, double value, int items) {
      ofSeed(arm, quantity, kind, seed, items, null).put(item, value);
    }

    /** Says that a quantity, which belongs in the results, has no number, and why. */
    void addUnmeasured(
        String arm, Quantity quantity, Kind kind, long seed, String reason, int items) {
      ofSeed(arm, quantity, kind, seed, items, reason);
    }

    private Map<String, Double> ofSeed(
        String arm, Quantity quantity, Kind kind, long seed, int items, @Nullable String reason) {
      return measurements
          .computeIfAbsent(
              new Name(arm, quantity),
              _ -> new Measurement(arm, quantity, kind, new LinkedHashMap<>(), items, reason))
          .values
          .computeIfAbsent(seed, _ -> new LinkedHashMap<>());
    }

    List<Measurement> all() {
      return List.copyOf(measurements.values());
    }
  }
}
