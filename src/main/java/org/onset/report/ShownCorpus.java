package org.onset.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.onset.corpus.card.AuditedCard;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.card.CorpusCard.Amount;

/**
 * A corpus on a page, with the sums that a page shows.
 *
 * @param label what it is called there: its name, told apart from another of the same name
 */
record ShownCorpus(String label, AuditedCard audited) {
  static final int MAX_SCORE = 5;

  private static final String KEEP = "keep";

  CorpusCard card() {
    return audited.card();
  }

  /** All that was scored: what stays of the sources. */
  Amount scored() {
    return atLeast(0);
  }

  Amount ofScore(int score) {
    return card().scores().getOrDefault(score, new Amount(0, 0));
  }

  Amount atLeast(int score) {
    return card().scores().tailMap(score).values().stream().reduce(new Amount(0, 0), Amount::and);
  }

  /**
   * Tokens of all scored texts as they were found. Streams may lack some of those texts, or hold
   * others, so it is the text's size times the tokens that a byte is in the streams that keep texts
   * (in all streams where none does); equal to their tokens where they hold each text once.
   */
  double tokensAsFound() {
    return tokensAsFound(scored());
  }

  /**
   * Tokens of the documents that a stream was made of, as they were found: those of a stream that
   * keeps just as many documents and bytes of text, else by the measure for all texts.
   */
  double tokensBefore(CorpusCard.HarmInStream harm) {
    return card().harm().streams().entrySet().stream()
        .filter(other -> !changesTexts(other.getKey()))
        .filter(other -> other.getValue().sources().equals(harm.sources()))
        .flatMap(other -> Stream.ofNullable(card().streams().get(other.getKey())))
        .mapToDouble(CorpusCard.Stream::tokens)
        .findFirst()
        .orElseGet(() -> tokensAsFound(harm.sources()));
  }

  private double tokensAsFound(Amount texts) {
    List<CorpusCard.Stream> found =
        card().interventions().kinds().entrySet().stream()
            .filter(kind -> kind.getValue().equals(KEEP))
            .flatMap(kind -> Stream.ofNullable(card().streams().get(kind.getKey())))
            .toList();
    Collection<CorpusCard.Stream> measured = found.isEmpty() ? card().streams().values() : found;
    double tokens = measured.stream().mapToLong(CorpusCard.Stream::tokens).sum();
    double bytes = measured.stream().mapToLong(CorpusCard.Stream::bytes).sum();
    return bytes == 0 ? 0 : tokens / bytes * texts.bytes();
  }

  /** Whether a stream holds other texts than were found. */
  boolean changesTexts(String stream) {
    String kind = card().interventions().kinds().get(stream);
    return kind != null && !kind.equals(KEEP);
  }

  long tokens() {
    return card().streams().values().stream().mapToLong(CorpusCard.Stream::tokens).sum();
  }

  long records() {
    return card().sources().stream().mapToLong(CorpusCard.Source::records).sum();
  }

  /** Reason → records left out of a source, whatever the reason is. */
  static SortedMap<String, Long> leftOut(CorpusCard.Source source) {
    SortedMap<String, Long> all = new TreeMap<>();
    source.dropped().forEach((reason, count) -> all.merge(reason, count, Long::sum));
    if (source.damaged() > 0) all.merge("damaged record", source.damaged(), Long::sum);
    if (source.skipped() > 0) all.merge("not chosen by the source", source.skipped(), Long::sum);
    return all;
  }

  SortedMap<String, Long> leftOut() {
    SortedMap<String, Long> all = new TreeMap<>();
    for (CorpusCard.Source source : card().sources()) {
      leftOut(source).forEach((reason, count) -> all.merge(reason, count, Long::sum));
    }
    return all;
  }

  static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Suites that a document was left out for, or that have a prompt too short to be sought. */
  List<String> suites() {
    CorpusCard.Contamination contamination = card().contamination();
    if (contamination == null) return List.of();
    TreeSet<String> suites = new TreeSet<>(contamination.shortPrompts().keySet());
    suites.addAll(contamination.documents().keySet());
    return List.copyOf(suites);
  }

  /** Scorers measured on held-out texts; an ensemble of one is left out, being that one. */
  List<CorpusCard.Quality> qualities() {
    boolean single =
        card().scorers().stream().map(CorpusCard.Quality::scorer).distinct().count() == 2;
    return card().scorers().stream()
        .filter(quality -> !single || !quality.scorer().equals(CorpusCard.Quality.ENSEMBLE))
        .toList();
  }
}
