package org.onset.corpus.clean;

import java.util.Arrays;
import org.onset.corpus.clean.Letters.Kind;

/**
 * A text as the repetition filters read it: words as they stand, runs of one other character, and
 * white space that only separates them.
 */
final class Pieces {
  private static final int CHARACTERS_PER_PIECE = 4;

  private int count;
  private int words;

  /** Hashes of the first 0, 1, 2, … pieces. */
  private long[] beginnings;

  /** The code points in the first 0, 1, 2, … pieces. */
  private int[] characters;

  /** How many of the pieces up to each, itself too, have white space before them. */
  private int[] spaces;

  private Pieces(int expected) {
    this.beginnings = new long[expected + 1];
    this.characters = new int[expected + 1];
    this.spaces = new int[expected + 1];
  }

  static Pieces of(String text) {
    Pieces pieces = new Pieces(text.length() / CHARACTERS_PER_PIECE + 4);
    pieces.read(text.toCharArray());
    return pieces;
  }

  int count() {
    return count;
  }

  /** How many of the pieces are words. */
  int words() {
    return words;
  }

  long gram(int start, int end, long power) {
    return Hashing.between(beginnings[start], beginnings[end], power);
  }

  /** The code points of pieces, without the white space between them. */
  int characters(int start, int end) {
    return characters[end] - characters[start];
  }

  /** How many of pieces, but the first, have white space before them. */
  int spaces(int start, int end) {
    return spaces[end] - spaces[start + 1];
  }

  private void read(char[] text) {
    Kind open = Kind.SPACE; // no piece is
    int first = 0;
    int length = 0;
    long hash = 0;
    boolean spaced = false;
    int next;
    for (int i = 0; i < text.length; i = next) {
      int codePoint = text[i];
      next = i + 1;
      if (Character.isHighSurrogate(text[i])) {
        codePoint = Character.codePointAt(text, i);
        next = i + Character.charCount(codePoint);
      }
      Kind kind = Letters.kind(codePoint);
      boolean joins =
          switch (kind) {
            case MARK, UNSEEN -> open == Kind.LETTER || open == Kind.ALONE;
            case LETTER -> open == Kind.LETTER;
            case SYMBOL -> open == Kind.SYMBOL && codePoint == first;
            case ALONE, SPACE -> false;
          };
      if (joins) {
        hash = Hashing.append(hash, codePoint);
        length++;
      } else if (kind != Kind.MARK && kind != Kind.UNSEEN) {
        if (open != Kind.SPACE) {
          add(open, hash, length, spaced);
          spaced = false;
        }
        spaced |= kind == Kind.SPACE;
        open = kind;
        first = codePoint;
        length = 1;
        hash = Hashing.append(Hashing.START, codePoint);
      }
      if (kind == Kind.LETTER) {
        for (; next < text.length && Letters.isAsciiWord(text[next]); next++) {
          hash = Hashing.append(hash, text[next]);
          length++;
        }
      }
    }
    if (open != Kind.SPACE) {
      add(open, hash, length, spaced);
    }
  }

  private void add(Kind kind, long hash, int length, boolean spaced) {
    if (count + 1 == beginnings.length) {
      beginnings = Arrays.copyOf(beginnings, 2 * count + 1);
      characters = Arrays.copyOf(characters, 2 * count + 1);
      spaces = Arrays.copyOf(spaces, 2 * count + 1);
    }
    beginnings[count + 1] = Hashing.appendWord(beginnings[count], Hashing.mix(hash));
    characters[count + 1] = characters[count] + length;
    spaces[count + 1] = spaces[count] + (spaced ? 1 : 0);
    words += kind == Kind.SYMBOL ? 0 : 1;
    count++;
  }
}
