package org.onset.corpus.intervene;

import java.io.Serializable;

/**
 * A stretch of a text: {@code char}s of a Java string, from {@code start} up to before {@code end}.
 */
public record Span(int start, int end) implements Serializable {
  public Span {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("no span of a text: from %d to %d".formatted(start, end));
    }
  }
}
