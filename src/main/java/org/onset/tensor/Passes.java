package org.onset.tensor;

/** Passes over all values of flat tensors, in blocks that fit the nearest cache. */
final class Passes {
  private static final int BLOCK = 1024;

  private Passes() {}

  /** Writes {@code first} + {@code second} to {@code target}; dtypes may differ. */
  static void sum(Tensor first, Tensor second, Tensor target) {
    Rows left = Rows.of(first);
    Rows right = Rows.of(second);
    Rows sums = Rows.of(target);
    long count = target.elementCount();
    Parallel.run(
        blocks(count),
        BLOCK,
        (_, from, until) -> {
          float[] sum = new float[BLOCK];
          float[] value = new float[BLOCK];
          for (int block = from; block < until; block++) {
            int length = length(block, count);
            left.read(at(block), length, sum, 0);
            right.read(at(block), length, value, 0);
            Floats.add(sum, value, length);
            sums.write(at(block), length, sum, 0);
          }
        });
  }

  /** The sum of squares, each block's in float32, all together in double precision. */
  static double sumOfSquares(Tensor tensor) {
    Rows values = Rows.of(tensor);
    long count = tensor.elementCount();
    double[] ofBlocks = new double[blocks(count)];
    Parallel.run(
        ofBlocks.length,
        BLOCK,
        (_, from, until) -> {
          float[] value = new float[BLOCK];
          for (int block = from; block < until; block++) {
            int length = length(block, count);
            values.read(at(block), length, value, 0);
            ofBlocks[block] = Floats.dot(value, 0, value, 0, length);
          }
        });
    double sum = 0;
    for (double ofBlock : ofBlocks) {
      sum += ofBlock;
    }
    return sum;
  }

  private static int blocks(long count) {
    return Math.toIntExact(Math.ceilDiv(count, BLOCK));
  }

  private static long at(int block) {
    return (long) block * BLOCK;
  }

  private static int length(int block, long count) {
    return (int) Math.min(BLOCK, count - at(block));
  }
}
