package org.onset.model;

import java.util.Arrays;

/**
 * A tensor's values wherever they lie (a mapped file, libtorch's memory, blocks of small integers),
 * read piece by piece: no array need hold them all, and there may be more than an array can.
 */
public interface TensorSource {
  /** What a reader asks for at once: 4 MiB. */
  int PIECE = 1 << 20;

  long[] shape();

  /**
   * Copies the values [{@code from}, {@code from + count}) in row-major order to the start of
   * {@code target}.
   */
  void read(long from, float[] target, int count);

  /** The number of values. */
  default long count() {
    return Arrays.stream(shape()).reduce(1, Math::multiplyExact);
  }
}
