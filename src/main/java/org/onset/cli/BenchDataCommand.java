package org.onset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.bench.BenchJson;
import org.onset.bench.DataBenchmark;
import org.onset.bench.DataMeasure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "data",
    description = "Measures the corpus pipeline, and our tokenizing beside Hugging Face's library.",
    mixinStandardHelpOptions = true)
final class BenchDataCommand implements Callable<Integer> {
  @Option(
      names = "--input",
      paramLabel = "FILES",
      required = true,
      arity = "1..*",
      description =
          "Files, folders or globs, as a corpus's source; the text is in the column text.")
  private List<Path> input = List.of();

  @Option(
      names = "--tokenizer",
      paramLabel = "FOLDER",
      description = "A folder with a tokenizer.json (default: one trained on the input).")
  private @Nullable Path tokenizer;

  @Option(
      names = "--score-column",
      paramLabel = "NAME",
      description = "Where scores from 0 to 5 are known already, so that no scorer runs.")
  private @Nullable String scoreColumn;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (tokenizer != null && !Files.isDirectory(tokenizer)) {
      throw new BadInput(
          "--tokenizer: " + tokenizer + ": no such folder; name one with a tokenizer.json");
    }
    DataBenchmark.Subject subject =
        new DataBenchmark.Subject(
            input,
            Optional.ofNullable(tokenizer),
            DataBenchmark.Subject.USUAL_VOCAB_SIZE,
            Optional.ofNullable(scoreColumn));
    DataMeasure measure = new DataBenchmark(subject, System.err).measure();
    if (json) {
      System.out.println(BenchJson.of(measure));
    } else {
      print(subject, measure);
    }
    return 0;
  }

  private static void print(DataBenchmark.Subject subject, DataMeasure measure) {
    System.out.printf(
        Locale.ROOT,
        "%,d documents, %.1f MB of text; %,d tokens, of %s%n",
        measure.documents(),
        measure.inputBytes() / 1e6,
        measure.tokens(),
        subject
            .tokenizer()
            .map(folder -> "the tokenizer in " + folder)
            .orElse("a tokenizer trained on them, of %,d entries".formatted(subject.vocabSize())));
    System.out.printf(Locale.ROOT, "Spark starts in %.1f s%n", measure.startSeconds());
    System.out.printf("%-12s %9s %7s%n", "step", "seconds", "share");
    for (DataMeasure.Step step : measure.steps()) {
      System.out.printf(
          Locale.ROOT, "%-12s %9.2f %6.0f%%%n", step.name(), step.seconds(), 100 * step.share());
    }
    double seconds = measure.inputBytes() / 1e6 / measure.mbPerSecond();
    System.out.printf(
        Locale.ROOT, "%-12s %9.2f, %.2f MB/s%n", "all", seconds, measure.mbPerSecond());
    DataMeasure.Tokenizing tokenizing = measure.tokenizer();
    System.out.printf(
        Locale.ROOT,
        "encoding alone: ours %.1f MB/s, Hugging Face's library %.1f, %s%n",
        tokenizing.oursMbPerSecond(),
        tokenizing.hfMbPerSecond(),
        tokenizing.identicalIds() ? "with the same ids" : "with OTHER ids");
    Long peak = measure.peakMemoryBytes();
    System.out.println(
        "peak memory of the builds: "
            + (peak == null ? "unknown" : "%,d MiB".formatted(peak >> 20)));
  }
}
