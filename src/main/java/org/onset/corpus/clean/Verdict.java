package org.onset.corpus.clean;

import java.io.Serializable;

/** What a step of cleaning says of a document. */
public sealed interface Verdict extends Serializable {
  record Keep() implements Verdict {}

  /**
   * @param reason why, in a few words that are the same for all documents dropped for it, since
   *     they are counted by it
   */
  record Drop(String reason) implements Verdict {}
}
