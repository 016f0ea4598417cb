package org.onset.tensor;

/**
 * Root-mean-square normalisation (Zhang and Sennrich, 2019) of rows [count, dim]: each is divided
 * by the root of its mean square, then multiplied by a gain [dim]. The rows are those of a float32
 * residual stream; what is made of them may be narrower.
 */
public final class RmsNorm {
  /** So many values are read in one go: short rows take longer to ask for than to read. */
  private static final int VALUES_IN_A_BLOCK = 512;

  private RmsNorm() {}

  /** Writes the normed rows, and to {@code inverse} [count] one over each row's root. */
  public static void forward(
      Tensor residual, Tensor gain, double epsilon, Tensor inverse, Tensor normed) {
    forward(new Rows[] {Rows.of(residual)}, residual, gain, epsilon, inverse, normed);
  }

  /** The same of {@code residual} = {@code before} + {@code delta}, which it writes too. */
  public static void forwardOfSum(
      Tensor before,
      Tensor delta,
      Tensor residual,
      Tensor gain,
      double epsilon,
      Tensor inverse,
      Tensor normed) {
    Rows[] summands = {Rows.of(before), Rows.of(delta)};
    forward(summands, residual, gain, epsilon, inverse, normed);
  }

  private static void forward(
      Rows[] summands,
      Tensor residual,
      Tensor gain,
      double epsilon,
      Tensor inverse,
      Tensor normed) {
    int count = Math.toIntExact(residual.size(0));
    int dim = Math.toIntExact(residual.size(1));
    float[] gains = Floats.of(gain);
    Rows sums = Rows.of(residual);
    Rows inverses = Rows.of(inverse);
    Rows output = Rows.of(normed);
    RowBlocks blocks = RowBlocks.of(count, dim, VALUES_IN_A_BLOCK);
    Parallel.run(
        blocks.count(),
        (long) blocks.atOnce() * dim,
        (_, from, until) -> {
          float[] values = Floats.zeros(blocks.atOnce() * dim);
          float[] delta = Floats.zeros(blocks.atOnce() * dim);
          float[] roots = new float[blocks.atOnce()];
          for (int block = from; block < until; block++) {
            int rows = blocks.size(block);
            long at = (long) blocks.first(block) * dim;
            summands[0].read(at, rows * dim, values, 0);
            if (summands.length > 1) {
              summands[1].read(at, rows * dim, delta, 0);
              Floats.add(values, delta, rows * dim);
              sums.write(at, rows * dim, values, 0);
            }
            for (int r = 0; r < rows; r++) {
              roots[r] = inverseRoot(values, r * dim, dim, epsilon);
              Floats.multiply(values, r * dim, gains, roots[r], dim);
            }
            inverses.write(blocks.first(block), rows, roots, 0);
            output.write(at, rows * dim, values, 0);
          }
        });
  }

  static float inverseRoot(float[] row, int from, int dim, double epsilon) {
    return (float) (1 / Math.sqrt(Floats.dot(row, from, row, from, dim) / dim + epsilon));
  }

  /**
   * Adds the gradient of the rows to {@code residualGradient} (float32), that of the gain to {@code
   * gainGradient}, given {@code ofNormed}; writes the residual's gradient so far to {@code narrow}
   * as well, where that is another tensor, and the normed rows once more to {@code normed}.
   */
  public static void backward(
      Tensor residual,
      Tensor inverse,
      Tensor gain,
      Tensor ofNormed,
      Tensor gainGradient,
      Tensor residualGradient,
      Tensor narrow,
      Tensor normed) {
    int count = Math.toIntExact(residual.size(0));
    int dim = Math.toIntExact(residual.size(1));
    float[] gains = Floats.of(gain);
    float[] inverses = inverse.toFloats();
    Rows rows = Rows.of(residual);
    Rows gradients = Rows.of(ofNormed);
    Rows sums = Rows.of(residualGradient);
    Rows narrowed = Rows.of(narrow);
    Rows output = Rows.of(normed);
    RowBlocks blocks = RowBlocks.of(count, dim, VALUES_IN_A_BLOCK);
    long width = (long) blocks.atOnce() * dim;
    float[][] ofGain = new float[Parallel.parts(blocks.count(), width)][gains.length];
    Parallel.run(
        blocks.count(),
        width,
        (part, from, until) -> {
          float[] values = Floats.zeros(blocks.atOnce() * dim);
          float[] gradient = Floats.zeros(blocks.atOnce() * dim);
          float[] sum = Floats.zeros(blocks.atOnce() * dim);
          for (int block = from; block < until; block++) {
            int first = blocks.first(block);
            int size = blocks.size(block) * dim;
            long at = (long) first * dim;
            rows.read(at, size, values, 0);
            gradients.read(at, size, gradient, 0);
            sums.read(at, size, sum, 0);
            for (int r = 0; r < blocks.size(block); r++) {
              float root = inverses[first + r];
              Floats.normBackward(values, gradient, sum, r * dim, gains, ofGain[part], root, dim);
            }
            sums.write(at, size, sum, 0);
            if (narrow != residualGradient) {
              narrowed.write(at, size, sum, 0);
            }
            output.write(at, size, values, 0);
          }
        });
    addTo(gainGradient, ofGain);
  }

  /** Adds what the parts of a pass have summed up, in their order. */
  static void addTo(Tensor gradient, float[][] ofParts) {
    float[] sum = gradient.toFloats();
    for (float[] part : ofParts) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part[i];
      }
    }
    gradient.copyFrom(sum);
  }
}
