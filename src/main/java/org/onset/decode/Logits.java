package org.onset.decode;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.onset.tensor.LogSumExp;

/**
 * Functions of one row of logits, [vocab]. Tokens are ranked by logit; of equals the lower id comes
 * first.
 */
final class Logits {
  /** Up to this many tokens are found by insertion, more by sorting everything. */
  private static final int FEW = 64;

  /** So many logits are looked at on all processors; fewer cost less than waking them. */
  private static final int WORTH_SHARING = 1 << 20;

  private Logits() {}

  /** The numbers of the rows, to be worked on in any order, many at once where that pays. */
  static IntStream rows(float[][] logits) {
    IntStream rows = IntStream.range(0, logits.length);
    boolean shared = logits.length > 0 && (long) logits.length * logits[0].length >= WORTH_SHARING;
    return shared ? rows.parallel() : rows;
  }

  /** The natural logarithm of the summed exponentials: log P(token) is its logit less this. */
  static double logSumExp(float[] logits) {
    double result = LogSumExp.of(logits);
    if (!Double.isFinite(result)) {
      throw new IllegalStateException(
          "the model's logits are no distribution (not a number, or infinite): has its training"
              + " diverged?");
    }
    return result;
  }

  static int mostLikely(float[] logits) {
    int best = 0;
    for (int token = 1; token < logits.length; token++) {
      if (logits[token] > logits[best]) {
        best = token;
      }
    }
    return best;
  }

  /** The {@code count} most likely tokens, best first; all of them where there are fewer. */
  static int[] mostLikely(float[] logits, int count) {
    return count <= FEW ? byInsertion(logits, count) : bySorting(logits, count);
  }

  /** As {@link #mostLikely(float[], int)}, passing over one token. */
  static int[] mostLikelyExcept(int excluded, float[] logits, int count) {
    int[] ranked = mostLikely(logits, Math.min(count, logits.length - 1) + 1);
    int at = 0;
    while (at < ranked.length - 1 && ranked[at] != excluded) {
      at++;
    }
    System.arraycopy(ranked, at + 1, ranked, at, ranked.length - 1 - at);
    return Arrays.copyOf(ranked, ranked.length - 1);
  }

  private static int[] byInsertion(float[] logits, int count) {
    int[] ranked = new int[Math.min(count, logits.length)];
    int size = 0;
    for (int token = 0; token < logits.length; token++) {
      float logit = logits[token];
      if (size == ranked.length) {
        if (logit <= logits[ranked[size - 1]]) {
          continue;
        }
      } else {
        size++;
      }
      int place = size - 1;
      while (place > 0 && logits[ranked[place - 1]] < logit) {
        ranked[place] = ranked[place - 1];
        place--;
      }
      ranked[place] = token;
    }
    return ranked;
  }

  /** Sorts numbers whose upper half falls with the logit and whose lower half is the id. */
  private static int[] bySorting(float[] logits, int count) {
    long[] keys = new long[logits.length];
    for (int token = 0; token < logits.length; token++) {
      int bits = Float.floatToIntBits(logits[token] + 0f); // -0 becomes 0, so that the two tie
      int rising = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
      keys[token] = (long) ~rising << Integer.SIZE | token;
    }
    Arrays.sort(keys);
    int[] ranked = new int[Math.min(count, keys.length)];
    for (int rank = 0; rank < ranked.length; rank++) {
      ranked[rank] = (int) keys[rank];
    }
    return ranked;
  }
}
