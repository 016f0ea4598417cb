package org.onset.tensor;

import org.bytedeco.pytorch.IValue;

/** The AdamW update (Loshchilov and Hutter, 2019) as one fused kernel over flat tensors. */
public final class AdamW {
  private static final Operator FUSED = new Operator("aten::_fused_adamw_");

  private AdamW() {}

  /**
   * Updates {@code parameters} and both moments in place; all four have one shape. {@code step}
   * counts from 1; {@code weightDecay} is decoupled: a parameter first shrinks by the learning rate
   * times it.
   */
  public static void step(
      Tensor parameters,
      Tensor gradients,
      Tensor firstMoments,
      Tensor secondMoments,
      long step,
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay) {
    if (step < 1) {
      throw new IllegalArgumentException("step counts from 1, was " + step);
    }
    try (Scope _ = new Scope()) {
      FUSED.call(
          FUSED.list(parameters),
          FUSED.list(gradients),
          FUSED.list(firstMoments),
          FUSED.list(secondMoments),
          FUSED.list(), // no largest second moments
          FUSED.list(Tensor.of(new float[] {step}, new long[0])),
          new IValue(learningRate),
          new IValue(beta1),
          new IValue(beta2),
          new IValue(weightDecay),
          new IValue(epsilon),
          new IValue(false), // amsgrad
          new IValue(false), // maximize
          new IValue(), // no gradient scale
          new IValue()); // no flag for infinities found
    }
  }
}
