package org.onset.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.onset.BadInput;
import org.onset.WholeFolder;
import org.onset.bench.BenchJson;
import org.onset.corpus.source.SourceTexts;
import org.onset.token.BytePairTrainer;
import org.onset.token.ParallelWordCount;
import org.onset.token.WordCounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "train",
    description = "Trains a byte-level BPE tokenizer, GPT-2's kind, on all processors.",
    mixinStandardHelpOptions = true)
final class TokenizerTrainCommand implements Callable<Integer> {
  private static final int LARGEST = 1 << 20;

  @Option(
      names = "--input",
      paramLabel = "FILES",
      required = true,
      arity = "1..*",
      description =
          "Files, folders or globs, as a corpus's source; the text is in the column text.")
  private List<Path> input = List.of();

  @Option(
      names = "--vocab-size",
      paramLabel = "N",
      required = true,
      description = "Entries: special tokens, the 256 bytes, and merges.")
  private int vocabSize;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "A new folder for tokenizer.json and tokenizer_config.json.")
  private Path out = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * What was done.
   *
   * @param inputBytes of text in UTF-8
   * @param countingSeconds reading included
   */
  private record Trained(
      long documents,
      long damaged,
      long inputBytes,
      long words,
      int vocabSize,
      double countingSeconds,
      double mergingSeconds) {}

  @Override
  public Integer call() throws Exception {
    List<String> problems = new ArrayList<>();
    if (vocabSize < BytePairTrainer.SMALLEST || vocabSize > LARGEST) {
      problems.add(
          "--vocab-size: must lie within %,d and %,d, was %,d"
              .formatted(BytePairTrainer.SMALLEST, LARGEST, vocabSize));
    }
    if (Files.exists(out)) {
      problems.add("--out: " + out + " is there already; name a new folder");
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    Trained trained = WholeFolder.write(out, this::train);
    if (json) {
      System.out.println(BenchJson.of(trained));
    } else {
      System.out.printf(
          Locale.ROOT,
          "%,d different words of %.1f MB counted in %.1f s, merged in %.1f s%n",
          trained.words(),
          trained.inputBytes() / 1e6,
          trained.countingSeconds(),
          trained.mergingSeconds());
      System.out.println(out.toAbsolutePath().normalize());
    }
    if (trained.damaged() > 0) {
      System.err.printf("onset: %,d damaged records were passed over%n", trained.damaged());
    }
    return 0;
  }

  private Trained train(Path folder) {
    long[] read = new long[2];
    long startedNanos = System.nanoTime();
    try (ParallelWordCount count =
        new ParallelWordCount(Runtime.getRuntime().availableProcessors())) {
      long damaged =
          SourceTexts.read(
              input,
              text -> {
                read[0]++;
                read[1] += text.getBytes(StandardCharsets.UTF_8).length;
                count.add(text);
              });
      WordCounts words = count.finish();
      long countedNanos = System.nanoTime();
      BytePairTrainer.train(words, "--vocab-size", vocabSize, folder);
      return new Trained(
          read[0],
          damaged,
          read[1],
          words.size(),
          vocabSize,
          (countedNanos - startedNanos) / 1e9,
          (System.nanoTime() - countedNanos) / 1e9);
    }
  }
}
