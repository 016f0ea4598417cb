package org.onset.token;

import java.util.Arrays;

/**
 * The merges of a vocabulary by the pair that each joins: its rank, by which merges go, and the
 * token it makes, in one long, so that of two the smaller goes first.
 */
final class MergeTable {
  /** No merge joins the pair. */
  static final long NONE = Long.MAX_VALUE;

  private static final long FREE = -1;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  /** Pair and merge by turns; a power of two of both. */
  private final long[] slots;

  private final int shift;

  /** Of several merges of one pair the last counts, as in the native library. */
  MergeTable(int[] lefts, int[] rights, int[] merged) {
    int capacity = Integer.highestOneBit(Math.max(8, 3 * lefts.length)) << 1;
    shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
    slots = new long[2 * capacity];
    Arrays.fill(slots, FREE);
    for (int rank = 0; rank < lefts.length; rank++) {
      long pair = pair(lefts[rank], rights[rank]);
      int at = slot(pair);
      slots[at] = pair;
      slots[at + 1] = pair(rank, merged[rank]);
    }
  }

  long find(int left, int right) {
    int at = slot(pair(left, right));
    return slots[at] == FREE ? NONE : slots[at + 1];
  }

  /** Of a merge found: what it makes. */
  static int merged(long merge) {
    return (int) merge;
  }

  /** Of a merge found. */
  static int rank(long merge) {
    return (int) (merge >>> 32);
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | (right & 0xFFFF_FFFFL);
  }

  /** Where the pair is, or would be. */
  private int slot(long pair) {
    int mask = slots.length - 1;
    int at = (int) ((pair * MIX) >>> shift) << 1;
    while (slots[at] != pair && slots[at] != FREE) {
      at = (at + 2) & mask;
    }
    return at;
  }
}
