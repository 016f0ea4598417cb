package org.onset.curriculum;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.onset.curriculum.Phase.Hold;

/** Mixtures and schedules as no user would write them. */
final class RandomSchedules {
  private RandomSchedules() {}

  static TrainingSize size(SplittableRandom random) {
    int contextLength = random.nextInt(1, 20);
    int sequencesPerStep = random.nextInt(1, 20);
    long steps = random.nextLong(1, 80);
    long tokensPerStep = (long) contextLength * sequencesPerStep;
    return new TrainingSize(
        steps * tokensPerStep - random.nextLong(tokensPerStep), contextLength, sequencesPerStep);
  }

  /** Up to eight streams, of which {@code safe} is one. */
  static List<String> streams(SplittableRandom random) {
    return IntStream.range(0, random.nextInt(1, 9))
        .mapToObj(i -> i == 0 ? Schedule.SAFE : "stream-" + i)
        .toList();
  }

  /** Up to 100 phases; streams come and go. */
  static Schedule schedule(SplittableRandom random, List<String> streams, long tokenBudget) {
    List<Phase> phases = new ArrayList<>(List.of(new Hold(0, mixture(random, streams))));
    long phaseTokens = Math.max(1, 2 * tokenBudget / random.nextInt(1, 101));
    long start = 1 + random.nextLong(phaseTokens);
    while (start < tokenBudget) {
      phases.add(new Hold(start, mixture(random, streams)));
      start += 1 + random.nextLong(phaseTokens);
    }
    return new Schedule(phases);
  }

  static Mixture mixture(SplittableRandom random, List<String> streams) {
    double[] weights =
        streams.stream()
            .mapToDouble(_ -> random.nextInt(4) == 0 ? 0 : Math.pow(random.nextDouble(), 3))
            .toArray();
    weights[random.nextInt(weights.length)] += 0.01;
    double sum = IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).sum();
    Map<String, Double> mixture = new LinkedHashMap<>();
    for (int i = 0; i < weights.length; i++) {
      mixture.put(streams.get(i), weights[i] / sum);
    }
    return new Mixture(mixture);
  }

  static Map<String, StreamSize> sizes(
      SplittableRandom random, List<String> streams, int contextLength) {
    Map<String, StreamSize> sizes = new LinkedHashMap<>();
    for (String stream : streams) {
      int windows = random.nextInt(1, 200);
      long trained =
          random.nextBoolean()
              ? (long) windows * contextLength
              : random.nextLong(windows, (long) windows * contextLength + 1);
      sizes.put(stream, new StreamSize(windows, trained, OptionalInt.empty()));
    }
    return sizes;
  }
}
