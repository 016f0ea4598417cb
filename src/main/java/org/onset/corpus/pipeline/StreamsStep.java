package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.onset.Seeds;
import org.onset.corpus.Document;
import org.onset.corpus.Rewriter;
import org.onset.corpus.Split;
import org.onset.corpus.Streams;
import org.onset.corpus.card.CorpusCard.Amount;
import org.onset.corpus.card.CorpusCard.Excerpt;
import org.onset.corpus.score.Score;

/** Makes the streams of a split's documents: one file for each stream that any of them is in. */
final class StreamsStep {
  static final String NAME = "streams";
  static final int VERSION = 2;

  /** The streams that hold texts as they were found. */
  static final List<String> FOUND = List.of(Streams.SAFE, Streams.UNSAFE);

  private static final int EXCERPTS = 3;
  private static final int EXCERPT_CHARACTERS = 240;
  private static final Seeds SEEDS = new Seeds(0);

  /** How documents become streams. */
  record Settings(String tag, double tagProbability) implements Serializable {}

  /**
   * What a split gave.
   *
   * @param scores score → documents found with it, in their original form
   * @param categories main reason → documents with it
   * @param streams stream → documents in it
   * @param declined stream → documents that nobody rewrote
   */
  record Counts(
      SortedMap<Integer, Amount> scores,
      SortedMap<String, Amount> categories,
      SortedMap<String, Amount> streams,
      SortedMap<String, Long> declined,
      List<Excerpt> excerpts) {}

  private StreamsStep() {}

  static Path stream(Path folder, String stream) {
    return folder.resolve(stream + DocumentFile.ENDING);
  }

  static Counts counts(Path folder) throws IOException {
    return JsonFile.read(folder.resolve("counts.json"), Counts.class);
  }

  static void run(Path documents, Selected selected, Path scores, Settings settings, Path folder)
      throws IOException {
    Map<Integer, Score> scored = ScoresStep.read(scores);
    try (Routing routing = new Routing(settings, folder)) {
      DocumentFile.read(
          documents,
          selected::stays,
          (ordinal, document) -> {
            Score score = scored.get(ordinal);
            if (score == null) {
              throw new IOException(scores + " lacks a score; delete that folder");
            }
            routing.add(document, score);
          });
      JsonFile.write(folder.resolve("counts.json"), routing.counts());
    }
  }

  private static final class Routing implements AutoCloseable {
    private final Settings settings;
    private final Path folder;
    private final Map<String, DocumentFile.Writer> writers = new LinkedHashMap<>();
    private final SortedMap<Integer, Amount> scores = new TreeMap<>();
    private final SortedMap<String, Amount> categories = new TreeMap<>();
    private final SortedMap<String, Amount> streams = new TreeMap<>();
    private final SortedMap<String, Long> declined = new TreeMap<>();
    private final List<Excerpt> excerpts = new ArrayList<>();

    Routing(Settings settings, Path folder) {
      this.settings = settings;
      this.folder = folder;
    }

    void add(KeptDocument document, Score score) throws IOException {
      Amount amount = new Amount(1, bytes(document.text()));
      scores.merge(score.level(), amount, Amount::and);
      score.category().ifPresent(category -> categories.merge(category, amount, Amount::and));
      excerpts.add(
          new Excerpt(
              score.level(), document.id(), beginning(document.text(), EXCERPT_CHARACTERS)));
      if (excerpts.size() > 64 * EXCERPTS) {
        keepFew(excerpts);
      }
      Document scored =
          new Document(
              document.id(), document.text(), "", OptionalInt.of(score.level()), score.category());
      Streams routed =
          Streams.route(
              List.of(scored), Rewriter.none(), settings.tag(), settings.tagProbability(), SEEDS);
      for (Map.Entry<String, List<Document>> stream : routed.documents().entrySet()) {
        for (Document made : stream.getValue()) {
          write(stream.getKey(), document, made.text(), score);
        }
      }
      routed.declined().forEach((stream, count) -> declined.merge(stream, (long) count, Long::sum));
    }

    /** What a text was scored is true of it as it was found, not of what was made of it. */
    private void write(String stream, KeptDocument document, String text, Score score)
        throws IOException {
      boolean asFound = FOUND.contains(stream);
      streams.merge(stream, new Amount(1, bytes(text)), Amount::and);
      DocumentFile.Writer writer = writers.get(stream);
      if (writer == null) {
        writer = new DocumentFile.Writer(stream(folder, stream));
        writers.put(stream, writer);
      }
      writer.write(
          new KeptDocument(
              document.id(),
              document.line(),
              text,
              asFound ? OptionalInt.of(score.level()) : OptionalInt.empty(),
              asFound ? score.category() : Optional.empty()));
    }

    private static long bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }

    Counts counts() {
      keepFew(excerpts);
      return new Counts(scores, categories, streams, declined, List.copyOf(excerpts));
    }

    @Override
    public void close() {
      writers.values().forEach(DocumentFile.Writer::close);
    }
  }

  /** The first characters of a text, no surrogate pair of it cut in two. */
  static String beginning(String text, int characters) {
    int end = Math.min(text.length(), characters);
    return end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))
        ? text.substring(0, end - 1)
        : text.substring(0, end);
  }

  /**
   * Of each score those whose ids hash lowest, so that any grouping of documents keeps the same.
   */
  static void keepFew(List<Excerpt> excerpts) {
    excerpts.sort(
        Comparator.comparingInt(Excerpt::score)
            .thenComparingDouble(excerpt -> Split.position("excerpt", excerpt.id()))
            .thenComparing(Excerpt::id));
    Map<Integer, Integer> kept = new TreeMap<>();
    excerpts.removeIf(excerpt -> kept.merge(excerpt.score(), 1, Integer::sum) > EXCERPTS);
  }

  /** The streams that lie in the folder. */
  static List<String> streams(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    for (String stream : Streams.NAMES) {
      if (Files.exists(stream(folder, stream))) {
        found.add(stream);
      }
    }
    return found;
  }
}
