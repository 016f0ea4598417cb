package org.onset.tensor;

/** silu(gate) · up (Shazeer, 2020), where [count, 2 · width] holds gate and up side by side. */
public final class SwiGlu {
  private SwiGlu() {}

  /** Writes the product to {@code activation} [count, width]. */
  public static void forward(Tensor gateUp, Tensor activation) {
    int count = Math.toIntExact(activation.size(0));
    int width = Math.toIntExact(activation.size(1));
    Rows input = Rows.of(gateUp);
    Rows output = Rows.of(activation);
    Parallel.run(
        count,
        width,
        (_, from, until) -> {
          float[] gate = Floats.zeros(width);
          float[] up = Floats.zeros(width);
          for (int r = from; r < until; r++) {
            input.read(2L * r * width, width, gate, 0);
            input.read((2L * r + 1) * width, width, up, 0);
            Floats.swiGlu(gate, up, width);
            output.write((long) r * width, width, gate, 0);
          }
        });
  }

  /**
   * Turns {@code gradient}, that of the activation, into that of gate and up in {@code
   * gateUpGradient}; writes the activation itself once more to {@code activation}.
   */
  public static void backward(
      Tensor gateUp, Tensor gradient, Tensor gateUpGradient, Tensor activation) {
    int count = Math.toIntExact(activation.size(0));
    int width = Math.toIntExact(activation.size(1));
    Rows input = Rows.of(gateUp);
    Rows ofActivation = Rows.of(gradient);
    Rows ofInput = Rows.of(gateUpGradient);
    Rows output = Rows.of(activation);
    Parallel.run(
        count,
        width,
        (_, from, until) -> {
          float[] gate = Floats.zeros(width);
          float[] up = Floats.zeros(width);
          float[] activated = Floats.zeros(width);
          for (int r = from; r < until; r++) {
            input.read(2L * r * width, width, gate, 0);
            input.read((2L * r + 1) * width, width, up, 0);
            ofActivation.read((long) r * width, width, activated, 0);
            Floats.swiGluBackward(gate, up, activated, width);
            ofInput.write(2L * r * width, width, gate, 0);
            ofInput.write((2L * r + 1) * width, width, up, 0);
            output.write((long) r * width, width, activated, 0);
          }
        });
  }
}
