package org.onset.model;

import java.util.function.Function;
import org.onset.tensor.Attention;
import org.onset.tensor.RmsNorm;
import org.onset.tensor.Scope;
import org.onset.tensor.SwiGlu;
import org.onset.tensor.Tensor;

/**
 * One block: attention, then feed-forward, each reading a normed residual stream and adding to it.
 * The residual stream is a matrix [batch · time, modelDim]. Gradients are written out by hand, in
 * the opposite order: it spares the recording and half the temporaries.
 */
final class Block {
  /** A block's parameters, or their gradients: views into a flat buffer. */
  static final class Weights {
    final Tensor attentionNorm; // [modelDim]
    final Tensor queryKeyValue; // [(headCount + 2 · kvHeadCount) · headDim, modelDim]
    final Tensor attentionOutput; // [modelDim, headCount · headDim]
    final Tensor feedForwardNorm; // [modelDim]
    final Tensor gateUp; // [2 · feedForwardDim, modelDim]
    final Tensor down; // [modelDim, feedForwardDim]

    Weights(ModelSpec spec, int layer, Parameters.Flat flat) {
      long dim = spec.modelDim();
      long queries = (long) spec.headCount() * spec.headDim();
      long keys = (long) spec.kvHeadCount() * spec.headDim();
      String prefix = Parameters.layerPrefix(layer);
      this.attentionNorm = flat.view(prefix + "input_layernorm.weight", dim);
      this.queryKeyValue = flat.view(prefix + "self_attn.q_proj.weight", queries + 2 * keys, dim);
      this.attentionOutput = flat.view(prefix + "self_attn.o_proj.weight", dim, queries);
      this.feedForwardNorm = flat.view(prefix + "post_attention_layernorm.weight", dim);
      this.gateUp = flat.view(prefix + "mlp.gate_proj.weight", 2L * spec.feedForwardDim(), dim);
      this.down = flat.view(prefix + "mlp.down_proj.weight", dim, spec.feedForwardDim());
    }
  }

  /** Where the rows of the residual stream stand: row b · time + t has the tables' entry [b, t]. */
  static final class Positions {
    final long batch;
    final long time;
    final Tensor cos; // [time, 1, headDim] or [batch, time, 1, headDim]
    final Tensor signedSin;

    Positions(long batch, long time, Tensor cos, Tensor signedSin) {
      this.batch = batch;
      this.time = time;
      this.cos = cos;
      this.signedSin = signedSin;
    }
  }

  /** Each [batch, time, head, headDim]; query and key are rotated. */
  static final class QueryKeyValue {
    final Tensor query;
    final Tensor key;
    final Tensor value;

    QueryKeyValue(Tensor query, Tensor key, Tensor value) {
      this.query = query;
      this.key = key;
      this.value = value;
    }
  }

  /** What a forward pass made, as far as the backward pass needs it. */
  static final class Trace {
    private final RmsNorm attentionNorm;
    private final Attention attention;
    private final Tensor attended; // [batch · time, headCount · headDim]
    private final RmsNorm feedForwardNorm;
    private final SwiGlu swiGlu;
    final Tensor output; // [batch · time, modelDim]

    private Trace(
        RmsNorm attentionNorm,
        Attention attention,
        Tensor attended,
        RmsNorm feedForwardNorm,
        SwiGlu swiGlu,
        Tensor output) {
      this.attentionNorm = attentionNorm;
      this.attention = attention;
      this.attended = attended;
      this.feedForwardNorm = feedForwardNorm;
      this.swiGlu = swiGlu;
      this.output = output;
    }
  }

  private final ModelSpec spec;
  private final Weights weights;
  private final Weights gradients;

  Block(ModelSpec spec, Weights weights, Weights gradients) {
    this.spec = spec;
    this.weights = weights;
    this.gradients = gradients;
  }

  /** The residual stream after this block. */
  Tensor apply(Tensor residual, Positions positions) {
    return apply(residual, positions, made -> rows(causal(made)));
  }

  /** The same, where {@code attend} gives [batch · time, headCount · headDim]. */
  Tensor apply(Tensor residual, Positions positions, Function<QueryKeyValue, Tensor> attend) {
    try (Scope scope = new Scope()) {
      Tensor normed = norm(residual, weights.attentionNorm).output();
      Tensor attended = attend.apply(queryKeyValue(normed, positions));
      Tensor between = residual.plusLinear(attended, weights.attentionOutput);
      Tensor normedAgain = norm(between, weights.feedForwardNorm).output();
      SwiGlu swiGlu = SwiGlu.of(normedAgain.linear(weights.gateUp));
      return scope.keep(between.plusLinear(swiGlu.output(), weights.down));
    }
  }

