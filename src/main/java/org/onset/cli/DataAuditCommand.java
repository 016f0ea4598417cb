package org.onset.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.corpus.card.Audit;
import org.onset.corpus.card.AuditSample;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.card.LabelSheet;
import org.onset.corpus.pipeline.AuditDraw;
import org.onset.report.CardPage;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "audit",
    description = "Draws documents of each score for people to label, and reads the labels back.",
    mixinStandardHelpOptions = true)
final class DataAuditCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "The corpus's folder.")
  private Path folder = Path.of("");

  @ArgGroup(multiplicity = "1")
  private Asked asked = new Asked();

  private static final class Asked {
    @Option(
        names = "--per-score",
        paramLabel = "N",
        description = "Draws so many documents of each score into audit/to-label.csv.")
    private @Nullable Integer perScore;

    @Option(
        names = "--labels",
        paramLabel = "FILE.csv",
        description = "Reads that file back, its column true_score filled in, into audit.json.")
    private @Nullable Path labels;
  }

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed draws other documents (default: ${DEFAULT-VALUE}).",
      defaultValue = "0")
  private long seed;

  @Override
  public Integer call() throws Exception {
    CorpusCard card = CorpusCard.read(folder.resolve(CorpusCard.FILE));
    if (asked.perScore != null) {
      draw(asked.perScore);
    } else if (asked.labels != null) {
      read(card, asked.labels);
    }
    return 0;
  }

  private void draw(int perScore) throws Exception {
    if (perScore < 1) {
      throw new BadInput("--per-score: must be 1 or more, was " + perScore);
    }
    AuditSample sample = AuditDraw.draw(folder, perScore, seed);
    LabelSheet.write(sample, folder);
    sample.write(folder);
    System.out.printf("%,d documents to label%n", sample.documents().size());
    System.out.println(folder.resolve(LabelSheet.FILE).toAbsolutePath().normalize());
  }

  private void read(CorpusCard card, Path labels) throws Exception {
    AuditSample sample = AuditSample.read(folder);
    Map<AuditSample.Drawn, Integer> read = LabelSheet.read(labels, sample);
    Audit audit = Audit.of(card, sample, read);
    audit.write(folder);
    System.out.printf("%,d labelled, %,d not%n", read.size(), audit.blank());
    audit
        .atLeast()
        .forEach(
            (score, precision) ->
                System.out.printf(
                    "truly %d or more, of what scores so: %s%n", score, shown(precision)));
    System.out.println(CardPage.write(folder).toAbsolutePath().normalize());
  }

  private static String shown(Audit.Precision precision) {
    Double value = precision.value();
    Double low = precision.low();
    Double high = precision.high();
    if (value == null || low == null || high == null) {
      return precision.unlabelled().isEmpty()
          ? "there is no such document"
          : "not known, none is labelled of score " + precision.unlabelled();
    }
    return "%.1f%% (95%% interval %.1f to %.1f)".formatted(value * 100, low * 100, high * 100);
  }
}
