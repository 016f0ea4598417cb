package org.onset.tensor;

import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.TensorOptional;

/**
 * softmax(query · keyᵀ / √headDim) · value by libtorch's fused kernel, which never holds the whole
 * matrix of scores; query, key, value and output are [batch, head, time, headDim].
 */
public final class Attention {
  private static final Operator FORWARD =
      new Operator("_scaled_dot_product_flash_attention_for_cpu");
  private static final Operator BACKWARD =
      new Operator("_scaled_dot_product_flash_attention_for_cpu_backward");

  private final Tensor query;
  private final Tensor key;
  private final Tensor value;
  private final Tensor output;
  private final Tensor logSumExp;

  private Attention(Tensor query, Tensor key, Tensor value, Tensor output, Tensor logSumExp) {
    this.query = query;
    this.key = key;
    this.value = value;
    this.output = output;
    this.logSumExp = logSumExp;
  }

  /** Each position sees itself and those before it. */
  public static Attention causal(Tensor query, Tensor key, Tensor value) {
    try (Scope scope = new Scope()) {
      IValueVector results =
          FORWARD.call(
              new IValue(query.torch()),
              new IValue(key.torch()),
              new IValue(value.torch()),
              new IValue(0.0), // dropout
              new IValue(true), // causal
              new IValue(), // no mask
              new IValue()); // the usual scale
      return new Attention(
          query,
          key,
          value,
          scope.keep(Operator.result(results, 0)),
          scope.keep(Operator.result(results, 1)));
    }
  }

  /** Positions see what {@code mask} allows, which is added to what the softmax is taken of. */
  public static Tensor masked(Tensor query, Tensor key, Tensor value, Tensor mask) {
    try (Scope scope = new Scope()) {
      return scope.keep(
          new Tensor(
              scaled_dot_product_attention(
                  query.torch(),
                  key.torch(),
                  value.torch(),
                  new TensorOptional(mask.torch()),
                  0.0,
                  false,
                  new DoubleOptional(),
                  false)));
    }
  }

  public Tensor output() {
    return output;
  }

  /** The gradients of query, key and value, given the output's. */
  public Tensor[] backward(Tensor gradient) {
    try (Scope scope = new Scope()) {
      IValueVector results =
          BACKWARD.call(
              new IValue(gradient.torch()),
              new IValue(query.torch()),
              new IValue(key.torch()),
              new IValue(value.torch()),
              new IValue(output.torch()),
              new IValue(logSumExp.torch()),
              new IValue(0.0),
              new IValue(true),
              new IValue(),
              new IValue());
      return new Tensor[] {
        scope.keep(Operator.result(results, 0)),
        scope.keep(Operator.result(results, 1)),
        scope.keep(Operator.result(results, 2))
      };
    }
  }
}
