package org.onset.corpus.intervene;

import java.util.Optional;

/** What a model says of a text's safety. */
public sealed interface ModelScore {
  /**
   * A score from 0 to 5.
   *
   * @param category the main reason, one of the labels of {@link HarmTopic}; none at score 0
   */
  record Known(int score, Optional<String> category) implements ModelScore {}

  /**
   * None: some chunk has none, and no other chunk has the highest there is.
   *
   * @param detail for people: what was seen, one short line; may be empty
   */
  record Unknown(Reason reason, String detail) implements ModelScore {}
}
