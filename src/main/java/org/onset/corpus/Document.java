package org.onset.corpus;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A text of the corpus. The score says how unsafe it is, from 0 (safe for everyone) to 5; it is
 * absent until someone has scored the text.
 */
public record Document(
    String id, String text, String source, OptionalInt score, Optional<String> category) {

  public static final int MAX_SCORE = 5;

  public Document {
    if (score.isPresent() && (score.getAsInt() < 0 || score.getAsInt() > MAX_SCORE)) {
      throw new IllegalArgumentException(
          "a score lies within 0 and 5, was " + score.getAsInt() + " in document " + id);
    }
  }

  public static Document unscored(String id, String text, String source) {
    return new Document(id, text, source, OptionalInt.empty(), Optional.empty());
  }

  public Document withScore(int newScore) {
    return new Document(id, text, source, OptionalInt.of(newScore), category);
  }

  /** For a scorer of which only levels are wanted: it then learns no categories. */
  public Document withoutCategory() {
    return new Document(id, text, source, score, Optional.empty());
  }

  /** The same document with other words of the same safety. */
  public Document withText(String newText) {
    return new Document(id, newText, source, score, category);
  }

  /** What a rewriter made of this document: nobody has scored the new text yet. */
  public Document rewritten(String newText) {
    return new Document(id, newText, source, OptionalInt.empty(), category);
  }
}
