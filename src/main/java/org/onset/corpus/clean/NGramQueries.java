package org.onset.corpus.clean;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * Counts how often texts mention what queries of several categories say. A query is a run of one to
 * four {@link Words}; it is found where the text has the same words in a row, so that case,
 * accents, punctuation and line breaks between them don't count, and never inside a longer word.
 *
 * <p>No word of a text counts twice for one category: a category's count is the largest number of
 * its queries' occurrences of which no two share a word. So "suicide note" is one occurrence where
 * both it and "suicide" are queries, and "nail bomb" is one beside "bomb". Categories don't see
 * each other.
 */
public final class NGramQueries implements Serializable {
  public static final int MOST_WORDS = 4;
  public static final int MOST_CATEGORIES = Long.SIZE;

  /** A word's number in a run of numbers, the last word lowest; 0 is a word of no query. */
  private static final int NUMBER_BITS = Long.SIZE / MOST_WORDS;

  private static final int MOST_DIFFERENT_WORDS = (1 << NUMBER_BITS) - 1;
  private static final int SIEVE_BITS = 15;
  private static final int BITS_OF_PLACE = 6;

  private final List<String> categories;
  private final Numbering words;
  private final Numbering runs;

  /** By a run's number, a bit for each category that asks for it. */
  private final long[] asking;

  /** By a word's number, a bit for each length of a query that ends with it. */
  private final byte[] lengths;

  /**
   * A bit for the highest bits of each word's hash. Most words of a text have none there, and are
   * done with.
   */
  private final long[] sieve = new long[1 << (SIEVE_BITS - BITS_OF_PLACE)];

  /**
   * Makes queries ready.
   *
   * @param queries category → its queries; counts are in the order of the categories
   * @throws IllegalArgumentException for a query of no word or of more than four, and for more
   *     categories or words than there is room for
   */
  public NGramQueries(Map<String, List<String>> queries) {
    this.categories = List.copyOf(queries.keySet());
    int count = queries.values().stream().mapToInt(List::size).sum();
    if (categories.size() > MOST_CATEGORIES || count * MOST_WORDS > MOST_DIFFERENT_WORDS) {
      throw new IllegalArgumentException(
          "%d categories and %d queries are too many".formatted(categories.size(), count));
    }
    this.words = new Numbering(count * MOST_WORDS);
    this.runs = new Numbering(count);
    this.asking = new long[count];
    this.lengths = new byte[count * MOST_WORDS + 1];
    for (int category = 0; category < categories.size(); category++) {
      for (String query : queries.getOrDefault(categories.get(category), List.of())) {
        add(query, category);
      }
    }
  }

  private void add(String query, int category) {
    Run run = new Run();
    run.read(query);
    if (run.length == 0 || run.length > MOST_WORDS) {
      throw new IllegalArgumentException(
          "a query has 1 to %d words, '%s' has %d".formatted(MOST_WORDS, query, run.length));
    }
    asking[runs.number(run.numbers)] |= 1L << category;
    lengths[lastOf(run.numbers)] |= (byte) (1 << run.length);
  }

  public List<String> categories() {
    return categories;
  }

  /** How often each category occurs in a text, in the order of {@link #categories}. */
  public long[] count(String text) {
    Counting counting = new Counting();
    counting.read(text);
    return counting.counts;
  }

  private static int lastOf(long numbers) {
    return (int) (numbers & MOST_DIFFERENT_WORDS);
  }

  /** Reads a query, and learns its words. */
  private final class Run extends WordScan {
    private long numbers;
    private int length;

    @Override
    void word(long hash, int start, int end) {
      sieve[place(hash)] |= bit(hash);
      numbers = numbers << NUMBER_BITS | words.number(hash) + 1;
      length++;
    }
  }

  private static int place(long hash) {
    return (int) (hash >>> (Long.SIZE - SIEVE_BITS + BITS_OF_PLACE));
  }

  private static long bit(long hash) {
    return 1L << (hash >>> (Long.SIZE - SIEVE_BITS)); // a shift heeds its lowest six bits alone
  }

  private final class Counting extends WordScan {
    private final long[] counts = new long[categories.size()];

    /** By category, how many words had been read when its last occurrence ended. */
    private final int[] ended = new int[categories.size()];

    private long numbers;
    private int read;

    @Override
    void word(long hash, int start, int end) {
      read++;
      numbers <<= NUMBER_BITS;
      if ((sieve[place(hash)] & bit(hash)) != 0 && words.contains(hash)) {
        numbers |= words.number(hash) + 1;
        find();
      }
    }

    /** Looks for queries that end with the last word. */
    private void find() {
      int ending = lengths[lastOf(numbers)];
      for (int length = 1; ending >>> length != 0; length++) {
        int firstBit = NUMBER_BITS * (length - 1);
        if (lastOf(numbers >>> firstBit) == 0) {
          return; // a word of no query
        }
        long run = numbers & -1L >>> (Long.SIZE - NUMBER_BITS - firstBit);
        if ((ending >>> length & 1) != 0 && runs.contains(run)) {
          count(asking[runs.number(run)], length);
        }
      }
    }

    /** To take whatever ends first leaves most words for others, so the count is the largest. */
    private void count(long asked, int length) {
      for (long left = asked; left != 0; left &= left - 1) {
        int category = Long.numberOfTrailingZeros(left);
        if (ended[category] <= read - length) {
          counts[category]++;
          ended[category] = read;
        }
      }
    }
  }
}
