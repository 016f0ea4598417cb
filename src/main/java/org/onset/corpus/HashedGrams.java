package org.onset.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A text as a sparse vector of length 1: one coordinate for each n-gram of words, or of characters
 * within a word, that it holds. N-grams are hashed into a fixed number of coordinates; one that
 * occurs n times weighs 1 + ln n before the vector is scaled. Letter case doesn't count.
 */
final class HashedGrams {
  /** Coordinates in ascending order, and their values. */
  static final class Vector {
    final int[] indices;
    final double[] values;

    Vector(int[] indices, double[] values) {
      this.indices = indices;
      this.values = values;
    }

    double dot(double[] weights) {
      double sum = 0;
      for (int i = 0; i < indices.length; i++) {
        sum += weights[indices[i]] * values[i];
      }
      return sum;
    }
  }

  /** Where a word begins and ends in its text. */
  private record Word(int start, int end) {}

  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;
  private static final long CHARACTERS = 0x9e3779b97f4a7c15L;

  private final int hashBits;
  private final int wordGrams;
  private final int characterGrams;

  HashedGrams(ScorerSpec spec) {
    this.hashBits = spec.hashBits();
    this.wordGrams = spec.wordGrams();
    this.characterGrams = spec.characterGrams();
  }

  int dimensions() {
    return 1 << hashBits;
  }

  Vector vector(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    List<Word> words = words(lower);
    return vector(lower, words);
  }

  /** The vectors of chunks of at most so many words each, all about equally long. */
  List<Vector> chunks(String text, int chunkWords) {
    String lower = text.toLowerCase(Locale.ROOT);
    List<Word> words = words(lower);
    int count = Math.max(1, Math.ceilDiv(words.size(), chunkWords));
    List<Vector> vectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) words.size() * i / count);
      int to = (int) ((long) words.size() * (i + 1) / count);
      vectors.add(vector(lower, words.subList(from, to)));
    }
    return vectors;
  }

  private Vector vector(String text, List<Word> words) {
    Buckets buckets = new Buckets(1 << hashBits);
    long[] hashes = new long[words.size()];
    for (int i = 0; i < hashes.length; i++) {
      Word word = words.get(i);
      hashes[i] = hash(OFFSET, text, word.start(), word.end());
      long gram = 0;
      for (int length = 1; length <= wordGrams && length <= i + 1; length++) {
        gram = gram * PRIME + hashes[i - length + 1];
        buckets.add(gram + length);
      }
      addCharacters(text, word, buckets);
    }
    return buckets.vector();
  }

  /** N-grams of the word with a space on either side, so that its ends tell. */
  private void addCharacters(String text, Word word, Buckets buckets) {
    if (characterGrams == 0) {
      return;
    }
    int length = word.end() - word.start() + 2;
    for (int from = 0; from + ScorerSpec.FIRST_CHARACTER_GRAM <= length; from++) {
      long hash = OFFSET ^ CHARACTERS;
      int last = Math.min(length, from + characterGrams);
      for (int i = from; i < last; i++) {
        char character = i == 0 || i == length - 1 ? ' ' : text.charAt(word.start() + i - 1);
        hash = (hash ^ character) * PRIME;
        if (i - from + 1 >= ScorerSpec.FIRST_CHARACTER_GRAM) {
          buckets.add(hash);
        }
      }
    }
  }

  private static long hash(long seed, String text, int start, int end) {
    long hash = seed;
    for (int i = start; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return hash;
  }

  /** Runs of letters, marks and digits; an apostrophe between two of them belongs to the word. */
  private static List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean inside = i < text.length() && isWord(text, i, start >= 0);
      if (inside && start < 0) {
        start = i;
      } else if (!inside && start >= 0) {
        words.add(new Word(start, i));
        start = -1;
      }
    }
    return words;
  }

  private static boolean isWord(String text, int i, boolean within) {
    char character = text.charAt(i);
    if (character == '\'' || character == '\u2019') {
      return within && i + 1 < text.length() && Character.isLetterOrDigit(text.charAt(i + 1));
    }
    return Character.isLetterOrDigit(character)
        || Character.isSurrogate(character)
        || Character.getType(character) == Character.NON_SPACING_MARK;
  }

  /** The coordinates met, with repeats. */
  private static final class Buckets {
    private final int dimensions;
    private int[] met = new int[256];
    private int size;

    Buckets(int dimensions) {
      this.dimensions = dimensions;
    }

    void add(long hash) {
      if (size == met.length) {
        met = Arrays.copyOf(met, size * 2);
      }
      long mixed = (hash ^ (hash >>> 32)) * CHARACTERS;
      met[size++] = (int) (mixed >>> 40) & (dimensions - 1);
    }

    Vector vector() {
      Arrays.sort(met, 0, size);
      int[] indices = new int[size];
      double[] values = new double[size];
      int distinct = 0;
      double squares = 0;
      for (int i = 0; i < size; ) {
        int end = i;
        while (end < size && met[end] == met[i]) {
          end++;
        }
        double value = 1 + Math.log(end - i);
        indices[distinct] = met[i];
        values[distinct++] = value;
        squares += value * value;
        i = end;
      }
      double norm = Math.sqrt(squares);
      for (int i = 0; i < distinct; i++) {
        values[i] /= norm;
      }
      return new Vector(Arrays.copyOf(indices, distinct), Arrays.copyOf(values, distinct));
    }
  }
}
