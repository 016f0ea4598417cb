package org.onset.model;

import static java.util.Objects.requireNonNull;

import org.onset.tensor.Attention;
import org.onset.tensor.Heads;
import org.onset.tensor.Products;
import org.onset.tensor.RmsNorm;
import org.onset.tensor.Scope;
import org.onset.tensor.SwiGlu;
import org.onset.tensor.Tensor;

/**
 * One block: attention, then feed-forward, each reading a normed residual stream and adding to it.
 * Gradients are written out by hand, in the opposite order: it spares the recording, and every
 * buffer can be made once. What is cheap to make again is not kept.
 */
final class Block {
  /** The block's matrices, or their gradients. */
  static final class Matrices {
    final Tensor queryKeyValue; // [(headCount + 2 · kvHeadCount) · headDim, modelDim]
    final Tensor attentionOutput; // [modelDim, headCount · headDim]
    final Tensor gateUp; // [2 · feedForwardDim, modelDim]
    final Tensor down; // [modelDim, feedForwardDim]

    Matrices(ModelSpec spec, int layer, Parameters.Flat flat) {
      long dim = spec.modelDim();
      long queries = (long) spec.headCount() * spec.headDim();
      long keys = (long) spec.kvHeadCount() * spec.headDim();
      String prefix = Parameters.layerPrefix(layer);
      this.queryKeyValue = flat.view(prefix + "self_attn.q_proj.weight", queries + 2 * keys, dim);
      this.attentionOutput = flat.view(prefix + "self_attn.o_proj.weight", dim, queries);
      this.gateUp = flat.view(prefix + "mlp.gate_proj.weight", 2L * spec.feedForwardDim(), dim);
      this.down = flat.view(prefix + "mlp.down_proj.weight", dim, spec.feedForwardDim());
    }
  }

  /** The block's gains and biases, or their gradients. */
  static final class Vectors {
    final Tensor attentionNorm; // [modelDim]
    final Tensor feedForwardNorm; // [modelDim]
    final Heads.Extras heads;

    Vectors(ModelSpec spec, int layer, Parameters.Flat flat) {
      String prefix = Parameters.layerPrefix(layer);
      String attention = prefix + "self_attn.";
      long dim = spec.headDim();
      long rows = (spec.headCount() + 2L * spec.kvHeadCount()) * dim;
      this.attentionNorm = flat.view(prefix + "input_layernorm.weight", spec.modelDim());
      this.feedForwardNorm = flat.view(prefix + "post_attention_layernorm.weight", spec.modelDim());
      this.heads =
          new Heads.Extras(
              spec.queryKeyValueBias() ? flat.view(attention + "q_proj.bias", rows) : null,
              spec.queryKeyNorm() ? flat.view(attention + "q_norm.weight", dim) : null,
              spec.queryKeyNorm() ? flat.view(attention + "k_norm.weight", dim) : null);
    }
  }

  /** From the layer's projected rows to its attended rows. */
  interface Attending {
    void run(Pass pass, Pass.Layer layer);
  }

  private final ModelSpec spec;
  private final Heads heads;
  private final Matrices matrices;
  private final Vectors vectors;

  Block(ModelSpec spec, Matrices matrices, Vectors vectors) {
    this.spec = spec;
    this.heads =
        new Heads(spec.headCount(), spec.kvHeadCount(), spec.headDim(), spec.normEpsilon());
    this.matrices = matrices;
    this.vectors = vectors;
  }

  /**
   * Reads {@code layer.residual}; writes the residual stream after this block to {@code output}.
   */
  void forward(Pass pass, Pass.Layer layer, Tensor output, Attending attending) {
    RmsNorm.forward(
        layer.residual, vectors.attentionNorm, spec.normEpsilon(), layer.inverse, pass.normed);
    pass.linear.run(pass.normed, matrices.queryKeyValue, layer.projected);
    attending.run(pass, layer);
    pass.linear.run(layer.attended, matrices.attentionOutput, pass.delta);

    RmsNorm.forwardOfSum(
        layer.residual,
        pass.delta,
        layer.between,
        vectors.feedForwardNorm,
        spec.normEpsilon(),
        layer.inverseBetween,
        pass.normed);
    pass.linear.run(pass.normed, matrices.gateUp, layer.gateUp);
    SwiGlu.forward(layer.gateUp, pass.activation);
    pass.linear.run(pass.activation, matrices.down, pass.delta);
    output.setToSum(layer.between, pass.delta);
  }