  /** {@link #apply} for training, keeping what {@link #backward} needs. */
  Trace forward(Tensor residual, Positions positions) {
    RmsNorm attentionNorm = norm(residual, weights.attentionNorm);
    Attention attention = causal(queryKeyValue(attentionNorm.output(), positions));
    Tensor attended = rows(attention);
    Tensor between = residual.plusLinear(attended, weights.attentionOutput);

    RmsNorm feedForwardNorm = norm(between, weights.feedForwardNorm);
    SwiGlu swiGlu = SwiGlu.of(feedForwardNorm.output().linear(weights.gateUp));
    Tensor output = between.plusLinear(swiGlu.output(), weights.down);
    return new Trace(attentionNorm, attention, attended, feedForwardNorm, swiGlu, output);
  }

  /**
   * Turns {@code gradient} of the output into that of the input, in place, and adds the
   * parameters'. What is added to the residual stream gets the stream's own gradient; what reads it
   * adds to that gradient.
   */
  void backward(Trace trace, Tensor gradient, Positions positions) {
    try (Scope _ = new Scope()) {
      gradients.down.addTransposedProductInPlace(gradient, trace.swiGlu.output(), 1);
      Tensor gateUp = trace.swiGlu.backward(gradient.matmul(weights.down));
      gradients.gateUp.addTransposedProductInPlace(gateUp, trace.feedForwardNorm.output(), 1);
      trace.feedForwardNorm.backward(
          gateUp.matmul(weights.gateUp),
          weights.feedForwardNorm,
          gradients.feedForwardNorm,
          gradient);

      gradients.attentionOutput.addTransposedProductInPlace(gradient, trace.attended, 1);
      Tensor attended =
          gradient
              .matmul(weights.attentionOutput)
              .reshape(positions.batch, positions.time, heads(), spec.headDim())
              .transpose(1, 2);
      Tensor projected = projectedGradient(trace.attention.backward(attended), positions);
      gradients.queryKeyValue.addTransposedProductInPlace(
          projected, trace.attentionNorm.output(), 1);
      trace.attentionNorm.backward(
          projected.matmul(weights.queryKeyValue),
          weights.attentionNorm,
          gradients.attentionNorm,
          gradient);
    }
  }

  private RmsNorm norm(Tensor residual, Tensor gain) {
    return RmsNorm.of(residual, gain, spec.normEpsilon());
  }

  private QueryKeyValue queryKeyValue(Tensor normed, Positions positions) {
    Tensor projected =
        normed
            .linear(weights.queryKeyValue)
            .reshape(positions.batch, positions.time, heads() + 2 * kvHeads(), spec.headDim());
    Tensor queryKey =
        projected.narrow(2, 0, heads() + kvHeads()).rotated(positions.cos, positions.signedSin);
    return new QueryKeyValue(
        queryKey.narrow(2, 0, heads()),
        queryKey.narrow(2, heads(), kvHeads()),
        projected.narrow(2, heads() + kvHeads(), kvHeads()));
  }

  /** Each position attends to itself and those before it. */
  Attention causal(QueryKeyValue made) {
    return Attention.causal(
        made.query.transpose(1, 2), // [batch, head, time, headDim]
        repeated(made.key.transpose(1, 2)),
        repeated(made.value.transpose(1, 2)));
  }

  /** [batch · time, headCount · headDim]. */
  Tensor rows(Attention attention) {
    return attention.output().transpose(1, 2).reshape(-1, heads() * spec.headDim());
  }

  /**
   * Puts the gradients of query, key and value, each [batch, head, time, headDim], back into the
   * order of their common product: [batch · time, (headCount + 2 · kvHeadCount) · headDim].
   */
  private Tensor projectedGradient(Tensor[] queryKeyValue, Positions positions) {
    Tensor queryKey =
        Tensor.concatenate(
                2, queryKeyValue[0].transpose(1, 2), summed(queryKeyValue[1]).transpose(1, 2))
            .rotatedBack(positions.cos, positions.signedSin);
    return Tensor.concatenate(2, queryKey, summed(queryKeyValue[2]).transpose(1, 2))
        .reshape(positions.batch * positions.time, (heads() + 2 * kvHeads()) * spec.headDim());
  }

  /**
   * Gives each query head its key or value head: [batch, kvHead, time, headDim] to [.., head, ..].
   */
  private Tensor repeated(Tensor grouped) {
    if (kvHeads() == heads()) {
      return grouped;
    }
    long batch = grouped.size(0);
    long time = grouped.size(2);
    return grouped
        .unsqueeze(2)
        .expand(batch, kvHeads(), heads() / kvHeads(), time, spec.headDim())
        .reshape(batch, heads(), time, spec.headDim());
  }

  /** The gradient of what {@link #repeated} was given. */
  private Tensor summed(Tensor gradient) {
    if (kvHeads() == heads()) {
      return gradient;
    }
    return gradient
        .reshape(gradient.size(0), kvHeads(), heads() / kvHeads(), gradient.size(2), spec.headDim())
        .sum(2);
  }

  private long heads() {
    return spec.headCount();
  }

  private long kvHeads() {
    return spec.kvHeadCount();
  }
}
