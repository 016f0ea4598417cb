package org.onset.corpus.pipeline;

import java.io.Serializable;
import java.util.BitSet;
import org.onset.Fingerprint;

/** Which of a split's kept documents stay, by their place in its file: all but the dropped. */
record Selected(BitSet dropped) implements Serializable {
  boolean stays(int ordinal) {
    return !dropped.get(ordinal);
  }

  String fingerprint() {
    return Fingerprint.of(dropped.toByteArray());
  }
}