  /** Each position attends to itself and those before it in its sequence. */
  void attendCausally(Pass pass, Pass.Layer layer) {
    split(pass, layer);
    try (Scope _ = new Scope()) {
      Tensor query = grouped(pass, layer.query);
      Tensor key = byKvHead(pass, layer.key);
      Tensor value = byKvHead(pass, layer.value);
      Tensor made = grouped(pass, pass.heads);
      if (layer.probabilities == null) {
        Attention.forward(query, key, value, made);
      } else {
        Attention.forward(query, key, value, layer.probabilities, made);
      }
    }
    heads.join(pass.heads, pass.time, layer.attended);
  }

  /** Makes the layer's queries, keys and values from its projected rows. */
  void split(Pass pass, Pass.Layer layer) {
    heads.split(
        layer.projected,
        pass.time,
        pass.positions,
        vectors.heads,
        layer.query,
        layer.key,
        layer.value);
  }

  /**
   * Turns the pass's gradient of this block's output into that of its input, in place, and adds the
   * parameters' to {@code ofMatrices} and {@code ofVectors}. What is added to the residual stream
   * gets the stream's own gradient; what reads it adds to that gradient.
   *
   * @param scratch flat, room for the largest matrix
   */
  void backward(
      Pass pass, Pass.Layer layer, Matrices ofMatrices, Vectors ofVectors, Tensor scratch) {
    Pass.Gradients of = requireNonNull(pass.gradients);
    Products.inputGradient(of.narrow, matrices.down, of.activation);
    SwiGlu.backward(layer.gateUp, of.activation, of.gateUp, pass.activation);
    Products.addWeightGradient(of.narrow, pass.activation, ofMatrices.down, scratch);
    Products.inputGradient(of.gateUp, matrices.gateUp, of.normed);
    RmsNorm.backward(
        layer.between,
        layer.inverseBetween,
        vectors.feedForwardNorm,
        of.normed,
        ofVectors.feedForwardNorm,
        of.residual,
        of.narrow,
        pass.normed);
    Products.addWeightGradient(of.gateUp, pass.normed, ofMatrices.gateUp, scratch);

    Products.inputGradient(of.narrow, matrices.attentionOutput, of.attended);
    Products.addWeightGradient(of.narrow, layer.attended, ofMatrices.attentionOutput, scratch);
    attendBackward(pass, layer, of, ofVectors);
    Products.inputGradient(of.projected, matrices.queryKeyValue, of.normed);
    RmsNorm.backward(
        layer.residual,
        layer.inverse,
        vectors.attentionNorm,
        of.normed,
        ofVectors.attentionNorm,
        of.residual,
        of.narrow,
        pass.normed);
    Products.addWeightGradient(of.projected, pass.normed, ofMatrices.queryKeyValue, scratch);
  }

  private void attendBackward(Pass pass, Pass.Layer layer, Pass.Gradients of, Vectors ofVectors) {
    heads.part(of.attended, pass.time, of.heads);
    try (Scope _ = new Scope()) {
      Attention.backward(
          grouped(pass, layer.query),
          byKvHead(pass, layer.key),
          byKvHead(pass, layer.value),
          requireNonNull(layer.probabilities),
          grouped(pass, of.heads),
          of.scores,
          grouped(pass, of.query),
          byKvHead(pass, of.key),
          byKvHead(pass, of.value));
    }
    heads.merge(
        layer.projected,
        pass.time,
        pass.positions,
        vectors.heads,
        ofVectors.heads,
        of.query,
        of.key,
        of.value,
        of.projected);
  }

  /** [batch, head, time, headDim] as [batch · kvHead, head of the group · time, headDim]. */
  private Tensor grouped(Pass pass, Tensor queries) {
    long group = spec.headCount() / spec.kvHeadCount();
    return queries.reshape(
        (long) pass.batch * spec.kvHeadCount(), group * pass.time, spec.headDim());
  }

  /** [batch, kvHead, time, headDim] as [batch · kvHead, time, headDim]. */
  private Tensor byKvHead(Pass pass, Tensor keys) {
    return keys.reshape((long) pass.batch * spec.kvHeadCount(), pass.time, spec.headDim());
  }
}
