package org.onset.token;

import java.util.Arrays;

/** Numbers pairs of tokens, and has each one's count and the places where it came to be. */
final class PairTable {
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
  private static final int[] NOWHERE = {};

  /** A pair's number + 1; a power of two, half of them free. */
  private int[] slots = new int[1 << 12];

  private long[] pairs = new long[1 << 11];
  private long[] counts = new long[1 << 11];
  private int[][] places = new int[1 << 11][];
  private int[] placeCounts = new int[1 << 11];
  private int size;

  int size() {
    return size;
  }

  /** The number of a pair, which it gets when first asked for. */
  int indexOf(int left, int right) {
    long pair = (long) left << 32 | right;
    int slot = slot(pair);
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    if (size == pairs.length) {
      grow();
      slot = slot(pair);
    }
    pairs[size] = pair;
    places[size] = NOWHERE;
    slots[slot] = ++size;
    return size - 1;
  }

  private int slot(long pair) {
    int shift = Long.SIZE - Integer.numberOfTrailingZeros(slots.length);
    int slot = (int) ((pair * MIX) >>> shift);
    while (slots[slot] != 0 && pairs[slots[slot] - 1] != pair) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private void grow() {
    pairs = Arrays.copyOf(pairs, 2 * size);
    counts = Arrays.copyOf(counts, 2 * size);
    places = Arrays.copyOf(places, 2 * size);
    placeCounts = Arrays.copyOf(placeCounts, 2 * size);
    slots = new int[4 * size];
    for (int index = 0; index < size; index++) {
      slots[slot(pairs[index])] = index + 1;
    }
  }

  /** Left above right, so that pairs order as longs. */
  long pair(int index) {
    return pairs[index];
  }

  int left(int index) {
    return (int) (pairs[index] >>> 32);
  }

  int right(int index) {
    return (int) pairs[index];
  }

  long count(int index) {
    return counts[index];
  }

  void subtract(int index, long count) {
    counts[index] -= count;
  }

  void add(int index, long count, int place) {
    counts[index] += count;
    int at = placeCounts[index]++;
    if (at == places[index].length) {
      places[index] = Arrays.copyOf(places[index], Math.max(2, 2 * at));
    }
    places[index][at] = place;
  }

  /**
   * All places at which the pair came to be, ascending, so that a run of equal tokens is merged
   * from its left; the pair is gone from some of them. Forgets them.
   */
  int[] takePlaces(int index) {
    int[] taken = Arrays.copyOf(places[index], placeCounts[index]);
    places[index] = NOWHERE;
    placeCounts[index] = 0;
    Arrays.sort(taken);
    return taken;
  }
}
