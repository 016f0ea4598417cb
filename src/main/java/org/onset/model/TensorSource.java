package org.onset.model;

import java.util.Arrays;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

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

  /** Whether all values are numbers below infinity. */
  default boolean isFinite() {
    long length = count();
    float[] piece = new float[(int) Math.min(PIECE, length)];
    for (long from = 0; from < length; from += PIECE) {
      int count = (int) Math.min(PIECE, length - from);
      read(from, piece, count);
      for (int i = 0; i < count; i++) {
        if (!Float.isFinite(piece[i])) {
          return false;
        }
      }
    }
    return true;
  }

  /** The tensor of {@code shape} whose values begin at {@code offset} of {@code flat}. */
  static TensorSource part(Tensor flat, long offset, long... shape) {
    return new TensorSource() {
      @Override
      public long[] shape() {
        return shape.clone();
      }

      @Override
      public void read(long from, float[] target, int count) {
        System.arraycopy(flat.toFloats(offset + from, count), 0, target, 0, count);
      }
    };
  }

  /** Overwrites what begins at {@code offset} of {@code flat} with the values. */
  default void copyTo(Tensor flat, long offset) {
    long length = count();
    for (long from = 0; from < length; from += PIECE) {
      float[] piece = new float[(int) Math.min(PIECE, length - from)];
      read(from, piece, piece.length);
      try (Scope _ = new Scope()) {
        flat.narrow(0, offset + from, piece.length).copyFrom(piece);
      }
    }
  }
}
