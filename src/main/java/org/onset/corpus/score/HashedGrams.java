package org.onset.corpus.score;

import java.util.Arrays;
import java.util.Locale;

/**
 * A text as a sparse vector of length 1: one coordinate for each n-gram of words, or of characters
 * within a word, that it holds. N-grams are hashed into a fixed number of coordinates; one that
 * occurs n times weighs 1 + ln n before the vector is scaled. Letter case doesn't count.
 *
 * <p>For one thread at a time: {@link #read} a text, then ask for its chunks. The buffers serve
 * again for the next text, since making them anew took most of the time.
 */
final class HashedGrams {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;
  private static final long CHARACTERS = 0x9e3779b97f4a7c15L;

  /** Fewer coordinates are sorted faster by comparing them. */
  private static final int FEW = 64;

  private static final int MOST_DIGIT_BITS = 9;

  private static final boolean[] ASCII_WORD = new boolean[128];
  private static final double[] WEIGHT_OF_COUNT = new double[256];

  static {
    for (int i = 0; i < ASCII_WORD.length; i++) {
      ASCII_WORD[i] = Character.isLetterOrDigit(i);
    }
    for (int i = 1; i < WEIGHT_OF_COUNT.length; i++) {
      WEIGHT_OF_COUNT[i] = weightOf(i);
    }
  }

  private final int hashBits;
  private final int wordGrams;
  private final int characterGrams;
  private final int digits;
  private final int digitBits;
  private final int[] starts;

  private char[] text = new char[1 << 12];

  /** Where each word begins and ends in the text, one after another. */
  private int[] bounds = new int[1 << 10];

  private int words;
  private long[] hashes = new long[256];

  /** The coordinates met, with repeats. */
  private int[] met = new int[1 << 12];

  private int[] sorted = new int[1 << 12];
  private int[] indices = new int[1 << 12];
  private double[] values = new double[1 << 12];

  HashedGrams(ScorerSpec spec) {
    this.hashBits = spec.hashBits();
    this.wordGrams = spec.wordGrams();
    this.characterGrams = spec.characterGrams();
    this.digits = Math.ceilDiv(hashBits, MOST_DIGIT_BITS);
    this.digitBits = Math.ceilDiv(hashBits, digits);
    this.starts = new int[1 << digitBits];
  }

  static int dimensions(ScorerSpec spec) {
    return 1 << spec.hashBits();
  }

  /** The vector of a whole text. */
  Vector vector(String string) {
    read(string);
    return chunk(0, 1).copy();
  }

  /** Takes a text of which {@link #chunk} then speaks. */
  void read(String string) {
    String lower = string.toLowerCase(Locale.ROOT);
    int length = lower.length();
    if (text.length < length) {
      text = new char[length];
    }
    lower.getChars(0, length, text, 0);
    findWords(length);
  }

  /** How many chunks of at most so many words the text has, all about equally long. */
  int chunks(int chunkWords) {
    return Math.max(1, Math.ceilDiv(words, chunkWords));
  }

  /** One of {@code count} chunks; valid until the next call. */
  Vector chunk(int chunk, int count) {
    int from = (int) ((long) words * chunk / count);
    int to = (int) ((long) words * (chunk + 1) / count);
    if (hashes.length < to - from) {
      hashes = new long[to - from];
    }
    int size = 0;
    for (int i = 0; i < to - from; i++) {
      int start = bounds[2 * (from + i)];
      int end = bounds[2 * (from + i) + 1];
      int most = size + wordGrams + (end - start) * Math.max(0, characterGrams - 2);
      if (most > met.length) {
        met = Arrays.copyOf(met, Math.max(most, 2 * met.length));
      }
      hashes[i] = hash(start, end);
      long gram = 0;
      for (int length = 1; length <= wordGrams && length <= i + 1; length++) {
        gram = gram * PRIME + hashes[i - length + 1];
        met[size++] = coordinate(gram + length);
      }
      size = addCharacters(start, end, size);
    }
    sort(size);
    return weighed(size);
  }

