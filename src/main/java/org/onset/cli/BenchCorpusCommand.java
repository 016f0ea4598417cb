package org.onset.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.onset.BadInput;
import org.onset.bench.GeneratedCorpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "corpus",
    description = "Makes a large corpus of a few texts' words, for measuring what size costs.",
    mixinStandardHelpOptions = true)
final class BenchCorpusCommand implements Callable<Integer> {
  private static final double MOST_GIGABYTES = 10_000;

  @Option(
      names = "--input",
      paramLabel = "FILES",
      required = true,
      arity = "1..*",
      description = "Whose words are taken, up to 6 million characters.")
  private List<Path> input = List.of();

  @Option(
      names = "--gigabytes",
      paramLabel = "N",
      required = true,
      description = "How much text, in 10^9 bytes; 0.5 will do.")
  private double gigabytes;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "A new folder, for files of 200 MB, every other packed.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws Exception {
    if (!(gigabytes > 0 && gigabytes <= MOST_GIGABYTES)) {
      throw new BadInput(
          "--gigabytes: must be above 0 and at most %.0f, was %s"
              .formatted(MOST_GIGABYTES, gigabytes));
    }
    GeneratedCorpus.write(input, (long) (gigabytes * 1e9), out);
    System.out.println(out.toAbsolutePath().normalize());
    return 0;
  }
}
