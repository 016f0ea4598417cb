package org.onset.tensor;

import static org.bytedeco.pytorch.global.torch.mul_out;
import static org.bytedeco.pytorch.global.torch.silu;
import static org.bytedeco.pytorch.global.torch.silu_backward_out;

/** silu(gate) · up (Shazeer, 2020), where [count, 2 · width] holds gate and up side by side. */
public final class SwiGlu {
  private final Tensor gate; // [count, width], a view
  private final Tensor up; // [count, width], a view
  private final Tensor activation; // [count, width], silu(gate)
  private final Tensor output; // [count, width]

  private SwiGlu(Tensor gate, Tensor up, Tensor activation, Tensor output) {
    this.gate = gate;
    this.up = up;
    this.activation = activation;
    this.output = output;
  }

  public static SwiGlu of(Tensor gateUp) {
    long width = gateUp.size(1) / 2;
    Tensor gate = gateUp.narrow(1, 0, width);
    Tensor up = gateUp.narrow(1, width, width);
    Tensor activation = new Tensor(silu(gate.torch()));
    return new SwiGlu(gate, up, activation, activation.times(up));
  }

  public Tensor output() {
    return output;
  }

  /**
   * The gradient of gate and up side by side, [count, 2 · width], given the output's, which is used
   * up.
   */
  public Tensor backward(Tensor gradient) {
    long width = gradient.size(1);
    try (Scope scope = new Scope()) {
      Tensor both = Tensor.uninitialised(gradient.size(0), 2 * width);
      Tensor ofGate = both.narrow(1, 0, width);
      Tensor ofUp = both.narrow(1, width, width);
      mul_out(ofUp.torch(), gradient.torch(), activation.torch());
      gradient.multiplyInPlace(up);
      silu_backward_out(ofGate.torch(), gradient.torch(), gate.torch());
      return scope.keep(both);
    }
  }
}