  /** N-grams of the word with a space on either side, so that its ends tell. */
  private int addCharacters(int start, int end, int already) {
    if (characterGrams == 0) {
      return already;
    }
    int size = already;
    for (int from = start - 1; from + ScorerSpec.FIRST_CHARACTER_GRAM <= end + 1; from++) {
      long hash = OFFSET ^ CHARACTERS;
      int last = Math.min(end + 1, from + characterGrams);
      for (int i = from; i < last; i++) {
        char character = i < start || i == end ? ' ' : text[i];
        hash = (hash ^ character) * PRIME;
        if (i - from + 1 >= ScorerSpec.FIRST_CHARACTER_GRAM) {
          met[size++] = coordinate(hash);
        }
      }
    }
    return size;
  }

  private long hash(int start, int end) {
    long hash = OFFSET;
    for (int i = start; i < end; i++) {
      hash = (hash ^ text[i]) * PRIME;
    }
    return hash;
  }

  private int coordinate(long hash) {
    long mixed = (hash ^ (hash >>> 32)) * CHARACTERS;
    return (int) (mixed >>> 40) & ((1 << hashBits) - 1);
  }

  /** Runs of letters, marks and digits; an apostrophe between two of them belongs to the word. */
  private void findWords(int length) {
    words = 0;
    int start = -1;
    for (int i = 0; i <= length; i++) {
      boolean inside = i < length && isWord(i, length, start >= 0);
      if (inside && start < 0) {
        start = i;
      } else if (!inside && start >= 0) {
        if (2 * words + 2 > bounds.length) {
          bounds = Arrays.copyOf(bounds, 2 * bounds.length);
        }
        bounds[2 * words] = start;
        bounds[2 * words + 1] = i;
        words++;
        start = -1;
      }
    }
  }

  private boolean isWord(int i, int length, boolean within) {
    char character = text[i];
    if (character == '\'' || character == '\u2019') {
      return within && i + 1 < length && Character.isLetterOrDigit(text[i + 1]);
    }
    if (character < ASCII_WORD.length) {
      return ASCII_WORD[character];
    }
    return Character.isLetterOrDigit(character)
        || Character.isSurrogate(character)
        || Character.getType(character) == Character.NON_SPACING_MARK;
  }

  /** Sorts the first {@code size} coordinates met, digit by digit from the lowest. */
  private void sort(int size) {
    if (size < FEW) {
      Arrays.sort(met, 0, size);
      return;
    }
    if (sorted.length < size) {
      sorted = new int[met.length];
    }
    int mask = (1 << digitBits) - 1;
    for (int digit = 0; digit < digits; digit++) {
      int shift = digit * digitBits;
      Arrays.fill(starts, 0);
      for (int i = 0; i < size; i++) {
        starts[(met[i] >>> shift) & mask]++;
      }
      int next = 0;
      for (int i = 0; i < starts.length; i++) {
        int count = starts[i];
        starts[i] = next;
        next += count;
      }
      for (int i = 0; i < size; i++) {
        sorted[starts[(met[i] >>> shift) & mask]++] = met[i];
      }
      int[] swapped = met;
      met = sorted;
      sorted = swapped;
    }
  }

  private Vector weighed(int size) {
    if (indices.length < size) {
      indices = new int[met.length];
      values = new double[met.length];
    }
    int distinct = 0;
    double squares = 0;
    for (int i = 0; i < size; ) {
      int end = i + 1;
      while (end < size && met[end] == met[i]) {
        end++;
      }
      int count = end - i;
      double value = count < WEIGHT_OF_COUNT.length ? WEIGHT_OF_COUNT[count] : weightOf(count);
      indices[distinct] = met[i];
      values[distinct++] = value;
      squares += value * value;
      i = end;
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < distinct; i++) {
      values[i] /= norm;
    }
    return new Vector(indices, values, distinct);
  }

  /** With the logarithm that is the same on every machine. */
  private static double weightOf(int count) {
    return 1 + StrictMath.log(count);
  }
}
