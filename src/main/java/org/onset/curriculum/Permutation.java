package org.onset.curriculum;

import org.onset.Seeds;

/**
 * A permutation of 0 … size − 1 that any position can be read from without making the rest: a
 * Feistel network over the next power of four, walked until it lands inside (cycle walking).
 */
final class Permutation {
  private static final int ROUNDS = 8;

  private final int size;
  private final int halfBits;
  private final long[] roundKeys = new long[ROUNDS];

  Permutation(int size, long key) {
    this.size = size;
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(size - 1, 1));
    this.halfBits = Math.ceilDiv(bits, 2);
    for (int round = 0; round < ROUNDS; round++) {
      roundKeys[round] = mix(key + (round + 1) * 0x9E3779B97F4A7C15L);
    }
  }

  /** The order in which pass number {@code epoch} goes through the windows of {@code stream}. */
  static Permutation of(Seeds seeds, String stream, long epoch, int size) {
    return new Permutation(size, seeds.seed("order/" + stream + "/" + epoch));
  }

  int at(int position) {
    long value = position;
    do {
      value = encipher(value);
    } while (value >= size);
    return (int) value;
  }

  private long encipher(long value) {
    long mask = (1L << halfBits) - 1;
    long left = value >>> halfBits;
    long right = value & mask;
    for (long key : roundKeys) {
      long next = left ^ (mix(right ^ key) & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  /** SplitMix64's finaliser: every input bit reaches every output bit. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
