package org.onset.corpus.card;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.onset.corpus.card.CorpusCard.Amount;
import org.onset.corpus.card.CorpusCard.AtLeast;
import org.onset.corpus.card.CorpusCard.Quality;
import org.onset.corpus.card.CorpusCard.Rate;

/** Made-up cards whose numbers are told apart easily. */
public final class SyntheticCard {
  /** Where a name, an id, a category or a text may stand, a page must not run this. */
  public static final String ATTACK =
      "</script><script>window.injected = 1</script><img src=x onerror=alert(1)>";

  private SyntheticCard() {}

  /** A thousand documents, of every score some, from two sources. */
  public static CorpusCard plain() {
    return card("plain", "books", "forums", "slurs", "advbench", "surge", "f-17", "How it begins");
  }

  /** The same with markup, and characters that steer, in every text. */
  public static CorpusCard hostile() {
    String text = ATTACK + "\u0000\u001b[2J\u202eevil\u2066\r\n";
    return card(
        ATTACK, "books" + ATTACK, "forums" + ATTACK, text, ATTACK, ATTACK, text, text.repeat(3));
  }

  /** Nothing was sought, checked, scored or measured, and one document is there. */
  public static CorpusCard bare() {
    return new CorpusCard(
        CorpusCard.SCHEMA,
        "bare",
        List.of(new CorpusCard.Source("one", 1, 1, 0, 0, 0, new TreeMap<>(), new Amount(1, 12))),
        new TreeMap<>(Map.of(0, new Amount(1, 12))),
        new TreeMap<>(),
        new CorpusCard.Harm("harm-queries-v1", new TreeMap<>(), new TreeMap<>()),
        new TreeMap<>(Map.of("safe", new CorpusCard.Stream(1, 12, 4))),
        new TreeMap<>(Map.of("one", new TreeMap<>(Map.of("safe", 4L)))),
        new CorpusCard.Tokens(300, "ab".repeat(32), 0),
        null,
        null,
        NO_INTERVENTIONS,
        List.of(),
        List.of());
  }

  public static final CorpusCard.Interventions NO_INTERVENTIONS =
      new CorpusCard.Interventions(
          new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0, new TreeMap<>());

  /** Every score's first {@code labels.length} documents drawn, and labelled so. */
  public static Audit audit(CorpusCard card, String corpus, int... labels) {
    List<AuditSample.Drawn> drawn = new ArrayList<>();
    Map<AuditSample.Drawn, Integer> labelled = new LinkedHashMap<>();
    for (int score : card.scores().keySet()) {
      for (int i = 0; i < labels.length; i++) {
        AuditSample.Drawn one = new AuditSample.Drawn(score + "-" + i, score, null, "text");
        drawn.add(one);
        labelled.put(one, labels[i]);
      }
    }
    AuditSample sample = new AuditSample(1, corpus, 0, labels.length, drawn);
    return Audit.of(card, sample, labelled);
  }

  private static CorpusCard card(
      String name,
      String first,
      String second,
      String category,
      String suite,
      String set,
      String id,
      String text) {
    SortedMap<Integer, Amount> scores = new TreeMap<>();
    int[] documents = {774, 97, 82, 27, 10, 10};
    List<CorpusCard.Excerpt> excerpts = new ArrayList<>();
    for (int score = 0; score < documents.length; score++) {
      scores.put(score, new Amount(documents[score], documents[score] * 2048L));
      excerpts.add(new CorpusCard.Excerpt(score, id + score, text));
    }
    SortedMap<String, SortedMap<String, Long>> tokens = new TreeMap<>();
    tokens.put(
        first, new TreeMap<>(Map.of("safe", 300_000L, "unsafe", 40_000L, "tagged", 41_000L)));
    tokens.put(
        second, new TreeMap<>(Map.of("safe", 100_000L, "unsafe", 60_000L, "tagged", 61_000L)));
    return new CorpusCard(
        CorpusCard.SCHEMA,
        name,
        List.of(
            new CorpusCard.Source(
                first,
                3,
                700,
                0,
                2,
                1,
                new TreeMap<>(Map.of("exact duplicate", 5L, "near-duplicate", 7L)),
                new Amount(698, 1_400_000)),
            new CorpusCard.Source(
                second,
                1,
                330,
                0,
                0,
                0,
                new TreeMap<>(Map.of("contaminated", 16L)),
                new Amount(314, 600_000))),
        scores,
        new TreeMap<>(Map.of(category, new Amount(50, 100_000))),
        harm(category),
        new TreeMap<>(
            Map.of(
                "safe", new CorpusCard.Stream(774, 1_585_152, 400_000),
                "unsafe", new CorpusCard.Stream(226, 462_848, 100_000),
                "tagged", new CorpusCard.Stream(226, 470_000, 102_000))),
        tokens,
        new CorpusCard.Tokens(4096, "cd".repeat(32), 2_000),
        new CorpusCard.Duplicates(0.8, 5, 14, 8, 5, 7),
        new CorpusCard.Contamination(
            13, new TreeMap<>(Map.of(suite, 280)), new TreeMap<>(Map.of(suite, 16L))),
        new CorpusCard.Interventions(
            new TreeMap<>(Map.of("safe", "keep", "unsafe", "keep", "tagged", "tag")),
            new TreeMap<>(Map.of("safe", "joined", "unsafe", "joined", "tagged", "separate")),
            new TreeMap<>(Map.of("refusal", new TreeMap<>(Map.of("no refusal", 3L)))),
            7,
            new TreeMap<>(Map.of("no score", 2L))),
        List.of(
            quality("linear", "all", 40),
            quality("embedding", "all", 45),
            quality("ensemble", "all", 48),
            quality("ensemble", set, 48)),
        excerpts);
  }

  /** One category that only unsafe documents mention, and of which tagging leaves all. */
  private static CorpusCard.Harm harm(String category) {
    SortedMap<String, Long> none = new TreeMap<>(Map.of(category, 0L, "privacy", 0L));
    SortedMap<String, Long> all = new TreeMap<>(Map.of(category, 60L, "privacy", 0L));
    Amount unsafe = new Amount(226, 462_848);
    return new CorpusCard.Harm(
        "harm-queries-v1",
        all,
        new TreeMap<>(
            Map.of(
                "safe", new CorpusCard.HarmInStream(new Amount(774, 1_585_152), none, none),
                "unsafe", new CorpusCard.HarmInStream(unsafe, all, all),
                "tagged", new CorpusCard.HarmInStream(unsafe, all, all))));
  }

  private static Quality quality(String scorer, String set, int found) {
    SortedMap<Integer, AtLeast> atLeast = new TreeMap<>();
    for (int score = 1; score <= 5; score++) {
      atLeast.put(
          score,
          score > 3 ? new AtLeast(null, null) : new AtLeast(rate(found, 50), rate(found, 60)));
    }
    return new Quality(
        scorer, set, 120, atLeast, new TreeMap<>(Map.of(0, rate(70, 75), 3, rate(found, 60))));
  }

  private static Rate rate(long hits, long of) {
    org.onset.stats.Rate rate = org.onset.stats.Rate.of(hits, of).orElseThrow();
    return new Rate(hits, of, rate.value(), rate.low(), rate.high());
  }
}
