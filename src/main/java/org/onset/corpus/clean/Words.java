package org.onset.corpus.clean;

import java.util.Arrays;

/**
 * The words of a text as near-duplicates and contamination see them, each as a 64-bit hash, without
 * a string for any.
 *
 * <p>A word is a run of letters, numbers and marks (the Unicode categories L, N and M). In scripts
 * written without spaces (Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar) each letter or number
 * is a word of its own, with the marks that follow it. Everything else ends a word and counts for
 * nothing, so {@code don't} is two words. Format characters (soft hyphens, zero-width spaces and
 * joiners) are passed over, within words too. A mark that follows no word is passed over.
 *
 * <p>Words are folded, a code point at a time: compatibility decomposition (NFKD); marks without a
 * script of their own and the points of Arabic and Hebrew left out, so that accents don't count;
 * upper case, then lower case of each code point, so that case doesn't count and {@code ß} is
 * {@code ss}. Vowel signs of other scripts and the Japanese voicing marks stay. So canonically
 * equivalent texts have equal words, unless several marks that stay follow one letter in an order
 * that is not the canonical one.
 */
public final class Words {
  private static final int CHARACTERS_PER_WORD = 5;

  private final String text;
  private int count;

  /** Hashes of the first 0, 1, 2, … words. */
  private long[] beginnings;

  private int[] starts;
  private int[] ends;

  private Words(String text) {
    this.text = text;
    int expected = text.length() / CHARACTERS_PER_WORD + 4;
    this.beginnings = new long[expected + 1];
    this.starts = new int[expected];
    this.ends = new int[expected];
  }

  public static Words of(String text) {
    Words words = new Words(text);
    new WordScan() {
      @Override
      void word(long hash, int start, int end) {
        words.add(hash, start, end);
      }
    }.read(text);
    return words;
  }

  public String text() {
    return text;
  }

  public int count() {
    return count;
  }

  /** The hash of word {@code index}, counted from 0. */
  public long hash(int index) {
    return Hashing.between(beginnings[index], beginnings[index + 1], Hashing.power(1));
  }

  /** Where word {@code index} begins in the text, in UTF-16 units. */
  public int start(int index) {
    return starts[index];
  }

  /** Where word {@code index} has ended in the text, in UTF-16 units. */
  public int end(int index) {
    return ends[index];
  }

  /** Word {@code index}, folded: for showing, and for comparing where hashes are equal. */
  public String folded(int index) {
    StringBuilder folded = new StringBuilder();
    text.substring(starts[index], ends[index])
        .codePoints()
        .forEach(codePoint -> folded.append(Letters.folded(codePoint)));
    return folded.toString();
  }

  /** The hashes of all runs of {@code length} words, in their order; none if there are fewer. */
  public long[] grams(int length) {
    long power = Hashing.power(length);
    long[] grams = new long[Math.max(0, count - length + 1)];
    for (int i = 0; i < grams.length; i++) {
      grams[i] = Hashing.mix(Hashing.between(beginnings[i], beginnings[i + length], power));
    }
    return grams;
  }

  private void add(long hash, int start, int end) {
    if (count == starts.length) {
      beginnings = Arrays.copyOf(beginnings, 2 * count + 1);
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    beginnings[count + 1] = Hashing.appendWord(beginnings[count], Hashing.mix(hash));
    starts[count] = start;
    ends[count] = end;
    count++;
  }
}
