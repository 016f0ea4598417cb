package org.onset.corpus.clean;

import java.io.Serializable;

/**
 * Short keys by which similar sets meet: two sets share a band's key if all its minima agree, which
 * each does with a probability of their Jaccard index (Broder 1997; Indyk and Motwani 1998).
 *
 * <p>Hash function f maps a shingle x to {@code (x ^ xor[f]) * odd[f]} modulo 2^64, a permutation
 * of all 64-bit numbers; minima are of signed numbers. The constants come from SplitMix64 with the
 * seed 1: its outputs 2f and 2f + 1, counted from 0, are {@code xor[f]} and {@code odd[f]}, the
 * latter with its lowest bit set. Shingles are hashes themselves, so that this suffices.
 */
public final class MinHash implements Serializable {
  private static final long SEED = 1;
  private static final long SPLIT_MIX = 0x9e3779b97f4a7c15L;

  private final int bands;
  private final int rows;
  private final long[] xor;
  private final long[] odd;

  public MinHash(MinHashSpec spec) {
    this.bands = spec.bands();
    this.rows = spec.rowsPerBand();
    int functions = bands * rows;
    this.xor = new long[functions];
    this.odd = new long[functions];
    long state = SEED;
    for (int f = 0; f < functions; f++) {
      state += SPLIT_MIX;
      xor[f] = splitMix(state);
      state += SPLIT_MIX;
      odd[f] = splitMix(state) | 1;
    }
  }

  /** A key for each band; the bands' keys differ even where their minima don't. */
  public long[] bandKeys(long[] shingles) {
    long[] minima = minima(shingles);
    long[] keys = new long[bands];
    for (int band = 0; band < bands; band++) {
      long key = Hashing.mix(band + 1);
      for (int row = 0; row < rows; row++) {
        key = Hashing.mix(key ^ minima[band * rows + row]) + row;
      }
      keys[band] = key;
    }
    return keys;
  }

  /** The minimum of each hash function over {@code shingles}, of which there must be one. */
  long[] minima(long[] shingles) {
    if (shingles.length == 0) {
      throw new IllegalArgumentException("a set without shingles has no minima");
    }
    long[] minima = new long[xor.length];
    for (int f = 0; f < minima.length; f++) {
      minima[f] = least(shingles, xor[f], odd[f]);
    }
    return minima;
  }

  /** The compiler makes vectors of this loop, and not of one over the functions. */
  private static long least(long[] shingles, long flip, long factor) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < shingles.length; i++) {
      least = Math.min(least, (shingles[i] ^ flip) * factor);
    }
    return least;
  }

  private static long splitMix(long state) {
    long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
