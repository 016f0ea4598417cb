package org.onset.corpus.score;

import java.util.List;

/**
 * Says how unsafe a text is. Safe to share between threads until it is closed; the score of a text
 * depends on nothing but the text.
 */
public interface SafetyScorer extends AutoCloseable {
  /** A word for tables: what kind of scorer this is. */
  String name();

  Score score(String text);

  /** The scores of several texts, in their order: for scorers to which asking costs time. */
  default List<Score> scoreAll(List<String> texts) {
    return texts.stream().map(this::score).toList();
  }

  /** The SHA-256 of everything that determines its scores: part of an artifact's key. */
  String fingerprint();

  /** Frees what lies outside Java's heap; without effect where nothing does. */
  @Override
  void close();
}
