package org.onset.corpus.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.onset.corpus.intervene.Span;

/**
 * A document that passed the filters.
 *
 * @param line within its split, from 0
 * @param score what its source says of it; in a published stream what it was found to be
 * @param category the main reason for a score above 0, where that is known
 * @param inserted in a stream of reflections, what isn't the document's own
 */
public record KeptDocument(
    String id,
    long line,
    String text,
    OptionalInt score,
    Optional<String> category,
    List<Span> inserted) {
  public KeptDocument {
    inserted = List.copyOf(inserted);
  }

  /** A text of which no more is known. */
  public static KeptDocument of(String id, String text) {
    return new KeptDocument(id, 0, text, OptionalInt.empty(), Optional.empty(), List.of());
  }

  /** How long a text of whole characters is in UTF-8. */
  static long utf8Bytes(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character >= 0x80) { // two bytes up to U+07FF, two for half a surrogate pair, else three
        bytes += character < 0x800 || Character.isSurrogate(character) ? 1 : 2;
      }
    }
    return bytes;
  }
}
