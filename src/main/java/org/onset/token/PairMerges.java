package org.onset.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The merges of a byte-level BPE vocabulary in the order learnt, each joining the pair of
 * neighbours that is the most frequent by then; of equally frequent pairs the one with the smaller
 * left id, then the smaller right id. Those of Hugging Face's trainer, told to leave out pairs that
 * occur once.
 *
 * @param tokens by id: the 256 bytes, then what the merges made
 */
record PairMerges(List<String> tokens, List<Merge> merges) {
  /** A pair seen once is no pattern. */
  private static final long MIN_COUNT = 2;

  record Merge(int left, int right) {}

  PairMerges {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }

  /** Learns until there are {@code size} tokens, or no pair is left that occurs twice. */
  static PairMerges learn(WordCounts counts, int size) {
    Learner learner = new Learner(counts);
    while (learner.tokens.size() < size && learner.mergeMostFrequent()) {}
    return new PairMerges(learner.tokens, learner.merges);
  }

  /**
   * All words stand one after another in an array, and a merge visits the places of its pair and no
   * others, however long the words. Pair counts are exact at any time. The queue is not: it may
   * hold a count that has fallen since, which is found when it comes up, but never only one that
   * has risen since.
   */
  private static final class Learner {
    /** Behind each word, and before the first. */
    private static final int NO_TOKEN = Integer.MIN_VALUE;

    /** Inside a token, neither its first nor its last place. */
    private static final int INSIDE = NO_TOKEN + 1;

    private final List<String> tokens = new ArrayList<>(List.of(ByteAlphabet.characters()));
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<Merge> merges = new ArrayList<>();

    /** How many places a token takes: its bytes. */
    private int[] lengths;

    /**
     * A place for each byte. A token's id stands at its first place and, if it is longer than one,
     * its negated length at its last.
     */
    private final int[] places;

    private final int[] wordOfPlace;
    private final WordCounts counts;
    private final PairTable pairs = new PairTable();
    private final PairQueue queue = new PairQueue(pairs);

    /** The pairs that became more frequent by the present merge; a pair may stand twice. */
    private int[] risen = new int[64];

    private int risenCount;

    Learner(WordCounts counts) {
      this.counts = counts;
      lengths = new int[2 * tokens.size()];
      for (int id = 0; id < tokens.size(); id++) {
        ids.put(tokens.get(id), id);
        lengths[id] = 1;
      }
      places = new int[counts.words().totalBytes() + counts.size() + 1];
      wordOfPlace = new int[places.length];
      places[0] = NO_TOKEN;
      int place = 1;
      for (int word = 0; word < counts.size(); word++) {
        for (int at = counts.words().start(word); at < counts.words().end(word); at++) {
          places[place] = ByteAlphabet.rank(counts.words().bytes()[at]);
          wordOfPlace[place] = word;
          if (places[place - 1] != NO_TOKEN) {
            int pair = pairs.indexOf(places[place - 1], places[place]);
            pairs.add(pair, counts.count(word), place - 1);
          }
          place++;
        }
        places[place++] = NO_TOKEN;
      }
      for (int pair = 0; pair < pairs.size(); pair++) {
        offer(pair);
      }
    }

    boolean mergeMostFrequent() {
      while (!queue.isEmpty()) {
        long queuedCount = queue.firstCount();
        int pair = queue.poll();
        long count = pairs.count(pair);
        if (count == queuedCount) {
          merge(pair);
          return true;
        }
        if (count < queuedCount) {
          offer(pair);
        }
      }
      return false;
    }

    private void offer(int pair) {
      if (pairs.count(pair) >= MIN_COUNT) {
        queue.offer(pair);
      }
    }

    private void merge(int pair) {
      int left = pairs.left(pair);
      int right = pairs.right(pair);
      // The same string can come from another pair; it keeps its id then.
      String text = tokens.get(left) + tokens.get(right);
      Integer known = ids.putIfAbsent(text, tokens.size());
      int merged = known == null ? tokens.size() : known;
      if (known == null) {
        tokens.add(text);
        lengths = merged < lengths.length ? lengths : Arrays.copyOf(lengths, 2 * merged);
        lengths[merged] = lengths[left] + lengths[right];
      }
      merges.add(new Merge(left, right));

      risenCount = 0;
      for (int place : pairs.takePlaces(pair)) {
        int second = place + lengths[left];
        if (places[place] == left && places[second] == right) {
          join(pair, place, second, merged);
        }
      }
      for (int i = 0; i < risenCount; i++) {
        offer(risen[i]);
      }
    }

    private void join(int pair, int place, int second, int merged) {
      int left = places[place];
      int right = places[second];
      long count = counts.count(wordOfPlace[place]);
      int end = second + lengths[right];
      pairs.subtract(pair, count);
      if (places[place - 1] != NO_TOKEN) {
        int before = startOfTokenBefore(place);
        pairs.subtract(pairs.indexOf(places[before], left), count);
        rise(pairs.indexOf(places[before], merged), count, before);
      }
      if (places[end] != NO_TOKEN) {
        pairs.subtract(pairs.indexOf(right, places[end]), count);
        rise(pairs.indexOf(merged, places[end]), count, place);
      }
      places[second] = INSIDE;
      places[end - 1] = place - end;
      places[place] = merged;
    }

    private int startOfTokenBefore(int place) {
      int last = places[place - 1];
      return last >= 0 ? place - 1 : place + last;
    }

    private void rise(int pair, long count, int place) {
      pairs.add(pair, count, place);
      if (risenCount > 0 && risen[risenCount - 1] == pair) {
        return;
      }
      if (risenCount == risen.length) {
        risen = Arrays.copyOf(risen, 2 * risenCount);
      }
      risen[risenCount++] = pair;
    }
  }
}
