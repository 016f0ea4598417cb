package org.onset.corpus.clean;

import java.io.Serializable;

/** What a step of cleaning says of a document. */
public sealed interface Verdict extends Serializable {
  /** The document stays. */
  record Keep() implements Verdict {}

  /**
   * The document goes.
   *
   * @param reason in a few words, the same for all documents that go for it: they are counted by it
   */
  record Drop(String reason) implements Verdict {}
}
