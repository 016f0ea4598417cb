package org.onset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.bench.BenchJson;
import org.onset.bench.DecodingBenchmark;
import org.onset.bench.DecodingMeasure;
import org.onset.tensor.Dtype;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "decode",
    description = "Measures decoding beside what reading the weights allows.",
    mixinStandardHelpOptions = true)
final class BenchDecodeCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      description = "A model's folder (default: a new model of SmolLM2-135M's sizes).")
  private @Nullable Path model;

  @Option(
      names = "--dtype",
      paramLabel = "NAME",
      description = "Only this: float32 or bfloat16 (default: both).")
  private @Nullable String dtype;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute (default: all processors).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<String> problems = new ArrayList<>();
    List<Dtype> dtypes =
        dtype == null
            ? List.of(Dtype.FLOAT32, Dtype.BFLOAT16)
            : List.of(DtypeArgument.of(dtype, problems));
    BenchArguments.checkThreads(threads, problems);
    if (model != null && !Files.isDirectory(model)) {
      problems.add("--model: " + model + ": no such folder; name a model's folder");
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    DecodingMeasure measure =
        new DecodingBenchmark(
                Optional.ofNullable(model),
                dtypes,
                DecodingBenchmark.Amounts.USUAL,
                threads,
                System.err)
            .measure();
    if (json) {
      System.out.println(BenchJson.of(measure));
    } else {
      print(measure);
    }
    return 0;
  }

  private static void print(DecodingMeasure measure) {
    System.out.printf(
        Locale.ROOT,
        "%s: %,d parameters; prompts of %d tokens, %d new ones; memory read at %.1f GB/s%n",
        measure.model(),
        measure.parameters(),
        measure.promptTokens(),
        measure.newTokens(),
        measure.readBytesPerSecond() / 1e9);
    System.out.printf(
        "%-9s %6s %12s %12s %12s %12s %16s%n",
        "dtype", "rows", "prefill", "decode", "generate", "limit", "early, late");
    for (DecodingMeasure.Rows rows : measure.decoding()) {
      System.out.printf(
          Locale.ROOT,
          "%-9s %6d %,12.1f %,12.1f %,12.1f %,12.1f %7.1f, %5.1f ms%n",
          rows.dtype(),
          rows.batch(),
          rows.prefillTokensPerSecond(),
          rows.decodeTokensPerSecond(),
          rows.generateTokensPerSecond(),
          rows.limitTokensPerSecond(),
          1e3 * rows.earlySecondsPerToken(),
          1e3 * rows.lateSecondsPerToken());
    }
    for (DecodingMeasure.SafeBeam search : measure.safebeam()) {
      System.out.printf(
          Locale.ROOT,
          "SafeBeam %d × %d, %s: %.1f ms a step, %.2f of a plain step of %d rows%n",
          search.beams(),
          search.extensions(),
          search.dtype(),
          1e3 * search.secondsPerStep(),
          search.ratio(),
          search.beams() * search.extensions());
    }
  }
}
