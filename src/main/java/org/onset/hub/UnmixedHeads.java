package org.onset.hub;

import java.util.Objects;
import org.onset.model.TensorSource;

/**
 * A projection to heads with the two halves of each head apart, of one that has them mixed: rows 0,
 * 2, 4, … of a head are its first half there, rows 1, 3, 5, … its second.
 */
record UnmixedHeads(TensorSource mixed, int headDim) implements TensorSource {
  @Override
  public long[] shape() {
    return mixed.shape();
  }

  @Override
  public void read(long from, float[] target, int count) {
    Objects.checkFromIndexSize(from, count, count());
    int columns = Math.toIntExact(shape()[1]);
    float[] row = new float[columns];
    int done = 0;
    while (done < count) {
      int column = (int) ((from + done) % columns);
      int wanted = Math.min(columns - column, count - done);
      mixed.read(mixedRow((from + done) / columns) * columns + column, row, wanted);
      System.arraycopy(row, 0, target, done, wanted);
      done += wanted;
    }
  }

  private long mixedRow(long row) {
    long head = row / headDim;
    int inHead = (int) (row % headDim);
    int half = headDim / 2;
    return head * headDim + 2L * (inHead % half) + inHead / half;
  }
}
