package org.onset.corpus.intervene;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of a document.
 *
 * @param streams stream → outcome, for the streams that take its score, in the order of the rules
 * @param tagsRemoved literal tags taken out of the document itself
 */
public record Applied(String id, Map<String, Outcome> streams, int tagsRemoved)
    implements Serializable {
  public Applied {
    streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
  }

  /** Whether no stream takes documents of its score: removal is an intervention too. */
  public boolean isRemoved() {
    return streams.isEmpty();
  }
}
