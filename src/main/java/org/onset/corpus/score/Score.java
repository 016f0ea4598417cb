package org.onset.corpus.score;

import java.util.Optional;
import org.onset.corpus.Document;

/**
 * How unsafe a text is.
 *
 * @param level from 0 (safe for everyone) to 5
 * @param category the main reason for a level above 0, where the scorer knows categories
 */
public record Score(int level, Optional<String> category) {
  public Score {
    if (level < 0 || level > Document.MAX_SCORE) {
      throw new IllegalArgumentException("a level lies within 0 and 5, was " + level);
    }
    if (level == 0 && category.isPresent()) {
      throw new IllegalArgumentException("level 0 has no reason, was given " + category.get());
    }
  }
}
