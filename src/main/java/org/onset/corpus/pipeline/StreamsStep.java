package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
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
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.corpus.Split;
import org.onset.corpus.Streams;
import org.onset.corpus.card.CorpusCard.Amount;
import org.onset.corpus.card.CorpusCard.Excerpt;
import org.onset.corpus.card.CorpusCard.HarmInStream;
import org.onset.corpus.clean.Contamination;
import org.onset.corpus.intervene.Applied;
import org.onset.corpus.intervene.InterventionPlan;
import org.onset.corpus.intervene.Outcome;
import org.onset.corpus.intervene.Reason;
import org.onset.corpus.intervene.Rule;
import org.onset.corpus.intervene.Scored;
import org.onset.corpus.score.Score;

/** Makes the streams of a split's documents: one file for each stream that any of them is in. */
final class StreamsStep {
  static final String NAME = "streams";
  static final int VERSION = 6;

  /** Documents whose words are asked for together. */
  private static final int DOCUMENTS_AT_ONCE = 64;

  private static final long CHARACTERS_AT_ONCE = 1 << 20;

  private static final int EXCERPTS = 3;
  private static final int EXCERPT_CHARACTERS = 240;

  /** Whatever is chosen follows from it and a document's id. */
  static final long SEED = 0;

  /**
   * How documents become streams.
   *
   * @param scorers say whether a text was made safer
   * @param heldOut share of the documents with score 0 that are in no stream of the plan
   * @param contamination what texts of files and models may not hold; documents were held against
   *     it when they were read
   */
  record Settings(
      InterventionPlan plan, Scorers scorers, double heldOut, @Nullable Contamination contamination)
      implements Serializable {}

  /**
   * What a split gave.
   *
   * @param scores score → documents found with it, in their original form
   * @param categories main reason → documents with it
   * @param harm category → occurrences in the documents in their original form
   * @param streams stream → documents in it
   * @param harmOfStreams stream → occurrences before and after
   * @param failed stream → reason → documents that it lacks
   * @param removed documents of scores that no stream takes
   */
  record Counts(
      SortedMap<Integer, Amount> scores,
      SortedMap<String, Amount> categories,
      SortedMap<String, Long> harm,
      SortedMap<String, Amount> streams,
      SortedMap<String, HarmInStream> harmOfStreams,
      SortedMap<String, SortedMap<String, Long>> failed,
      long removed,
      List<Excerpt> excerpts) {}

  private StreamsStep() {}

  static Path stream(Path folder, String stream) {
    return folder.resolve(stream + DocumentFile.ENDING);
  }

  static Counts counts(Path folder) throws IOException {
    return JsonFile.read(folder.resolve("counts.json"), Counts.class);
  }

