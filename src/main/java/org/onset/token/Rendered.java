package org.onset.token;

import java.util.BitSet;

/**
 * A dialogue as a chat template writes it. The sets hold places of characters ({@code char}s): what
 * was said, and of that what the assistant said. All else is the template's own, but for white
 * space, which may be either's.
 */
record Rendered(String text, BitSet said, BitSet answered) {
  /** Whether any character from {@code start} up to {@code end} was said, white space aside. */
  boolean isSaid(int start, int end) {
    return said.get(start, end).stream().anyMatch(i -> !isSpace(text.charAt(start + i)));
  }

  /** Whether any character from {@code start} up to {@code end} is the assistant's. */
  boolean isAnswered(int start, int end) {
    int first = answered.nextSetBit(start);
    return first >= 0 && first < end;
  }

  /** The same with {@code substitute} for every character that was said, white space aside. */
  String without(char substitute) {
    StringBuilder neutral = new StringBuilder(text);
    said.stream()
        .filter(i -> !isSpace(text.charAt(i)))
        .forEach(i -> neutral.setCharAt(i, substitute));
    return neutral.toString();
  }

  /** What Python's {@code str.strip} or Unicode takes for white space. */
  static boolean isSpace(char character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == '\u0085';
  }
}
