package org.onset.tensor;

/** Rows that are read and written several at a time. */
record RowBlocks(int rows, int atOnce) {
  /**
   * Blocks of up to {@code values} values. One row of {@code width} at a time where it is more, or
   * not in whole vectors: {@link Floats} would run into the next.
   */
  static RowBlocks of(int rows, int width, int values) {
    boolean wholeVectors = Floats.wholeVectors(width) == width;
    return new RowBlocks(rows, wholeVectors ? Math.max(1, values / width) : 1);
  }

  int count() {
    return Math.ceilDiv(rows, atOnce);
  }

  int first(int block) {
    return block * atOnce;
  }

  int size(int block) {
    return Math.min(atOnce, rows - first(block));
  }
}
