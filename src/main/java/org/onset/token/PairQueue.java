package org.onset.token;

import java.util.Arrays;

/** Pairs by their counts when offered, the highest first; of equal ones the smaller pair. */
final class PairQueue {
  private final PairTable pairs;

  /** A binary heap. */
  private long[] counts = new long[1 << 10];

  private int[] indices = new int[1 << 10];
  private int size;

  PairQueue(PairTable pairs) {
    this.pairs = pairs;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The count with which the first pair was offered. */
  long firstCount() {
    return counts[0];
  }

  void offer(int pair) {
    if (size == counts.length) {
      counts = Arrays.copyOf(counts, 2 * size);
      indices = Arrays.copyOf(indices, 2 * size);
    }
    long count = pairs.count(pair);
    int place = size++;
    while (place > 0) {
      int parent = (place - 1) >>> 1;
      if (!precedes(count, pair, parent)) {
        break;
      }
      move(parent, place);
      place = parent;
    }
    counts[place] = count;
    indices[place] = pair;
  }

  /** Takes the first pair. */
  int poll() {
    int first = indices[0];
    size--;
    long count = counts[size];
    int pair = indices[size];
    int place = 0;
    for (int child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && precedes(counts[child + 1], indices[child + 1], child)) {
        child++;
      }
      if (precedes(count, pair, child)) {
        break;
      }
      move(child, place);
      place = child;
    }
    counts[place] = count;
    indices[place] = pair;
    return first;
  }

  private boolean precedes(long count, int pair, int place) {
    return count > counts[place]
        || (count == counts[place] && pairs.pair(pair) < pairs.pair(indices[place]));
  }

  private void move(int from, int to) {
    counts[to] = counts[from];
    indices[to] = indices[from];
  }
}