  /**
   * Makes the streams.
   *
   * @throws BadInput where a language model can't be asked for now; what it said is kept
   */
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
              throw JsonFile.damaged(scores.resolve(ScoresStep.FILE));
            }
            routing.add(document, score);
          });
      routing.applyWaiting();
      routing.requireAnswers();
      JsonFile.write(folder.resolve("counts.json"), routing.counts());
    }
  }

  /** A document as it was found, and what harm it mentions. */
  private record Found(KeptDocument document, Amount amount, HarmMentions harm) {}

  /** What a stream's documents mention, and what they did before anything was made of them. */
  private static final class Change {
    private final HarmMentions before = new HarmMentions();
    private final HarmMentions after = new HarmMentions();
    private Amount sources = new Amount(0, 0);

    void add(Found found, HarmMentions made) {
      sources = sources.and(found.amount());
      before.add(found.harm());
      after.add(made);
    }

    HarmInStream counts() {
      return new HarmInStream(sources, before.byCategory(), after.byCategory());
    }
  }

  private static final class Routing implements AutoCloseable {
    private final Settings settings;
    private final Path folder;
    private final Map<String, DocumentFile.Writer> writers = new LinkedHashMap<>();
    private final SortedMap<Integer, Amount> scores = new TreeMap<>();
    private final SortedMap<String, Amount> categories = new TreeMap<>();
    private final SortedMap<String, Amount> streams = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, Long>> failed = new TreeMap<>();
    private final SortedMap<String, String> temporary = new TreeMap<>();
    private final List<Excerpt> excerpts = new ArrayList<>();
    private final List<Found> waiting = new ArrayList<>();
    private final HarmMentions harm = new HarmMentions();
    private final SortedMap<String, Change> changes = new TreeMap<>();
    private long characters;
    private long removed;

    Routing(Settings settings, Path folder) {
      this.settings = settings;
      this.folder = folder;
    }

    void add(KeptDocument document, Score score) throws IOException {
      Amount amount = new Amount(1, KeptDocument.utf8Bytes(document.text()));
      scores.merge(score.level(), amount, Amount::and);
      score.category().ifPresent(category -> categories.merge(category, amount, Amount::and));
      excerpts.add(
          new Excerpt(
              score.level(), document.id(), beginning(document.text(), EXCERPT_CHARACTERS)));
      if (excerpts.size() > 64 * EXCERPTS) {
        keepFew(excerpts);
      }
      KeptDocument scoredDocument =
          new KeptDocument(
              document.id(),
              document.line(),
              document.text(),
              OptionalInt.of(score.level()),
              score.category(),
              List.of());
      Found found = new Found(scoredDocument, amount, HarmMentions.in(document.text()));
      harm.add(found.harm());
      if (score.level() == 0 && isHeldOut(document.id(), settings.heldOut())) {
        write(Streams.HELD_OUT, found, scoredDocument);
        return;
      }
      waiting.add(found);
      characters += document.text().length();
      if (waiting.size() == DOCUMENTS_AT_ONCE || characters > CHARACTERS_AT_ONCE) {
        applyWaiting();
        characters = 0;
      }
    }

    void applyWaiting() throws IOException {
      List<Scored> batch = waiting.stream().map(found -> scored(found.document())).toList();
      try {
        List<Applied> applied = PerWorker.interventions(settings).apply(batch);
        for (int i = 0; i < applied.size(); i++) {
          take(waiting.get(i), applied.get(i));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while asking a language model");
      }
      waiting.clear();
    }

    private static Scored scored(KeptDocument document) {
      return new Scored(
          document.id(), document.text(), document.score().orElseThrow(), document.category());
    }

    private void take(Found found, Applied applied) throws IOException {
      removed += applied.isRemoved() ? 1 : 0;
      for (Map.Entry<String, Outcome> stream : applied.streams().entrySet()) {
        switch (heldAgainstSuites(stream.getKey(), stream.getValue())) {
          case Outcome.Made made -> write(stream.getKey(), found, made);
          case Outcome.Failed(Reason reason, String detail) -> {
            failed
                .computeIfAbsent(stream.getKey(), _ -> new TreeMap<>())
                .merge(reason.toString(), 1L, Long::sum);
            if (reason.isTemporary()) {
              temporary.putIfAbsent(
                  "interventions.%s: %s".formatted(stream.getKey(), reason), detail);
            }
          }
        }
      }
    }

    private Outcome heldAgainstSuites(String stream, Outcome outcome) {
      Contamination contamination = settings.contamination();
      Rule rule = settings.plan().rules().get(stream);
      return contamination != null
              && rule != null
              && rule.hasForeignWords()
              && outcome instanceof Outcome.Made made
              && contamination.find(made.text()).isPresent()
          ? new Outcome.Failed(Reason.CONTAMINATED, "")
          : outcome;
    }

    /** What a text was scored is true of it as it was found, not of what was made of it. */
    private void write(String stream, Found found, Outcome.Made made) throws IOException {
      KeptDocument document = found.document();
      boolean asFound = isKept(stream);
      write(
          stream,
          found,
          new KeptDocument(
              document.id(),
              document.line(),
              made.text(),
              asFound ? document.score() : OptionalInt.empty(),
              asFound ? document.category() : Optional.empty(),
              made.inserted()));
    }

    private void write(String stream, Found found, KeptDocument document) throws IOException {
      changes
          .computeIfAbsent(stream, _ -> new Change())
          .add(found, keepsWords(stream) ? found.harm() : HarmMentions.in(document.text()));
      streams.merge(stream, new Amount(1, KeptDocument.utf8Bytes(document.text())), Amount::and);
      DocumentFile.Writer writer = writers.get(stream);
      if (writer == null) {
        writer = new DocumentFile.Writer(stream(folder, stream));
        writers.put(stream, writer);
      }
      writer.write(document);
    }

    private boolean isKept(String stream) {
      Rule rule = settings.plan().rules().get(stream);
      return rule != null && rule.kind() == Rule.Kind.KEEP;
    }

    /** Tags speak of no topic, and may not part the words of a query. */
    private boolean keepsWords(String stream) {
      Rule rule = settings.plan().rules().get(stream);
      return rule == null // held out
          || switch (rule.kind()) {
            case KEEP, TAG -> true;
            case REPHRASE, REFUSE, MORALISE, REFLECT -> false;
          };
    }

    void requireAnswers() {
      PerWorker.requireAnswers(temporary, settings.scorers().answers());
    }

    Counts counts() {
      keepFew(excerpts);
      SortedMap<String, HarmInStream> harmOfStreams = new TreeMap<>();
      changes.forEach((stream, change) -> harmOfStreams.put(stream, change.counts()));
      return new Counts(
          scores,
          categories,
          harm.byCategory(),
          streams,
          harmOfStreams,
          failed,
          removed,
          List.copyOf(excerpts));
    }

    @Override
    public void close() {
      writers.values().forEach(DocumentFile.Writer::close);
    }
  }

  private static boolean isHeldOut(String id, double share) {
    return share > 0 && Split.position(Streams.HELD_OUT, id) < share;
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

  /** The streams that lie in the folder, by name. */
  static List<String> streams(Path folder) throws IOException {
    return List.copyOf(counts(folder).streams().keySet());
  }
}
