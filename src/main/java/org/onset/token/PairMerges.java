package org.onset.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The merges of a byte-level BPE vocabulary in the order learnt, each joining the pair of
 * neighbours that is the most frequent by then; of equally frequent pairs the one with the smaller
 * left id, then the smaller right id.
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
  static PairMerges learn(Map<String, Long> wordCounts, int size) {
    Learner learner = new Learner(wordCounts);
    while (learner.tokens.size() < size && learner.mergeMostFrequent()) {}
    return new PairMerges(learner.tokens, learner.merges);
  }

  /**
   * Pair counts are kept up to date word by word. The queue is not: it may hold a count that has
   * fallen since, which is found when it comes up, but never only one that has risen since.
   */
  private static final class Learner {
    private final List<String> tokens = new ArrayList<>(List.of(ByteAlphabet.characters()));
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<Merge> merges = new ArrayList<>();
    private final List<int[]> words = new ArrayList<>();
    private final long[] wordCounts;
    private final Map<Merge, Occurrences> pairs = new HashMap<>();
    private final PriorityQueue<Queued> queue =
        new PriorityQueue<>(
            Comparator.comparingLong(Queued::count)
                .reversed()
                .thenComparingInt(queued -> queued.pair.left)
                .thenComparingInt(queued -> queued.pair.right));

    private record Queued(Merge pair, long count) {}

    /** How often a pair occurs, and the words in which it did at some time. */
    private static final class Occurrences {
      private long count;
      private int[] words = new int[4];
      private int size;

      void in(int word) {
        if (size > 0 && words[size - 1] == word) {
          return;
        }
        if (size == words.length) {
          words = Arrays.copyOf(words, 2 * size);
        }
        words[size++] = word;
      }
    }

    Learner(Map<String, Long> counts) {
      for (int id = 0; id < tokens.size(); id++) {
        ids.put(tokens.get(id), id);
      }
      wordCounts = new long[counts.size()];
      Map<Merge, Long> changes = new HashMap<>();
      counts.forEach(
          (text, count) -> {
            int[] word = ByteAlphabet.ranks(text);
            wordCounts[words.size()] = count;
            addPairs(word, count, changes);
            for (int i = 1; i < word.length; i++) {
              occurrences(new Merge(word[i - 1], word[i])).in(words.size());
            }
            words.add(word);
          });
      changes.forEach(this::change);
    }

    boolean mergeMostFrequent() {
      for (Queued best = queue.poll(); best != null; best = queue.poll()) {
        long count = occurrences(best.pair).count;
        if (count == best.count) {
          merge(best.pair);
          return true;
        }
        if (count < best.count && count >= MIN_COUNT) {
          queue.add(new Queued(best.pair, count));
        }
      }
      return false;
    }

    private void merge(Merge pair) {
      // The same string can come from another pair; it keeps its id then.
      String text = tokens.get(pair.left) + tokens.get(pair.right);
      Integer known = ids.putIfAbsent(text, tokens.size());
      int merged = known == null ? tokens.size() : known;
      if (known == null) {
        tokens.add(text);
      }
      merges.add(pair);
      Occurrences where = occurrences(pair);
      Map<Merge, Long> changes = new HashMap<>();
      for (int w = 0; w < where.size; w++) {
        int index = where.words[w];
        int[] before = words.get(index);
        int[] after = join(before, pair, merged);
        if (after.length < before.length) {
          words.set(index, after);
          addPairs(before, -wordCounts[index], changes);
          addPairs(after, wordCounts[index], changes);
          for (int i = 1; i < after.length; i++) {
            if (after[i - 1] == merged || after[i] == merged) {
              occurrences(new Merge(after[i - 1], after[i])).in(index);
            }
          }
        }
      }
      changes.forEach(this::change);
      pairs.remove(pair);
    }

    private void change(Merge pair, long difference) {
      Occurrences occurrences = occurrences(pair);
      occurrences.count += difference;
      if (difference > 0 && occurrences.count >= MIN_COUNT) {
        queue.add(new Queued(pair, occurrences.count));
      }
    }

    private Occurrences occurrences(Merge pair) {
      return pairs.computeIfAbsent(pair, _ -> new Occurrences());
    }

    private static void addPairs(int[] word, long count, Map<Merge, Long> changes) {
      for (int i = 1; i < word.length; i++) {
        changes.merge(new Merge(word[i - 1], word[i]), count, Long::sum);
      }
    }

    private static int[] join(int[] word, Merge pair, int merged) {
      int[] joined = new int[word.length];
      int length = 0;
      for (int i = 0; i < word.length; i++) {
        boolean here = i + 1 < word.length && word[i] == pair.left && word[i + 1] == pair.right;
        joined[length++] = here ? merged : word[i];
        i += here ? 1 : 0;
      }
      return Arrays.copyOf(joined, length);
    }
  }
}
