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

  private void read(char[] text) {
    long paragraph = Hashing.START;
    int paragraphLength = 0;
    int start = 0;
    while (start < text.length) {
      int end = endOfLine(text, start);
      boolean blank = isBlank(text, start, end);
      if (!blank) {
        long hash = hash(text, start, end);
        int length = Character.codePointCount(text, start, end - start);
        lines.add(hash, length);
        paragraph = Hashing.appendWord(paragraph, hash);
        paragraphLength += length + (paragraphLength == 0 ? 0 : 1);
      } else if (paragraphLength > 0) {
        paragraphs.add(paragraph, paragraphLength);
        paragraph = Hashing.START;
        paragraphLength = 0;
      }
      boolean twoUnits = end + 1 < text.length && text[end] == '\r' && text[end + 1] == '\n';
      start = end + (twoUnits ? 2 : 1);
    }
    if (paragraphLength > 0) {
      paragraphs.add(paragraph, paragraphLength);
    }
  }

  private static int endOfLine(char[] text, int start) {
    int end = start;
    while (end < text.length && text[end] != '\n' && text[end] != '\r') {
      end++;
    }
    return end;
  }

  private static boolean isBlank(char[] text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (Letters.kind(text[i]) != Letters.Kind.SPACE) {
        return false;
      }
    }
    return true;
  }

  private static long hash(char[] text, int start, int end) {
    long hash = Hashing.START;
    for (int i = start; i < end; i++) {
      hash = Hashing.append(hash, text[i]);
    }
    return Hashing.mix(hash);
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
      hashes[count] = hash;
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
