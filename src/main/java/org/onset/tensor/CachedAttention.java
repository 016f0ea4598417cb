package org.onset.tensor;

import java.util.Arrays;

/**
 * Attention of single new tokens over what a cache holds. The cache is a pool of slots, each with
 * one token's keys or values, [slot, kvHeadCount, headDim]; which slots a token sees, and in which
 * order they were written, is a list of its own. So nothing is padded, masked, moved or copied.
 */
public final class CachedAttention {
  /** What is read of so many slots stays in a near cache. */
  private static final int SLOTS_AT_ONCE = 16;

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
          float[] wanted = new float[group * width]; // the query, then the output
          float[] seen = new float[SLOTS_AT_ONCE * width]; // keys, then values
          float[] scores = new float[together * group * stride];
          for (int unit = from; unit < until; unit++) {
            int row = unit * together / kvHeads;
            int kvHead = unit * together % kvHeads;
            int count = counts[row];
            long at = ((long) row * heads + (long) kvHead * group) * headDim;
            queries.read(at, wanted.length, wanted, 0);
            for (int first = 0; first < count; first += SLOTS_AT_ONCE) {
              int some = Math.min(SLOTS_AT_ONCE, count - first);
              gather(keyPool, slots[row], first, some, kvHeads, kvHead, width, headDim, seen);
              for (int head = 0; head < together * group; head++) {
                int key = head / group * headDim;
                int to = head * stride + first;
                Floats.dots(seen, key, width, some, wanted, head * headDim, headDim, scores, to);
              }
            }
            for (int head = 0; head < together * group; head++) {
              Floats.softmax(scores, head * stride, count, scale);
            }
            Arrays.fill(wanted, 0);
            for (int first = 0; first < count; first += SLOTS_AT_ONCE) {
              int some = Math.min(SLOTS_AT_ONCE, count - first);
              gather(valuePool, slots[row], first, some, kvHeads, kvHead, width, headDim, seen);
              for (int head = 0; head < together * group; head++) {
                int value = head / group * headDim;
                int weights = head * stride + first;
                Floats.addWeighted(
                    seen, value, width, scores, weights, some, wanted, head * headDim, headDim);
              }
            }
            outputs.write(at, wanted.length, wanted, 0);
          }
        });
  }

  /**
   * Reads of {@code count} slots, from number {@code first} of the list on, {@code width} values
   * each, those of {@code kvHead} and the heads after it; whole neighbours at once.
   */
  private static void gather(
      Rows pool,
      int[] slots,
      int first,
      int count,
      int kvHeads,
      int kvHead,
      int width,
      int headDim,
      float[] into) {
    int slotWidth = kvHeads * headDim;
    int until = first + count;
    for (int i = first; i < until; ) {
      int start = i++;
      while (width == slotWidth && i < until && slots[i] == slots[i - 1] + 1) {
        i++;
      }
      long at = place(slots[start], kvHead, kvHeads, headDim);
      pool.read(at, (i - start) * width, into, (start - first) * width);
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
