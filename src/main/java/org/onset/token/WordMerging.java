package org.onset.token;

import java.util.Arrays;

/**
 * Merges the tokens of one word: always the pair of the smallest rank, of equal ones the leftmost.
 * Holds the room for it, so it is one thread's.
 */
final class WordMerging {
  /** Up to here looking at every pair anew is faster than keeping a queue. */
  private static final int SHORT = 48;

  /** Room for more is given back: a text without a break is rare. */
  private static final int KEPT = 1 << 16;

  private final MergeTable table;
  private final long[] merges = new long[SHORT];
  private int[] previous = new int[0];
  private int[] next = new int[0];
  private long[] queue = new long[0];
  private int queued;

  WordMerging(MergeTable table) {
    this.table = table;
  }

  /** Merges {@code tokens[from … to)} in place and returns the new end. */
  int merge(int[] tokens, int from, int to) {
    return to - from <= SHORT ? mergeShort(tokens, from, to) : mergeLong(tokens, from, to);
  }

  private int mergeShort(int[] tokens, int from, int to) {
    int count = to - from;
    for (int i = 0; i + 1 < count; i++) {
      merges[i] = table.find(tokens[from + i], tokens[from + i + 1]);
    }
    while (count > 1) {
      int best = 0;
      for (int i = 1; i + 1 < count; i++) {
        best = merges[i] < merges[best] ? i : best;
      }
      if (merges[best] == MergeTable.NONE) {
        break;
      }
      int at = from + best;
      tokens[at] = MergeTable.merged(merges[best]);
      count--;
      System.arraycopy(tokens, at + 2, tokens, at + 1, from + count - at - 1);
      if (best + 1 < count) {
        System.arraycopy(merges, best + 2, merges, best + 1, count - best - 2);
        merges[best] = table.find(tokens[at], tokens[at + 1]);
      }
      if (best > 0) {
        merges[best - 1] = table.find(tokens[at - 1], tokens[at]);
      }
    }
    return from + count;
  }

  /** A linked list of tokens and a queue of pairs by rank, then place. */
  private int mergeLong(int[] tokens, int from, int to) {
    link(to - from);
    int count = to - from;
    for (int i = 0; i + 1 < count; i++) {
      offer(table.find(tokens[from + i], tokens[from + i + 1]), i);
    }
    while (queued > 0) {
      long first = poll();
      int left = (int) first;
      int right = next[left];
      if (right < 0 || right >= count) {
        continue; // merged into another since, or the last now
      }
      long merge = table.find(tokens[from + left], tokens[from + right]);
      if (merge == MergeTable.NONE || MergeTable.rank(merge) != (int) (first >>> 32)) {
        continue; // another pair by now
      }
      tokens[from + left] = MergeTable.merged(merge);
      next[left] = next[right];
      next[right] = -1;
      if (next[left] < count) {
        previous[next[left]] = left;
        offer(table.find(tokens[from + left], tokens[from + next[left]]), left);
      }
      if (left > 0) {
        int before = previous[left];
        offer(table.find(tokens[from + before], tokens[from + left]), before);
      }
    }
    int end = from;
    for (int i = 0; i < count; i = next[i]) {
      tokens[end++] = tokens[from + i];
    }
    if (count > KEPT) {
      link(0);
    }
    return end;
  }

  private void link(int count) {
    if (next.length < count || count == 0) {
      previous = new int[count];
      next = new int[count];
      queue = new long[count];
    }
    for (int i = 0; i < count; i++) {
      previous[i] = i - 1;
      next[i] = i + 1;
    }
    queued = 0;
  }

  private void offer(long merge, int at) {
    if (merge == MergeTable.NONE) {
      return;
    }
    if (queued == queue.length) {
      queue = Arrays.copyOf(queue, 2 * queued);
    }
    long value = (long) MergeTable.rank(merge) << 32 | at;
    int place = queued++;
    while (place > 0 && queue[(place - 1) >>> 1] > value) {
      queue[place] = queue[(place - 1) >>> 1];
      place = (place - 1) >>> 1;
    }
    queue[place] = value;
  }

  private long poll() {
    long first = queue[0];
    long last = queue[--queued];
    int place = 0;
    for (int child = 1; child < queued; child = 2 * place + 1) {
      if (child + 1 < queued && queue[child + 1] < queue[child]) {
        child++;
      }
      if (queue[child] >= last) {
        break;
      }
      queue[place] = queue[child];
      place = child;
    }
    queue[place] = last;
    return first;
  }
}
