package org.onset.tensor;

/**
 * Root-mean-square normalisation (Zhang and Sennrich, 2019) of rows [count, dim]: each is divided
 * by the root of its mean square, then multiplied by a gain [dim]. The rows are those of a float32
 * residual stream; what is made of them may be narrower.
 */
public final class RmsNorm {
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
    Parallel.run(
        count,
        dim,
        (_, from, until) -> {
          float[] row = Floats.zeros(dim);
          float[] delta = Floats.zeros(dim);
          float[] one = new float[1];
          for (int r = from; r < until; r++) {
            summands[0].read((long) r * dim, dim, row, 0);
            if (summands.length > 1) {
              summands[1].read((long) r * dim, dim, delta, 0);
              Floats.add(row, delta, dim);
              sums.write((long) r * dim, dim, row, 0);
            }
            float root = inverseRoot(row, 0, dim, epsilon);
            one[0] = root;
            Floats.multiply(row, gains, root, dim);
            inverses.write(r, 1, one, 0);
            output.write((long) r * dim, dim, row, 0);
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
    float[][] ofGain = new float[Parallel.parts(count, dim)][gains.length];
    Parallel.run(
        count,
        dim,
        (part, from, until) -> {
          float[] scaled = Floats.zeros(dim);
          float[] gradient = Floats.zeros(dim);
          float[] sum = Floats.zeros(dim);
          for (int r = from; r < until; r++) {
            long at = (long) r * dim;
            rows.read(at, dim, scaled, 0);
            gradients.read(at, dim, gradient, 0);
            sums.read(at, dim, sum, 0);
            float root = inverses[r];
            Floats.multiply(scaled, 0, dim, root);
            Floats.normBackward(scaled, gradient, gains, ofGain[part], dim);
            Floats.addMultiple(sum, root, gradient, dim);
            sums.write(at, dim, sum, 0);
            if (narrow != residualGradient) {
              narrowed.write(at, dim, sum, 0);
            }
            Floats.multiply(scaled, gains, 1, dim);
            output.write(at, dim, scaled, 0);
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
