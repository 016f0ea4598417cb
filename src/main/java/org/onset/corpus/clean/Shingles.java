package org.onset.corpus.clean;

import java.util.Arrays;

/**
 * The set of a text's runs of words, by which texts are compared: two texts are as alike as the
 * share of shingles they have in common among all that either has (the Jaccard index; Broder 1997).
 */
public final class Shingles {
  private Shingles() {}

  public static long[] of(String text, int wordsPerShingle) {
    return of(Words.of(text), wordsPerShingle);
  }

  /**
   * The distinct 64-bit hashes, in ascending order, of all runs of {@code wordsPerShingle} words. A
   * text with fewer words has one shingle, all of them, so that short texts are compared whole. A
   * text without any word has one, the characters between its first and last that aren't white
   * space.
   */
  public static long[] of(Words words, int wordsPerShingle) {
    if (words.count() == 0) {
      return new long[] {ofCharacters(words.text().strip())};
    }
    long[] shingles = words.grams(Math.min(wordsPerShingle, words.count()));
    HashSort.sort(shingles);
    int distinct = 1;
    for (int i = 1; i < shingles.length; i++) {
      if (shingles[i] != shingles[i - 1]) {
        shingles[distinct++] = shingles[i];
      }
    }
    return distinct == shingles.length ? shingles : Arrays.copyOf(shingles, distinct);
  }

  /** The Jaccard index of two sets, each in ascending order without repeats and not empty. */
  public static double jaccard(long[] a, long[] b) {
    int common = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      long left = a[i];
      long right = b[j];
      common += left == right ? 1 : 0;
      i += left <= right ? 1 : 0;
      j += right <= left ? 1 : 0;
    }
    return (double) common / (a.length + b.length - common);
  }

  private static long ofCharacters(String text) {
    long hash = ~Hashing.START; // unlike any word's
    for (int i = 0; i < text.length(); i++) {
      hash = Hashing.append(hash, text.charAt(i));
    }
    return Hashing.mix(hash);
  }
}
