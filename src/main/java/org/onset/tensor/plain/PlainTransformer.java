package org.onset.tensor.plain;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.silu;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/**
 * A decoder-only transformer of the Llama family as one writes it first: a product for each matrix,
 * every intermediate value a tensor of its own, gradients by autograd. The output matrix is the
 * embedding.
 */
final class PlainTransformer implements AutoCloseable {
  private final PlainTraining.Sizes sizes;
  private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
  private final Tensor cos; // [time, headDim]
  private final Tensor sin; // [time, headDim]

  /** Outside any scope: what is made here lives until it is closed. */
  PlainTransformer(PlainTraining.Sizes sizes, BiFunction<String, long[], float[]> weights) {
    this.sizes = sizes;
    long dim = sizes.modelDim();
    long queries = (long) sizes.headCount() * sizes.headDim();
    long keys = (long) sizes.kvHeadCount() * sizes.headDim();
    take("model.embed_tokens.weight", weights, sizes.vocabSize(), dim);
    for (int layer = 0; layer < sizes.layerCount(); layer++) {
      String prefix = prefix(layer);
      take(prefix + "input_layernorm.weight", weights, dim);
      take(prefix + "self_attn.q_proj.weight", weights, queries, dim);
      take(prefix + "self_attn.k_proj.weight", weights, keys, dim);
      take(prefix + "self_attn.v_proj.weight", weights, keys, dim);
      take(prefix + "self_attn.o_proj.weight", weights, dim, queries);
      take(prefix + "post_attention_layernorm.weight", weights, dim);
      take(prefix + "mlp.gate_proj.weight", weights, sizes.feedForwardDim(), dim);
      take(prefix + "mlp.up_proj.weight", weights, sizes.feedForwardDim(), dim);
      take(prefix + "mlp.down_proj.weight", weights, dim, sizes.feedForwardDim());
    }
    take("model.norm.weight", weights, dim);
    float[] cosines = new float[sizes.time() * sizes.headDim()];
    float[] sines = new float[cosines.length];
    int half = sizes.headDim() / 2;
    for (int i = 0; i < cosines.length; i++) {
      int position = i / sizes.headDim();
      double exponent = -2.0 * (i % half) / sizes.headDim();
      double angle = position * Math.pow(sizes.ropeTheta(), exponent);
      cosines[i] = (float) Math.cos(angle);
      sines[i] = (float) Math.sin(angle);
    }
    this.cos = tensor(cosines, sizes.time(), sizes.headDim());
    this.sin = tensor(sines, sizes.time(), sizes.headDim());
  }

  private void take(String name, BiFunction<String, long[], float[]> weights, long... shape) {
    Tensor parameter = tensor(weights.apply(name, shape), shape);
    parameter.set_requires_grad(true);
    parameters.put(name, parameter);
  }

  private static Tensor tensor(float[] values, long... shape) {
    Tensor made = empty(shape);
    made.data_ptr_float().put(values, 0, values.length);
    return made;
  }

  private static String prefix(int layer) {
    return "model.layers." + layer + ".";
  }

  /** Those of one kind: matrices, or norms. */
  TensorVector parameters(boolean matrices) {
    TensorVector chosen = new TensorVector();
    for (Tensor parameter : parameters.values()) {
      if (matrices == parameter.dim() > 1) {
        chosen.push_back(parameter);
      }
    }
    return chosen;
  }

  /** The logits after each of {@code tokens} (int64, [batch, time]): [batch, time, vocab]. */
  Tensor logits(Tensor tokens) {
    Tensor hidden = embedding(parameter("model.embed_tokens.weight"), tokens);
    for (int layer = 0; layer < sizes.layerCount(); layer++) {
      String prefix = prefix(layer);
      hidden = hidden.add(attention(norm(hidden, prefix + "input_layernorm.weight"), prefix));
      hidden =
          hidden.add(feedForward(norm(hidden, prefix + "post_attention_layernorm.weight"), prefix));
    }
    return linear(norm(hidden, "model.norm.weight"), parameter("model.embed_tokens.weight"));
  }

  private Tensor norm(Tensor hidden, String gain) {
    Tensor meanSquare =
        hidden.pow(new Scalar(2.0)).mean(new long[] {-1}, true, new ScalarTypeOptional());
    Tensor inverse = meanSquare.add(new Scalar(sizes.normEpsilon())).rsqrt();
    return hidden.mul(inverse).mul(parameter(gain));
  }

  private Tensor attention(Tensor normed, String prefix) {
    Tensor query = heads(normed, prefix + "self_attn.q_proj.weight", sizes.headCount());
    Tensor key = heads(normed, prefix + "self_attn.k_proj.weight", sizes.kvHeadCount());
    Tensor value = heads(normed, prefix + "self_attn.v_proj.weight", sizes.kvHeadCount());
    Tensor attended =
        scaled_dot_product_attention(
            rotated(query),
            repeated(rotated(key)),
            repeated(value),
            new TensorOptional(),
            0.0,
            true, // each position sees itself and those before it
            new DoubleOptional(),
            false); // [batch, head, time, headDim]
    Tensor joined =
        attended
            .transpose(1, 2)
            .reshape(normed.size(0), normed.size(1), (long) sizes.headCount() * sizes.headDim());
    return linear(joined, parameter(prefix + "self_attn.o_proj.weight"));
  }

  /** [batch, head, time, headDim]. */
  private Tensor heads(Tensor normed, String weight, int count) {
    return linear(normed, parameter(weight))
        .reshape(normed.size(0), normed.size(1), count, sizes.headDim())
        .transpose(1, 2);
  }

  private Tensor rotated(Tensor heads) {
    long half = sizes.headDim() / 2;
    TensorVector swapped = new TensorVector();
    swapped.push_back(heads.narrow(-1, half, half).neg());
    swapped.push_back(heads.narrow(-1, 0, half));
    return heads.mul(cos).add(cat(swapped, -1).mul(sin));
  }

  private Tensor repeated(Tensor heads) {
    long times = sizes.headCount() / sizes.kvHeadCount();
    return times == 1
        ? heads
        : heads.repeat_interleave(times, new LongOptional(1), new LongOptional());
  }

  private Tensor feedForward(Tensor normed, String prefix) {
    Tensor gate = silu(linear(normed, parameter(prefix + "mlp.gate_proj.weight")));
    Tensor up = linear(normed, parameter(prefix + "mlp.up_proj.weight"));
    return linear(gate.mul(up), parameter(prefix + "mlp.down_proj.weight"));
  }

  private Tensor parameter(String name) {
    Tensor parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("there is no parameter " + name);
    }
    return parameter;
  }

  @Override
  public void close() {
    try (PointerScope scope = new PointerScope()) {
      parameters.values().forEach(scope::attach);
      scope.attach(cos);
      scope.attach(sin);
    }
  }
}
