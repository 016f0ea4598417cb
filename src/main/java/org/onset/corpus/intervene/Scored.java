package org.onset.corpus.intervene;

import java.util.Optional;
import org.onset.corpus.Document;

/**
 * A document that has been scored.
 *
 * @param score from 0 (safe for everyone) to 5
 * @param category the main reason for the score, in the scorer's words
 */
public record Scored(String id, String text, int score, Optional<String> category) {
  public Scored {
    if (score < 0 || score > Document.MAX_SCORE) {
      throw new IllegalArgumentException(
          "a score lies within 0 and 5, was " + score + " in document " + id);
    }
  }

  Scored withText(String newText) {
    return new Scored(id, newText, score, category);
  }
}
