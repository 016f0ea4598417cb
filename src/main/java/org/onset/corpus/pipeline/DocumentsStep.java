package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.Split;
import org.onset.corpus.Tagger;
import org.onset.corpus.clean.Contamination;
import org.onset.corpus.clean.QualityFilter;
import org.onset.corpus.clean.QualitySpec;
import org.onset.corpus.clean.Verdict;
import org.onset.corpus.source.FileSplit;
import org.onset.corpus.source.SourceRecord;
import org.onset.corpus.source.SplitReader;
import org.onset.corpus.source.TextSource;

/**
 * Reads a split: takes the tag's literal out of every text, and leaves out what is damaged, of poor
 * quality, or known from an evaluation suite.
 */
final class DocumentsStep {
  static final String NAME = "documents";
  static final int VERSION = 3;
  private static final int SAMPLES = 20;
  private static final String CONTAMINATED = "contaminated";

  /** What a split's documents are read by. */
  record Settings(
      TextSource source,
      int longestLineBytes,
      String tag,
      @Nullable QualitySpec quality,
      @Nullable Contamination contamination)
      implements Serializable {}

  /** A damaged record; {@code line} counts within the split, from 0. */
  record Damaged(long line, String reason, String excerpt) {}

  /** A document that holds a passage of an evaluation prompt. */
  record Contaminated(String id, String suite, String prompt, String passage) {}

  /**
   * What became of a split.
   *
   * @param lines of the split; of Parquet its rows
   * @param records that are a document or a damaged one
   * @param skipped left out by the source's filter or share
   * @param keptBytes the text of the kept documents in UTF-8
   * @param tags literal tags taken out
   * @param dropped reason → documents
   * @param samples the first damaged records
   */
  record Counts(
      long lines,
      long records,
      long skipped,
      long damaged,
      long kept,
      long keptBytes,
      long tags,
      SortedMap<String, Long> dropped,
      List<Damaged> samples) {}

  private DocumentsStep() {}

  /** All of a source's settings that decide what a record becomes. */
  static String declared(TextSource source) {
    return WorkFolder.key(
        source.idColumn(),
        source.textColumn(),
        source.scoreColumn(),
        source.where(),
        source.share());
  }

  static Path documents(Path folder) {
    return folder.resolve(NAME + DocumentFile.ENDING);
  }

  static Counts counts(Path folder) throws IOException {
    return JsonFile.read(folder.resolve("counts.json"), Counts.class);
  }

  static List<Contaminated> contaminated(Path folder) throws IOException {
    return JsonFile.readLines(folder.resolve("contaminated.jsonl"), Contaminated.class);
  }

  static void run(FileSplit split, Settings settings, Configuration hadoop, Path folder)
      throws IOException {
    Reading reading = new Reading(split, settings);
    try (DocumentFile.Writer out = new DocumentFile.Writer(documents(folder))) {
      SplitReader reader = new SplitReader(settings.source(), hadoop, settings.longestLineBytes());
      long lines = reader.read(split, record -> reading.take(record, out));
      JsonFile.write(folder.resolve("counts.json"), reading.counts(lines));
      JsonFile.writeLines(folder.resolve("contaminated.jsonl"), reading.contaminated);
    }
  }

  private static final class Reading {
    final FileSplit split;
    final Settings settings;
    final Optional<QualityFilter> quality;
    final SortedMap<String, Long> dropped = new TreeMap<>();
    final List<Damaged> samples = new ArrayList<>();
    final List<Contaminated> contaminated = new ArrayList<>();
    long records;
    long skipped;
    long damaged;
    long kept;
    long keptBytes;
    long tags;

    Reading(FileSplit split, Settings settings) {
      this.split = split;
      this.settings = settings;
      this.quality = Optional.ofNullable(settings.quality()).map(QualityFilter::new);
    }

    void take(SourceRecord record, DocumentFile.Writer out) {
      switch (record) {
        case SourceRecord.NotWanted _ -> skipped++;
        case SourceRecord.Damaged(long line, String reason, String excerpt) -> {
          records++;
          damaged++;
          if (samples.size() < SAMPLES) {
            samples.add(new Damaged(line, reason, excerpt));
          }
        }
        case SourceRecord.Text text -> {
          // Lines count within the split, so its place is part of the name; the folder isn't, so
          // that a corpus which moves stays the same.
          String id =
              text.id().isEmpty()
                  ? "%s/%s@%d:%d"
                      .formatted(split.source(), split.name(), split.start(), text.line())
                  : text.id();
          if (!isInShare(id)) {
            skipped++;
            return;
          }
          records++;
          Tagger.Untagged clean = Tagger.untag(text.text(), settings.tag());
          tags += clean.removed();
          keep(
              new KeptDocument(
                  id, text.line(), clean.text(), text.score(), Optional.empty(), List.of()),
              out);
        }
      }
    }

    private boolean isInShare(String id) {
      double share = settings.source().share().value();
      return share >= 1 || Split.position("share", id) < share;
    }

    private void keep(KeptDocument document, DocumentFile.Writer out) {
      switch (verdict(document)) {
        case Verdict.Drop(String reason) -> dropped.merge(reason, 1L, Long::sum);
        case Verdict.Keep _ -> {
          kept++;
          keptBytes += KeptDocument.utf8Bytes(document.text());
          out.write(document);
        }
      }
    }

    private Verdict verdict(KeptDocument document) {
      if (document.text().isBlank()) {
        return new Verdict.Drop("nothing but tags");
      }
      Verdict verdict =
          quality.map(filter -> filter.judge(document.text())).orElse(new Verdict.Keep());
      Contamination contamination = settings.contamination();
      if (contamination == null || verdict instanceof Verdict.Drop) {
        return verdict;
      }
      return contamination
          .find(document.text())
          .<Verdict>map(
              match -> {
                contaminated.add(
                    new Contaminated(
                        document.id(), match.suite(), match.promptId(), match.passage()));
                return new Verdict.Drop(CONTAMINATED);
              })
          .orElse(verdict);
    }

    Counts counts(long lines) {
      return new Counts(
          lines, records, skipped, damaged, kept, keptBytes, tags, dropped, List.copyOf(samples));
    }
  }
}
