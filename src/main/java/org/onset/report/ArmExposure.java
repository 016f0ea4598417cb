package org.onset.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.onset.study.results.Exposure;

/** What one arm trains on, as the mean over its seeds, which differ by a window here and there. */
record ArmExposure(
    String arm,
    int seeds,
    double plannedTokens,
    double realisedTokens,
    @Nullable Long onsetTokens,
    double interventionTokens,
    OptionalDouble interventionLearningRate,
    Map<String, StreamMean> streams) {

  record StreamMean(double realisedTokens, double epochs) {}

  /** An arm each, in the order in which they are declared. */
  static List<ArmExposure> of(Exposure exposure, List<String> arms) {
    Map<String, List<Exposure.Arm>> byArm = new LinkedHashMap<>();
    arms.forEach(arm -> byArm.put(arm, new ArrayList<>()));
    exposure
        .arms()
        .forEach(arm -> byArm.computeIfAbsent(arm.arm(), _ -> new ArrayList<>()).add(arm));
    return byArm.values().stream()
        .filter(seeds -> !seeds.isEmpty())
        .map(ArmExposure::mean)
        .toList();
  }

  /** Every stream that an arm trains on, as they first appear. */
  static List<String> streams(List<ArmExposure> arms) {
    return arms.stream().flatMap(arm -> arm.streams().keySet().stream()).distinct().toList();
  }

  private static ArmExposure mean(List<Exposure.Arm> seeds) {
    Map<String, List<Exposure.Stream>> byStream = new LinkedHashMap<>();
    for (Exposure.Arm seed : seeds) {
      seed.streams()
          .forEach(
              stream ->
                  byStream.computeIfAbsent(stream.stream(), _ -> new ArrayList<>()).add(stream));
    }
    Map<String, StreamMean> streams = new LinkedHashMap<>();
    byStream.forEach(
        (name, all) ->
            streams.put(
                name,
                new StreamMean(
                    mean(all, Exposure.Stream::realisedTokens),
                    mean(all, Exposure.Stream::epochs))));
    Exposure.Arm first = seeds.getFirst();
    return new ArmExposure(
        first.arm(),
        seeds.size(),
        mean(seeds, Exposure.Arm::plannedTokens),
        mean(seeds, Exposure.Arm::realisedTokens),
        first.onsetTokens(),
        mean(seeds, Exposure.Arm::interventionTokens),
        seeds.stream()
            .map(Exposure.Arm::interventionLearningRate)
            .flatMapToDouble(
                rate ->
                    java.util.stream.DoubleStream.of(
                        rate == null ? new double[0] : new double[] {rate}))
            .average(),
        streams);
  }

  private static <T> double mean(List<T> all, ToDoubleFunction<T> value) {
    return all.stream().mapToDouble(value).average().orElse(0);
  }
}
