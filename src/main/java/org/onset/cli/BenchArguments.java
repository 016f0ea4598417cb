package org.onset.cli;

import java.util.List;
import org.onset.BadInput;
import org.onset.bench.TrainingShape;

/** What the benchmarks are told on the command line. */
final class BenchArguments {
  private BenchArguments() {}

  /** The shape of that name; where there is none, a problem, and the usual one. */
  static TrainingShape shape(String name, List<String> problems) {
    try {
      return TrainingShape.named(name);
    } catch (BadInput e) {
      problems.addAll(e.problems());
      return TrainingShape.named("world");
    }
  }

  static void checkThreads(int threads, List<String> problems) {
    if (threads < 1) {
      problems.add("--threads: must be above 0, was " + threads);
    }
  }
}
