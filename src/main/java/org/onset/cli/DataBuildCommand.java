package org.onset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.onset.BadInput;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.pipeline.CorpusBuild;
import org.onset.corpus.pipeline.CorpusFile;
import org.onset.corpus.pipeline.DeclaredCorpus;
import org.onset.corpus.pipeline.Progress;
import org.onset.report.CardPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "build",
    description = "Makes token shards of raw text, or what is left to make of them.",
    mixinStandardHelpOptions = true)
final class DataBuildCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CORPUS.yaml", description = "The corpus file.")
  private Path corpusFile = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The corpus's folder; workers of a cluster must see it under the same path.")
  private Path out = Path.of("");

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark's master: local[N], or a cluster's address (default: ${DEFAULT-VALUE}).",
      defaultValue = "local[*]")
  private String master = "";

  @Override
  public Integer call() throws Exception {
    DeclaredCorpus corpus = CorpusFile.read(corpusFile);
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new BadInput("--out: " + out + " is a file; name a folder");
    }
    CorpusCard card = CorpusBuild.run(corpus, CorpusBuild.Options.in(out, master), new Lines());
    Set<String> streams = new TreeSet<>(corpus.spec().interventions().keySet());
    streams.addAll(card.streams().keySet());
    for (String name : streams) {
      CorpusCard.Stream stream = card.streams().getOrDefault(name, new CorpusCard.Stream(0, 0, 0));
      System.out.printf(
          "%-10s %,12d documents %,16d tokens%n", name, stream.documents(), stream.tokens());
    }
    System.out.println(CardPage.write(out).toAbsolutePath().normalize());
    return 0;
  }

  /** A line a step on standard error. */
  private static final class Lines implements Progress {
    @Override
    public void begins(String step, int done, int all) {
      System.err.printf("%s: %d of %d to make%n", step, all - done, all);
    }

    @Override
    public void ends(String step, double seconds) {
      System.err.printf("%s: done in %.1f s%n", step, seconds);
    }
  }
}
