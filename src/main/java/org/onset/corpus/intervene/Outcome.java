package org.onset.corpus.intervene;

import java.io.Serializable;
import java.util.List;

/** What a stream holds of a document. */
public sealed interface Outcome extends Serializable {

  /**
   * A text.
   *
   * @param inserted of {@code reflect}: what was put into the document, in ascending order and
   *     apart from each other; without it the text is the document's. Otherwise nothing
   * @param tagsRemoved literal tags taken out of what the writer gave
   */
  record Made(String text, List<Span> inserted, int tagsRemoved) implements Outcome {
    public Made {
      inserted = List.copyOf(inserted);
    }

    static Made of(String text, int tagsRemoved) {
      return new Made(text, List.of(), tagsRemoved);
    }
  }

  /**
   * Nothing.
   *
   * @param detail for people: what was seen, one short line; may be empty
   */
  record Failed(Reason reason, String detail) implements Outcome {
    static Failed of(Reason reason) {
      return new Failed(reason, "");
    }
  }
}
