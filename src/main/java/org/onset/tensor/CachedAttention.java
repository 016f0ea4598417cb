package org.onset.tensor;

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
    // A slot's heads lie together and are read faster so; apart, if rows alone busy too few
    // threads.
    int together = counts.length < Libtorch.threads() ? 1 : kvHeads;
    int width = together * headDim;
    int stride = Floats.wholeVectors(most);
    Parallel.run(
        counts.length * (kvHeads / together),
        (long) most * group * width,
        (_, from, until) -> {
          float[] wanted = new float[group * width];
          float[] seen = new float[most * width]; // keys, then values
          float[] scores = new float[together * group * stride];
          for (int unit = from; unit < until; unit++) {
            int row = unit * together / kvHeads;
            int kvHead = unit * together % kvHeads;
            int count = counts[row];
            long at = ((long) row * heads + (long) kvHead * group) * headDim;
            queries.read(at, wanted.length, wanted, 0);
            gather(keyPool, slots[row], count, kvHeads * headDim, kvHead * headDim, width, seen);
            for (int head = 0; head < together * group; head++) {
              int key = head / group * headDim;
              for (int i = 0; i < count; i++) {
                scores[head * stride + i] =
                    Floats.dot(seen, i * width + key, wanted, head * headDim, headDim);
              }
              float shift = scale * Floats.max(scores, head * stride, count);
              float sum = Floats.exponentials(scores, head * stride, count, scale, shift);
              Floats.multiply(scores, head * stride, count, 1 / sum);
            }
            gather(valuePool, slots[row], count, kvHeads * headDim, kvHead * headDim, width, seen);
            for (int head = 0; head < together * group; head++) {
              int value = head / group * headDim;
              Floats.weightedSum(
                  seen,
                  value,
                  width,
                  scores,
                  head * stride,
                  count,
                  wanted,
                  head * headDim,
                  headDim);
            }
            outputs.write(at, wanted.length, wanted, 0);
          }
        });
  }

  /** Reads {@code width} values of each slot, from {@code start} on; whole neighbours at once. */
  private static void gather(
      Rows pool, int[] slots, int count, int slotWidth, int start, int width, float[] into) {
    for (int i = 0; i < count; ) {
      int first = i++;
      while (width == slotWidth && i < count && slots[i] == slots[i - 1] + 1) {
        i++;
      }
      pool.read((long) slots[first] * slotWidth + start, (i - first) * width, into, first * width);
    }
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
