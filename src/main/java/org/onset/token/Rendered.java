package org.onset.token;

import java.util.BitSet;

/**
 * A dialogue as a chat template writes it. The sets hold places of characters ({@code char}s) that
 * are not white space: what was said, and of that what the assistant said. All else is the
 * template's own.
 */
record Rendered(String text, BitSet said, BitSet answered) {
  /** Whether any character from {@code start} up to {@code end} was said. */
  boolean isSaid(int start, int end) {
    int first = said.nextSetBit(start);
    return first >= 0 && first < end;
  }

  boolean isAnswered(int start, int end) {
    int first = answered.nextSetBit(start);
    return first >= 0 && first < end;
  }

  /** The same with {@code substitute} for every character that was said. */
  String without(char substitute) {
    StringBuilder neutral = new StringBuilder(text);
    said.stream().forEach(i -> neutral.setCharAt(i, substitute));
    return neutral.toString();
  }
}
