package org.onset.corpus.clean;

/** The arithmetic that all hashes of this package are made with, modulo 2^64. */
final class Hashing {
  /** What the hash of characters begins with. */
  static final long START = 0x6a09e667f3bcc909L;

  private static final long CHARACTER = 0x9e3779b97f4a7c15L;
  private static final long GRAM = 0xd1342543de82ef95L;

  private Hashing() {}

  /** The hash of characters, one more appended; {@link #mix} ends it. */
  static long append(long hash, int character) {
    return (hash ^ character) * CHARACTER;
  }

  /** The finalizer of MurmurHash3: each bit of the result depends on all of the value. */
  static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  /**
   * The hash of a sequence, a hash more appended: a polynomial, so that the hash of any stretch
   * follows from those of two beginnings ({@link #between}).
   */
  static long appendWord(long sequence, long word) {
    return sequence * GRAM + word;
  }

  /**
   * The hash of the words between two beginnings of one sequence.
   *
   * @param power {@link #power} of their number
   */
  static long between(long shorter, long longer, long power) {
    return longer - shorter * power;
  }

  static long power(int words) {
    long power = 1;
    for (int i = 0; i < words; i++) {
      power *= GRAM;
    }
    return power;
  }
}
