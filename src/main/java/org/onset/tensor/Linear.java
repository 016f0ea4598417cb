package org.onset.tensor;

/** A way to make products with weights, which are matrices [out, in]. */
public interface Linear {
  /** {@code output} [rows, out] = {@code input} [rows, in] · {@code weight}ᵀ. */
  void run(Tensor input, Tensor weight, Tensor output);
}
