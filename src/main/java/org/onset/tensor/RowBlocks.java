package org.onset.tensor;

/** Rows cut into blocks of {@code atOnce}, which one method call reads, works on or writes. */
record RowBlocks(int rows, int atOnce) {
  /**
   * Blocks of up to {@code values} values, or of one row of {@code width}: also where rows don't
   * end with a vector, since {@link Floats} work to the end of it.
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
