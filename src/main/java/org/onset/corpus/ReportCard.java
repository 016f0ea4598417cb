package org.onset.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Data Safety Report Card: how much text there is, and how much of it has which score.
 *
 * @param characters Unicode code points
 * @param documentsByScore how many documents have score 0, 1, …, 5
 * @param unscored how many have none
 * @param sources what each source holds, by name
 */
public record ReportCard(
    long documents,
    long characters,
    List<Long> documentsByScore,
    long unscored,
    Map<String, Holding> sources) {

  /** What one source holds; {@code unsafe} counts its documents of a score above 0. */
  public record Holding(long documents, long characters, long unsafe) {
    Holding and(Holding other) {
      return new Holding(
          documents + other.documents, characters + other.characters, unsafe + other.unsafe);
    }
  }

  public ReportCard {
    documentsByScore = List.copyOf(documentsByScore);
    sources = Collections.unmodifiableMap(new TreeMap<>(sources));
  }

  public static ReportCard of(List<Document> documents) {
    List<Long> byScore = new ArrayList<>(Collections.nCopies(Document.MAX_SCORE + 1, 0L));
    Map<String, Holding> sources = new TreeMap<>();
    Holding all = new Holding(0, 0, 0);
    long unscored = 0;
    for (Document document : documents) {
      if (document.score().isPresent()) {
        int score = document.score().getAsInt();
        byScore.set(score, byScore.get(score) + 1);
      } else {
        unscored++;
      }
      String text = document.text();
      Holding one =
          new Holding(
              1, text.codePointCount(0, text.length()), document.score().orElse(0) > 0 ? 1 : 0);
      sources.merge(document.source(), one, Holding::and);
      all = all.and(one);
    }
    return new ReportCard(all.documents(), all.characters(), byScore, unscored, sources);
  }
}
