package org.onset.tensor;

import java.util.Arrays;

/**
 * Attention of single new tokens over what a cache holds. The cache is a pool of slots, each with
 * one token's keys or values, [slot, kvHeadCount, headDim]; which slots a token sees, and in which
 * order they were written, is a list of its own. So nothing is padded, masked, moved or copied.
 */
public final class CachedAttention {
  private CachedAttention() {}

  /**
   * Writes the output for each query, [row, headCount, 1, headDim], to [row, headCount · headDim];
   * row r sees the first {@code counts[r]} of {@code slots[r]}.
   */
  public static void forward(
      Tensor query, Tensor keys, Tensor values, int[][] slots, int[] counts, Tensor output) {
    int heads = Math.toIntExact(query.size(1));
    int headDim = Math.toIntExact(keys.size(2));
    int kvHeads = Math.toIntExact(keys.size(1));
    int group = heads / kvHeads;
    float scale = (float) (1 / Math.sqrt(headDim));
    Rows queries = Rows.of(query);
    Rows outputs = Rows.of(output);
    Rows keyPool = Rows.of(keys);
    Rows valuePool = Rows.of(values);
    int longest = 0;
    for (int count : counts) {
      longest = Math.max(longest, count);
    }
    int most = longest;
    Parallel.run(
        counts.length * kvHeads,
        (long) most * group * headDim,
        (_, from, until) -> {
          float[] wanted = new float[group * headDim];
          float[] scores = new float[group * most];
          float[] sums = new float[group];
          float[] found = new float[headDim];
          for (int unit = from; unit < until; unit++) {
            int row = unit / kvHeads;
            int kvHead = unit % kvHeads;
            int count = counts[row];
            long at = ((long) row * heads + (long) kvHead * group) * headDim;
            queries.read(at, wanted.length, wanted, 0);
            for (int i = 0; i < count; i++) {
              long key = place(slots[row][i], kvHead, kvHeads, headDim);
              for (int g = 0; g < group; g++) {
                scores[g * most + i] = keyPool.dot(key, headDim, wanted, g * headDim);
              }
            }
            for (int g = 0; g < group; g++) {
              float shift = scale * Floats.max(scores, g * most, count);
              sums[g] = Floats.exponentials(scores, g * most, count, scale, shift);
            }
            Arrays.fill(wanted, 0);
            for (int i = 0; i < count; i++) {
              valuePool.read(place(slots[row][i], kvHead, kvHeads, headDim), headDim, found, 0);
              for (int g = 0; g < group; g++) {
                Floats.addScaled(wanted, g * headDim, found, scores[g * most + i] / sums[g]);
              }
            }
            outputs.write(at, wanted.length, wanted, 0);
          }
        });
  }

  /**
   * Copies keys (or values) of new tokens, [row, kvHeadCount, time, headDim], to their slots: the
   * first {@code counts[r]} of row r to {@code slots[r]}.
   */
  public static void store(Tensor made, int[][] slots, int[] counts, Tensor pool) {
    int kvHeads = Math.toIntExact(pool.size(1));
    int headDim = Math.toIntExact(pool.size(2));
    int time = Math.toIntExact(made.size(2));
    Rows source = Rows.of(made);
    Rows target = Rows.of(pool);
    for (int row = 0; row < counts.length; row++) {
      for (int head = 0; head < kvHeads; head++) {
        for (int t = 0; t < counts[row]; t++) {
          long at = (((long) row * kvHeads + head) * time + t) * headDim;
          source.copy(at, headDim, target, place(slots[row][t], head, kvHeads, headDim));
        }
      }
    }
  }

  private static long place(int slot, int kvHead, int kvHeads, int headDim) {
    return ((long) slot * kvHeads + kvHead) * headDim;
  }
}
