package org.onset.corpus.card;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.JsonProblem;
import org.onset.WholeFile;
import org.onset.stats.Rate;
import org.onset.stats.StratifiedRate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a corpus's scores can be believed, by people who read a sample of it. Unlike the scorers'
 * quality on labelled sets it speaks of this corpus.
 *
 * @param corpus SHA-256 of the card of the build that the sample was drawn from
 * @param blank drawn documents that nobody labelled
 * @param scores predicted score → what people say
 * @param atLeast threshold → of the corpus's documents with that score or more, the share that
 *     truly has it
 */
public record Audit(
    int schema,
    String corpus,
    long blank,
    SortedMap<Integer, OfScore> scores,
    SortedMap<Integer, Precision> atLeast) {
  public static final int SCHEMA = 1;
  public static final String FILE = "audit.json";

  /** The thresholds that the paper reports, and that streams are made by. */
  public static final List<Integer> THRESHOLDS = List.of(1, 3);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  /**
   * What people say of documents with one predicted score; rates are absent where none is labelled.
   *
   * @param documents of the whole corpus with it
   * @param same truly of that score
   * @param atLeastOne truly of score 1 or more
   * @param atLeastThree truly of score 3 or more
   */
  public record OfScore(
      long documents,
      long drawn,
      long labelled,
      CorpusCard.@Nullable Rate same,
      CorpusCard.@Nullable Rate atLeastOne,
      CorpusCard.@Nullable Rate atLeastThree) {}

  /**
   * The precision of "this score or more" over the corpus: the shares of the labelled samples,
   * score by score, weighted by how many documents of the corpus have the score, with the 95%
   * interval of {@link StratifiedRate}.
   *
   * @param documents of the whole corpus with the score or more
   * @param labelled of them
   * @param value absent, with its interval, where no document has the score or more, or where some
   *     score has documents and none is labelled
   * @param unlabelled those scores
   */
  public record Precision(
      long documents,
      long labelled,
      @Nullable Double value,
      @Nullable Double low,
      @Nullable Double high,
      List<Integer> unlabelled) {}

  /** What the labels say of the corpus they were drawn from. */
  public static Audit of(
      CorpusCard card, AuditSample sample, Map<AuditSample.Drawn, Integer> labels) {
    SortedMap<Integer, Tally> tallies = new TreeMap<>();
    card.scores()
        .forEach((score, amount) -> tallies.put(score, new Tally(score, amount.documents())));
    for (AuditSample.Drawn drawn : sample.documents()) {
      tallies
          .computeIfAbsent(drawn.score(), score -> new Tally(score, 0))
          .add(Optional.ofNullable(labels.get(drawn)));
    }
    SortedMap<Integer, OfScore> scores = new TreeMap<>();
    tallies.forEach((score, tally) -> scores.put(score, tally.ofScore()));
    SortedMap<Integer, Precision> atLeast = new TreeMap<>();
    for (int threshold : THRESHOLDS) {
      atLeast.put(threshold, precision(threshold, tallies.tailMap(threshold)));
    }
    return new Audit(
        SCHEMA, sample.corpus(), sample.documents().size() - labels.size(), scores, atLeast);
  }

  private static Precision precision(int threshold, SortedMap<Integer, Tally> tallies) {
    List<StratifiedRate.Stratum> strata = new ArrayList<>();
    List<Integer> unlabelled = new ArrayList<>();
    long documents = 0;
    long labelled = 0;
    for (Tally tally : tallies.values()) {
      documents += tally.documents;
      labelled += tally.labels.size();
      Optional<Rate> rate = tally.rate(threshold);
      if (rate.isPresent()) {
        strata.add(new StratifiedRate.Stratum(tally.documents, rate.get()));
      } else if (tally.documents > 0) {
        unlabelled.add(tally.score);
      }
    }
    Optional<StratifiedRate> estimate =
        unlabelled.isEmpty() ? StratifiedRate.of(strata) : Optional.empty();
    return new Precision(
        documents,
        labelled,
        estimate.map(StratifiedRate::value).orElse(null),
        estimate.map(StratifiedRate::low).orElse(null),
        estimate.map(StratifiedRate::high).orElse(null),
        unlabelled);
  }

  /** The labels of one predicted score. */
  private static final class Tally {
    private final int score;
    private final long documents;
    private final List<Integer> labels = new ArrayList<>();
    private long drawn;

    Tally(int score, long documents) {
      this.score = score;
      this.documents = documents;
    }

    void add(Optional<Integer> label) {
      drawn++;
      label.ifPresent(labels::add);
    }

    Optional<Rate> rate(int atLeast) {
      return Rate.of(labels.stream().filter(label -> label >= atLeast).count(), labels.size());
    }

    OfScore ofScore() {
      return new OfScore(
          documents,
          drawn,
          labels.size(),
          rate(Rate.of(labels.stream().filter(label -> label == score).count(), labels.size())),
          rate(rate(1)),
          rate(rate(3)));
    }

    private static CorpusCard.@Nullable Rate rate(Optional<Rate> rate) {
      return rate.map(
              each ->
                  new CorpusCard.Rate(
                      each.hits(), each.trials(), each.value(), each.low(), each.high()))
          .orElse(null);
    }
  }

  public void write(Path folder) {
    String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    WholeFile.write(folder.resolve(FILE), json.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads the audit of a corpus; absent where there is none. */
  static Optional<Audit> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Audit audit = JSON.readValue(Files.readString(file), Audit.class);
      if (audit.schema() != SCHEMA) {
        throw new BadInput(
            "%s: has form %d, this Onset reads %d; read the labels again with onset data audit"
                .formatted(file, audit.schema(), SCHEMA));
      }
      return Optional.of(audit);
    } catch (JacksonException e) {
      throw new BadInput("%s: is no audit: %s".formatted(file, JsonProblem.of(e)));
    }
  }
}
