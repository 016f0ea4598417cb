package org.onset.corpus.clean;

import java.util.Arrays;

/** A text's lines and paragraphs, each as a hash and a length in code points. */
final class Layout {
  private final Blocks lines = new Blocks();
  private final Blocks paragraphs = new Blocks();

  private Layout() {}

  static Layout of(String text) {
    Layout layout = new Layout();
    layout.read(text.toCharArray());
    return layout;
  }

  Repeats lines() {
    return lines.repeats();
  }

  Repeats paragraphs() {
    return paragraphs.repeats();
  }

  private void read(char[] characters) {
    long paragraph = Hashing.START;
    int paragraphLength = 0;
    for (int start = 0; start < characters.length; ) {
      long hash = Hashing.START;
      int length = 0;
      boolean blank = true;
      int end = start;
      while (end < characters.length && characters[end] != '\n' && characters[end] != '\r') {
        char character = characters[end];
        hash = Hashing.append(hash, character);
        length += end > start && Character.isSurrogatePair(characters[end - 1], character) ? 0 : 1;
        blank = blank && isSpace(character);
        end++;
      }
      if (!blank) {
        lines.add(hash, length);
        paragraph = Hashing.appendWord(paragraph, Hashing.mix(hash));
        paragraphLength += length + (paragraphLength == 0 ? 0 : 1);
      }
      boolean last = end == characters.length;
      if (paragraphLength > 0 && (blank || last)) {
        paragraphs.add(paragraph, paragraphLength);
        paragraph = Hashing.START;
        paragraphLength = 0;
      }
      boolean two =
          end + 1 < characters.length && characters[end] == '\r' && characters[end + 1] == '\n';
      start = end + (two ? 2 : 1);
    }
    if (paragraphLength > 0) {
      paragraphs.add(paragraph, paragraphLength);
    }
  }

  private static boolean isSpace(char character) {
    return Letters.kind(character) == Letters.Kind.SPACE;
  }

  /** Hashes and lengths in the order of the text. */
  private static final class Blocks {
    private long[] hashes = new long[64];
    private int[] lengths = new int[64];
    private int count;

    void add(long hash, int length) {
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * count);
        lengths = Arrays.copyOf(lengths, 2 * count);
      }
      hashes[count] = Hashing.mix(hash);
      lengths[count++] = length;
    }

    Repeats repeats() {
      Numbering met = new Numbering(count);
      int characters = 0;
      for (int i = 0; i < count; i++) {
        if (!met.add(hashes[i])) {
          characters += lengths[i];
        }
      }
      return new Repeats(count, count - met.size(), characters);
    }
  }
}
