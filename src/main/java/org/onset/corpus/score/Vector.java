package org.onset.corpus.score;

import java.util.Arrays;

/**
 * A sparse vector: coordinates in ascending order, and their values. Only the first {@code length}
 * entries of the arrays count, so that they can serve again.
 */
final class Vector {
  private final int[] indices;
  private final double[] values;
  private final int length;

  Vector(int[] indices, double[] values, int length) {
    this.indices = indices;
    this.values = values;
    this.length = length;
  }

  static Vector dense(double[] values) {
    int[] indices = new int[values.length];
    Arrays.setAll(indices, i -> i);
    return new Vector(indices, values, values.length);
  }

  int[] indices() {
    return indices;
  }

  double[] values() {
    return values;
  }

  int length() {
    return length;
  }

  /** Independent of the arrays of this one. */
  Vector copy() {
    return new Vector(Arrays.copyOf(indices, length), Arrays.copyOf(values, length), length);
  }

  double dot(double[] weights) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += weights[indices[i]] * values[i];
    }
    return sum;
  }
}
