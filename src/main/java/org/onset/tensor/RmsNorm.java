package org.onset.tensor;

import static org.bytedeco.pytorch.global.torch.linalg_vector_norm;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;

/**
 * Root-mean-square normalisation (Zhang and Sennrich, 2019) of rows [count, dim]: each is divided
 * by the root of its mean square, then multiplied by a gain [dim].
 */
public final class RmsNorm {
  private final Tensor scaled; // [count, dim], before the gain
  private final Tensor inverse; // [count, 1], one over the root
  private final Tensor output; // [count, dim]

  private RmsNorm(Tensor scaled, Tensor inverse, Tensor output) {
    this.scaled = scaled;
    this.inverse = inverse;
    this.output = output;
  }

  public static RmsNorm of(Tensor rows, Tensor gain, double epsilon) {
    try (Scope scope = new Scope()) {
      Scalar share = new Scalar(1.0 / rows.size(1));
      Tensor inverse =
          new Tensor(
              linalg_vector_norm(
                      rows.torch(), new Scalar(2.0), new long[] {1}, true, new ScalarTypeOptional())
                  .square()
                  .mul_(share)
                  .add_(new Scalar(epsilon))
                  .rsqrt_());
      Tensor scaled = rows.times(inverse);
      return new RmsNorm(scope.keep(scaled), scope.keep(inverse), scope.keep(scaled.times(gain)));
    }
  }

  public Tensor output() {
    return output;
  }

  /**
   * Given the output's gradient [count, dim], which is used up, adds the gain's to {@code
   * gainGradient} and the rows' to {@code rowsGradient}.
   */
  public void backward(Tensor gradient, Tensor gain, Tensor gainGradient, Tensor rowsGradient) {
    try (Scope _ = new Scope()) {
      long dim = gradient.size(1);
      Tensor product = gradient.times(scaled);
      gainGradient.torch().add_(product.torch().sum(0));
      // What a row's own root takes back: its mean of gradient · gain · scaled.
      var mean = product.torch().mv(gain.torch()).mul_(new Scalar(1.0 / dim)).unsqueeze(1);
      gradient.multiplyInPlace(gain);
      gradient.torch().addcmul_(scaled.torch(), mean, new Scalar(-1.0));
      rowsGradient.torch().addcmul_(gradient.torch(), inverse.torch());
    }
  }
}
