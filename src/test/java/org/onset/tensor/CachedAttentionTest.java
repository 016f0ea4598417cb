package org.onset.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CachedAttentionTest {
  private static final int HEADS = 6;
  private static final int KV_HEADS = 2;
  private static final int SLOTS = 90;

  @AfterEach
  void onOneThreadAgain() {
    Libtorch.useThreads(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 64, 67})
  void eachHeadSeesItsSlotsWhereverTheyLie(int headDim) {
    SplittableRandom random = new SplittableRandom(headDim);
    try (Scope _ = new Scope()) {
      Tensor keys = random(random, SLOTS, KV_HEADS, headDim);
      Tensor values = random(random, SLOTS, KV_HEADS, headDim);
      int[][] slots = {
        IntStream.range(3, 40).toArray(), // more than are read at once
        shuffled(random, 50),
        {9},
        IntStream.range(0, 33).map(i -> 80 - i).toArray(),
        {7, 8, 9, 20, 21, 0, 1}
      };
      int[] counts = {37, 50, 1, 32, 7};
      Tensor query = random(random, slots.length, HEADS, 1, headDim);

      float[] rowsAlone = attended(1, query, keys, values, slots, counts, headDim);

      assertThat(rowsAlone)
          .containsExactly(expected(query, keys, values, slots, counts, headDim), within(1e-5f));
      for (int threads = 2; threads <= 6; threads++) { // with 6, rows are too few to be shared out
        assertThat(attended(threads, query, keys, values, slots, counts, headDim))
            .isEqualTo(rowsAlone);
      }
    }
  }

  private static int[] shuffled(SplittableRandom random, int count) {
    List<Integer> slots = new ArrayList<>(IntStream.range(0, SLOTS).boxed().toList());
    Collections.shuffle(slots, new Random(random.nextLong()));
    return slots.stream().mapToInt(slot -> slot).limit(count).toArray();
  }

  private static float[] attended(
      int threads,
      Tensor query,
      Tensor keys,
      Tensor values,
      int[][] slots,
      int[] counts,
      int headDim) {
    Libtorch.useThreads(threads);
    Tensor output = Tensor.zeros(slots.length, (long) HEADS * headDim);
    CachedAttention.forward(query, keys, values, slots, counts, output);
    return output.toFloats();
  }

  private static float[] expected(
      Tensor query, Tensor keys, Tensor values, int[][] slots, int[] counts, int headDim) {
    float[] queries = query.toFloats();
    float[] key = keys.toFloats();
    float[] value = values.toFloats();
    float[] result = new float[queries.length];
    for (int unit = 0; unit < slots.length * HEADS; unit++) {
      int row = unit / HEADS;
      int kvHead = unit % HEADS / (HEADS / KV_HEADS);
      double[] weights = new double[counts[row]];
      for (int i = 0; i < weights.length; i++) {
        int at = (slots[row][i] * KV_HEADS + kvHead) * headDim;
        for (int d = 0; d < headDim; d++) {
          weights[i] += (double) queries[unit * headDim + d] * key[at + d];
        }
        weights[i] = Math.exp(weights[i] / Math.sqrt(headDim));
      }
      double sum = Arrays.stream(weights).sum();
      for (int i = 0; i < weights.length; i++) {
        int at = (slots[row][i] * KV_HEADS + kvHead) * headDim;
        for (int d = 0; d < headDim; d++) {
          result[unit * headDim + d] += (float) (weights[i] / sum * value[at + d]);
        }
      }
    }
    return result;
  }

  private static Tensor random(SplittableRandom random, long... shape) {
    Tensor made = Tensor.zeros(shape);
    float[] values = new float[Math.toIntExact(made.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    made.copyFrom(values);
    return made;
  }
}
