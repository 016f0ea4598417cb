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

  /** So many outputs are summed up side by side, in registers. */
  private static final int OUTPUTS = 8;

  private FewRows() {}

  /** {@code output} [rows, out] = {@code input} [rows, in] · {@code weight}ᵀ. */
  static void linear(Tensor input, Tensor weight, Tensor output) {
    int rows = Math.toIntExact(input.size(0));
    int in = Math.toIntExact(weight.size(1));
    int out = Math.toIntExact(weight.size(0));
    int groups = Math.ceilDiv(rows, LANES);
    float[] lanes = byLane(input.toFloats(), rows, in, groups); // [group, in, lane]
    float[] sums = new float[rows * out];
    Rows weights = Rows.of(weight);
    Parallel.run(
        Math.ceilDiv(out, OUTPUTS),
        (long) OUTPUTS * in,
        (_, from, until) -> {
          float[] some = new float[OUTPUTS * in];
          float[] found = new float[OUTPUTS * LANES];
          for (int block = from; block < until; block++) {
            int first = block * OUTPUTS;
            int count = Math.min(OUTPUTS, out - first);
            weights.read((long) first * in, count * in, some, 0);
            for (int group = 0; group < groups; group++) {
              products(some, lanes, group * in * LANES, in, found);
              int members = Math.min(LANES, rows - group * LANES);
              for (int row = 0; row < members; row++) {
                int at = (group * LANES + row) * out + first;
                for (int o = 0; o < count; o++) {
                  sums[at + o] = found[o * LANES + row];
                }
              }
            }
          }
        });
    Rows.of(output).write(0, sums.length, sums, 0);
  }

  private static float[] byLane(float[] inputs, int rows, int in, int groups) {
    float[] lanes = new float[groups * in * LANES];
    for (int row = 0; row < rows; row++) {
      int at = row / LANES * in * LANES + row % LANES;
      for (int i = 0; i < in; i++) {
        lanes[at + i * LANES] = inputs[row * in + i];
      }
    }
    return lanes;
  }

  /** To {@code found} [output, lane] the products of each output's weights with each lane's. */
  private static void products(float[] weights, float[] lanes, int at, int in, float[] found) {
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector sum4 = sum0;
    FloatVector sum5 = sum0;
    FloatVector sum6 = sum0;
    FloatVector sum7 = sum0;
    for (int i = 0; i < in; i++) {
      FloatVector input = FloatVector.fromArray(SPECIES, lanes, at + i * LANES);
      sum0 = input.fma(FloatVector.broadcast(SPECIES, weights[i]), sum0);
      sum1 = input.fma(FloatVector.broadcast(SPECIES, weights[in + i]), sum1);
      sum2 = input.fma(FloatVector.broadcast(SPECIES, weights[2 * in + i]), sum2);
      sum3 = input.fma(FloatVector.broadcast(SPECIES, weights[3 * in + i]), sum3);
      sum4 = input.fma(FloatVector.broadcast(SPECIES, weights[4 * in + i]), sum4);
      sum5 = input.fma(FloatVector.broadcast(SPECIES, weights[5 * in + i]), sum5);
      sum6 = input.fma(FloatVector.broadcast(SPECIES, weights[6 * in + i]), sum6);
      sum7 = input.fma(FloatVector.broadcast(SPECIES, weights[7 * in + i]), sum7);
    }
    sum0.intoArray(found, 0);
    sum1.intoArray(found, LANES);
    sum2.intoArray(found, 2 * LANES);
    sum3.intoArray(found, 3 * LANES);
    sum4.intoArray(found, 4 * LANES);
    sum5.intoArray(found, 5 * LANES);
    sum6.intoArray(found, 6 * LANES);
    sum7.intoArray(found, 7 * LANES);
  }
}
