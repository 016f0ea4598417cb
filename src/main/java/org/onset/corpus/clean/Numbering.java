package org.onset.corpus.clean;

import java.io.Serializable;

/** Numbers distinct 64-bit keys from 0 in the order they are met; never more than half full. */
final class Numbering implements Serializable {
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private final long[] keys;

  /** The key's number and 1; 0 where there is no key. */
  private final int[] numbers;

  private final int shift;
  private int size;

  Numbering(int mostKeys) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, 2L * mostKeys - 1));
    this.keys = new long[1 << bits];
    this.numbers = new int[1 << bits];
    this.shift = Long.SIZE - bits;
  }

  /** How many keys have been met. */
  int size() {
    return size;
  }

  boolean contains(long key) {
    return numbers[slot(key)] != 0;
  }

  /** The number of {@code key}, a new one if it hasn't been met. */
  int number(long key) {
    int slot = slot(key);
    if (numbers[slot] == 0) {
      keys[slot] = key;
      numbers[slot] = ++size;
    }
    return numbers[slot] - 1;
  }

  /** Meets {@code key}; whether it was new. */
  boolean add(long key) {
    int before = size;
    number(key);
    return size > before;
  }

  /** Where {@code key} is, or would be. */
  private int slot(long key) {
    int slot = (int) ((key * SPREAD) >>> shift);
    while (numbers[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }
}
