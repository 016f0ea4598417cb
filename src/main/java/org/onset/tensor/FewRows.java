package org.onset.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a few rows with a large weight, as decoding makes them: faster than libtorch's, which
 * are made for many. A vector holds one input of several rows at once, so nothing is summed across
 * its lanes.
 */
final class FewRows {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Rows are taken by two vectors, so that a weight that is spread over a vector serves twice. */
  private static final int ROWS = 2 * LANES;

  /** So many outputs are summed up side by side: with two vectors each, as registers allow. */
  private static final int OUTPUTS = 4;

  private FewRows() {}

  /** {@code output} [rows, out] = {@code input} [rows, in] · {@code weight}ᵀ. */
  static void linear(Tensor input, Tensor weight, Tensor output) {
    int rows = Math.toIntExact(input.size(0));
    int in = Math.toIntExact(weight.size(1));
    int out = Math.toIntExact(weight.size(0));
    int groups = Math.ceilDiv(rows, ROWS);
    float[] lanes = byLane(input.toFloats(), rows, in); // [group, in, row of the group]
    float[] sums = new float[rows * out];
    Rows weights = Rows.of(weight);
    Parallel.run(
        Math.ceilDiv(out, OUTPUTS),
        (long) OUTPUTS * in,
        (_, from, until) -> {
          float[] some = new float[OUTPUTS * in];
          float[] found = new float[OUTPUTS * ROWS];
          for (int block = from; block < until; block++) {
            int first = block * OUTPUTS;
            int count = Math.min(OUTPUTS, out - first);
            weights.read((long) first * in, count * in, some, 0);
            for (int group = 0; group < groups; group++) {
              products(some, lanes, group * in * ROWS, in, found);
              int members = Math.min(ROWS, rows - group * ROWS);
              for (int row = 0; row < members; row++) {
                int at = (group * ROWS + row) * out + first;
                for (int o = 0; o < count; o++) {
                  sums[at + o] = found[o * ROWS + row];
                }
              }
            }
          }
        });
    Rows.of(output).write(0, sums.length, sums, 0);
  }

  private static float[] byLane(float[] inputs, int rows, int in) {
    float[] lanes = new float[Math.ceilDiv(rows, ROWS) * in * ROWS];
    for (int row = 0; row < rows; row++) {
      int at = row / ROWS * in * ROWS + row % ROWS;
      for (int i = 0; i < in; i++) {
        lanes[at + i * ROWS] = inputs[row * in + i];
      }
    }
    return lanes;
  }

  /**
   * To {@code found} [output, row] the products of each output's weights with each row's inputs.
   */
  private static void products(float[] weights, float[] lanes, int at, int in, float[] found) {
    FloatVector low0 = FloatVector.zero(SPECIES);
    FloatVector low1 = low0;
    FloatVector low2 = low0;
    FloatVector low3 = low0;
    FloatVector high0 = low0;
    FloatVector high1 = low0;
    FloatVector high2 = low0;
    FloatVector high3 = low0;
    for (int i = 0; i < in; i++) {
      FloatVector low = FloatVector.fromArray(SPECIES, lanes, at + i * ROWS);
      FloatVector high = FloatVector.fromArray(SPECIES, lanes, at + i * ROWS + LANES);
      FloatVector weight = FloatVector.broadcast(SPECIES, weights[i]);
      low0 = low.fma(weight, low0);
      high0 = high.fma(weight, high0);
      weight = FloatVector.broadcast(SPECIES, weights[in + i]);
      low1 = low.fma(weight, low1);
      high1 = high.fma(weight, high1);
      weight = FloatVector.broadcast(SPECIES, weights[2 * in + i]);
      low2 = low.fma(weight, low2);
      high2 = high.fma(weight, high2);
      weight = FloatVector.broadcast(SPECIES, weights[3 * in + i]);
      low3 = low.fma(weight, low3);
      high3 = high.fma(weight, high3);
    }
    low0.intoArray(found, 0);
    high0.intoArray(found, LANES);
    low1.intoArray(found, ROWS);
    high1.intoArray(found, ROWS + LANES);
    low2.intoArray(found, 2 * ROWS);
    high2.intoArray(found, 2 * ROWS + LANES);
    low3.intoArray(found, 3 * ROWS);
    high3.intoArray(found, 3 * ROWS + LANES);
  }
}
