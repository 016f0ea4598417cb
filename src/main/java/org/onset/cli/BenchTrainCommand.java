package org.onset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.bench.BenchJson;
import org.onset.bench.TrainingBenchmark;
import org.onset.bench.TrainingInputs;
import org.onset.bench.TrainingMeasure;
import org.onset.bench.TrainingShape;
import org.onset.tensor.Dtype;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "train",
    description = "Measures a training step beside a plain eager one and the machine's peak.",
    mixinStandardHelpOptions = true)
final class BenchTrainCommand implements Callable<Integer> {
  @Option(
      names = "--shape",
      defaultValue = "world",
      paramLabel = "NAME",
      description = "world, medium or smollm2-135m (default: ${DEFAULT-VALUE}).")
  private String shape = "world";

  @Option(
      names = "--dtype",
      paramLabel = "NAME",
      description = "What our side computes in: float32 or bfloat16 (default: the shape's).")
  private @Nullable String dtype;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of each side (default: all processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--inputs",
      paramLabel = "DIR",
      description = "Leave the model and batch in this new folder, for other programs.")
  private @Nullable Path inputs;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    List<String> problems = new ArrayList<>();
    TrainingShape chosen = BenchArguments.shape(shape, problems);
    Dtype ours = dtype == null ? chosen.dtype() : DtypeArgument.of(dtype, problems);
    BenchArguments.checkThreads(threads, problems);
    if (inputs != null && Files.exists(inputs)) {
      problems.add("--inputs: " + inputs + " is there already; name a new folder");
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    Path folder = inputs == null ? Files.createTempDirectory("onset-bench") : inputs;
    boolean done = false;
    try {
      TrainingInputs written = TrainingInputs.write(chosen, folder);
      TrainingMeasure measure =
          new TrainingBenchmark(chosen, ours, threads, System.err).measure(written);
      if (json) {
        System.out.println(BenchJson.of(measure));
      } else {
        print(measure);
      }
      done = true;
    } finally {
      if (inputs == null || !done) {
        new TrainingInputs(folder).delete();
      }
    }
    return 0;
  }

  private static void print(TrainingMeasure measure) {
    System.out.printf(
        Locale.ROOT,
        "matrix products: %.0f GFLOP/s in float32, %.0f in bfloat16%n",
        measure.gemmPeakGflops().f32(),
        measure.gemmPeakGflops().bf16());
    System.out.printf(
        "%-12s %-9s %12s %10s %8s %12s%n",
        measure.shape(), "dtype", "tokens/s", "GFLOP/s", "of peak", "peak memory");
    print("ours", measure.ours(), measure);
    print("plain eager", measure.eagerPlain(), measure);
    System.out.printf(
        Locale.ROOT,
        "ours is %.2f times as fast%n",
        measure.ours().tokensPerSecond() / measure.eagerPlain().tokensPerSecond());
  }

  private static void print(String name, TrainingMeasure.Side side, TrainingMeasure measure) {
    Long bytes = side.peakMemoryBytes();
    System.out.printf(
        Locale.ROOT,
        "%-12s %-9s %,12.0f %10.1f %7.0f%% %12s%n",
        name,
        side.dtype(),
        side.tokensPerSecond(),
        side.gflops(),
        100 * side.gflops() / measure.gemmPeakGflops().of(side.dtype()),
        bytes == null ? "unknown" : "%,d MiB".formatted(bytes >> 20));
  }
}
