package org.onset.tensor;

import static org.bytedeco.pytorch.global.torch.bmm_out;
import static org.bytedeco.pytorch.global.torch.mm_out;

import org.bytedeco.pytorch.Scalar;

/** Matrix products into memory that is there already. A weight is a matrix [out, in]. */
public final class Products {
  /** Up to so many rows, reading the weights is what a product costs. */
  static final int FEW_ROWS = 4;

  /** Up to so many rows, libtorch takes longer than we do to share a product out. */
  static final int SOME_ROWS = 64;

  /** libtorch's products go wrong where one column of several is asked for. */
  private static final int OUTPUTS_AT_LEAST = 16;

  private Products() {}

  /** {@code output} [rows, out] = {@code input} [rows, in] · {@code weight}ᵀ. */
  public static void linear(Tensor input, Tensor weight, Tensor output) {
    long rows = input.size(0);
    if (rows <= FEW_ROWS) {
      dots(input, weight, output);
    } else if (rows <= SOME_ROWS && input.dtype() == Dtype.BFLOAT16) {
      long out = weight.size(0);
      int blocks = Math.toIntExact(Math.max(1, out / OUTPUTS_AT_LEAST));
      Parallel.run(
          blocks,
          OUTPUTS_AT_LEAST * weight.size(1),
          (_, from, until) -> {
            long first = (long) from * OUTPUTS_AT_LEAST;
            long end = until == blocks ? out : (long) until * OUTPUTS_AT_LEAST;
            Libtorch.alone(() -> linear(input, weight, output, first, end - first));
          });
    } else {
      linear(input, weight, output, 0, weight.size(0));
    }
  }

  /** Makes {@code count} of the outputs, from number {@code from} on. */
  private static void linear(Tensor input, Tensor weight, Tensor output, long from, long count) {
    try (Scope _ = new Scope()) {
      mm_out(
          output.narrow(1, from, count).torch(),
          input.torch(),
          weight.narrow(0, from, count).torch().t());
    }
  }

  private static void dots(Tensor input, Tensor weight, Tensor output) {
    int count = Math.toIntExact(input.size(0));
    int in = Math.toIntExact(weight.size(1));
    int out = Math.toIntExact(weight.size(0));
    float[] inputs = input.toFloats();
    float[] outputs = new float[count * out];
    Rows weights = Rows.of(weight);
    Parallel.run(
        out,
        in,
        (_, from, until) -> {
          for (int o = from; o < until; o++) {
            for (int r = 0; r < count; r++) {
              outputs[r * out + o] = weights.dot((long) o * in, in, inputs, r * in);
            }
          }
        });
    Rows.of(output).write(0, outputs.length, outputs, 0);
  }

  /** {@code ofInput} [rows, in] = {@code ofOutput} [rows, out] · {@code weight}. */
  public static void inputGradient(Tensor ofOutput, Tensor weight, Tensor ofInput) {
    try (Scope _ = new Scope()) {
      mm_out(ofInput.torch(), ofOutput.torch(), weight.torch());
    }
  }

  /**
   * Adds {@code ofOutput}ᵀ · {@code input} to {@code gradient} [out, in], which is float32. Where
   * the factors are not, the product is made in {@code scratch} first, a flat tensor of their
   * dtype.
   */
  public static void addWeightGradient(
      Tensor ofOutput, Tensor input, Tensor gradient, Tensor scratch) {
    try (Scope _ = new Scope()) {
      if (ofOutput.dtype() == Dtype.FLOAT32) {
        gradient
            .torch()
            .addmm_(ofOutput.torch().t(), input.torch(), new Scalar(1.0), new Scalar(1.0));
      } else {
        Tensor product =
            scratch
                .narrow(0, 0, gradient.elementCount())
                .reshape(gradient.size(0), gradient.size(1));
        mm_out(product.torch(), ofOutput.torch().t(), input.torch());
        gradient.addInPlace(product);
      }
    }
  }

  /** {@code output} [batch, m, n] = {@code left} · {@code right}, either of them transposed. */
  static void batched(
      Tensor left, boolean transposeLeft, Tensor right, boolean transposeRight, Tensor output) {
    try (Scope _ = new Scope()) {
      bmm_out(
          output.torch(),
          transposeLeft ? left.torch().transpose(1, 2) : left.torch(),
          transposeRight ? right.torch().transpose(1, 2) : right.torch());
    }
  }
}
