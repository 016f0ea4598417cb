package org.onset.tensor;

import java.util.Arrays;

/**
 * softmax(query · keyᵀ / √headDim) · value, where each position sees itself and those before it.
 * Query [groups, rows, headDim] has, for each head of keys, the rows of all the query heads that
 * share it, one head's {@code time} rows after the other's; key and value are [groups, time,
 * headDim].
 *
 * <p>Written as batched products with the softmax between them in one pass, since libtorch's own
 * fused kernel takes three times as long forward and backward.
 */
public final class Attention {
  /** Without a backward pass to come, so many scores are made at once (16 MiB of float32). */
  private static final long SCORES_AT_ONCE = 1 << 22;

  /** So many scores are read in one go: short rows take longer to ask for than to read. */
  private static final int SCORES_IN_A_BLOCK = 256;

  private Attention() {}

  /** Writes {@code output}, shaped as query, and the probabilities [groups, rows, time]. */
  public static void forward(
      Tensor query, Tensor key, Tensor value, Tensor probabilities, Tensor output) {
    Products.batched(query, false, key, true, probabilities);
    softmax(probabilities, 0, scale(query));
    Products.batched(probabilities, false, value, false, output);
  }

  /** The same where nobody needs the probabilities: a few rows at a time. */
  public static void forward(Tensor query, Tensor key, Tensor value, Tensor output) {
    long groups = query.size(0);
    long rows = query.size(1);
    long time = key.size(1);
    long atOnce = Math.clamp(SCORES_AT_ONCE / (groups * time), 1, rows);
    for (long from = 0; from < rows; from += atOnce) {
      try (Scope _ = new Scope()) {
        long count = Math.min(atOnce, rows - from);
        Tensor scores = Tensor.uninitialised(query.dtype(), groups, count, time);
        Tensor some = Tensor.uninitialised(query.dtype(), groups, count, query.size(2));
        Products.batched(query.narrow(1, from, count), false, key, true, scores);
        softmax(scores, from, scale(query));
        Products.batched(scores, false, value, false, some);
        output.narrow(1, from, count).copyFrom(some);
      }
    }
  }

  /**
   * Writes the gradients of query, key and value, given the output's; {@code scores} [groups, rows,
   * time] is room to work in.
   */
  public static void backward(
      Tensor query,
      Tensor key,
      Tensor value,
      Tensor probabilities,
      Tensor ofOutput,
      Tensor scores,
      Tensor ofQuery,
      Tensor ofKey,
      Tensor ofValue) {
    Products.batched(probabilities, true, ofOutput, false, ofValue);
    Products.batched(ofOutput, false, value, true, scores);
    softmaxBackward(probabilities, scores, scale(query));
    Products.batched(scores, false, key, false, ofQuery);
    Products.batched(scores, true, query, false, ofKey);
  }

  private static float scale(Tensor query) {
    return (float) (1 / Math.sqrt((double) query.size(2)));
  }

  /** In place; the first row of each group is its row number {@code first}. */
  private static void softmax(Tensor scores, long first, float scale) {
    int rows = Math.toIntExact(scores.size(1));
    int time = Math.toIntExact(scores.size(2));
    Rows memory = Rows.of(scores);
    RowBlocks blocks = blocks(scores);
    Parallel.run(
        blocks.count(),
        (long) blocks.atOnce() * time,
        (_, from, until) -> {
          float[] values = Floats.zeros(blocks.atOnce() * time);
          for (int block = from; block < until; block++) {
            int start = blocks.first(block);
            int size = blocks.size(block) * time;
            memory.read((long) start * time, size, values, 0);
            for (int at = 0, r = start; at < size; at += time, r++) {
              int seen = (int) ((first + r % rows) % time) + 1;
              Floats.softmax(values, at, seen, scale);
              Arrays.fill(values, at + seen, at + time, 0);
            }
            memory.write((long) start * time, size, values, 0);
          }
        });
  }

  /** Turns the gradient of the probabilities, in {@code gradient}, into that of the products. */
  private static void softmaxBackward(Tensor probabilities, Tensor gradient, float scale) {
    int rows = Math.toIntExact(gradient.size(1));
    int time = Math.toIntExact(gradient.size(2));
    Rows values = Rows.of(probabilities);
    Rows gradients = Rows.of(gradient);
    RowBlocks blocks = blocks(gradient);
    Parallel.run(
        blocks.count(),
        (long) blocks.atOnce() * time,
        (_, from, until) -> {
          float[] value = Floats.zeros(blocks.atOnce() * time);
          float[] row = Floats.zeros(blocks.atOnce() * time);
          for (int block = from; block < until; block++) {
            int start = blocks.first(block);
            int size = blocks.size(block) * time;
            values.read((long) start * time, size, value, 0);
            gradients.read((long) start * time, size, row, 0);
            for (int at = 0, r = start; at < size; at += time, r++) {
              int seen = r % rows % time + 1;
              Floats.softmaxBackward(value, row, at, seen, scale);
              Arrays.fill(row, at + seen, at + time, 0);
            }
            gradients.write((long) start * time, size, row, 0);
          }
        });
  }

  private static RowBlocks blocks(Tensor scores) {
    int rows = Math.toIntExact(scores.size(0) * scores.size(1));
    return RowBlocks.of(rows, Math.toIntExact(scores.size(2)), SCORES_IN_A_BLOCK);
  }
}
