package org.onset.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.tensor.Dtype;
import org.onset.tensor.Heads;
import org.onset.tensor.Linear;
import org.onset.tensor.Products;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

/**
 * All that a pass through a model makes for {@code batch} sequences of {@code time} positions, in
 * memory that further passes of this shape use again; not by two threads at once. Residual streams
 * and their gradients are float32, all else has the dtype that products are computed in. A row is a
 * position; there are batch · time of them.
 */
final class Pass implements AutoCloseable {
  final int batch;
  final int time;
  final int rows;
  final Heads.Positions positions;

  /** How rows are multiplied by weights. */
  final Linear linear;

  /** One for each layer, or, where nobody goes back, the same one for all. */
  final List<Layer> layers;

  final Tensor output; // the residual stream after the last layer, [row, modelDim]
  final Tensor normed; // [row, modelDim]
  final Tensor heads; // what attention makes, [batch, head, time, headDim]
  final Tensor activation; // [row, feedForwardDim]
  final Tensor delta; // what a part of a layer adds to the stream, [row, modelDim]

  /** Where a backward pass follows. */
  final @Nullable Gradients gradients;

  private final ModelSpec spec;
  private final Dtype dtype;
  private final List<Tensor> owned = new ArrayList<>();

  /** For a forward pass alone. */
  static Pass forward(
      ModelSpec spec, Dtype dtype, int batch, int time, Heads.Positions positions, Linear linear) {
    return new Pass(spec, dtype, batch, time, positions, linear, false);
  }

  /** For a forward pass and the way back. */
  static Pass training(
      ModelSpec spec, Dtype dtype, int batch, int time, Heads.Positions positions) {
    return new Pass(spec, dtype, batch, time, positions, Products::linear, true);
  }

  private Pass(
      ModelSpec spec,
      Dtype dtype,
      int batch,
      int time,
      Heads.Positions positions,
      Linear linear,
      boolean training) {
    this.spec = spec;
    this.dtype = dtype;
    this.batch = batch;
    this.time = time;
    this.rows = batch * time;
    this.positions = positions;
    this.linear = linear;
    this.output = stream();
    this.normed = values(rows, spec.modelDim());
    this.heads = queries();
    this.activation = values(rows, spec.feedForwardDim());
    this.delta = values(rows, spec.modelDim());
    Tensor projected = projected();
    this.layers =
        training
            ? Stream.generate(() -> new Layer(projected, true)).limit(spec.layerCount()).toList()
            : Collections.nCopies(spec.layerCount(), new Layer(projected, false));
    this.gradients = training ? new Gradients() : null;
  }

  /** What one layer makes. */
  final class Layer {
    final Tensor residual = stream(); // what comes in
    final Tensor inverse = floats(rows); // of its norm
    final Tensor projected; // [row, (headCount + 2 · kvHeadCount) · headDim]
    final Tensor query = queries(); // [batch, head, time, headDim]
    final Tensor key = keys();
    final Tensor value = keys();
    final @Nullable Tensor probabilities; // [batch · kvHead, head of the group · time, time]
    final Tensor attended = values(rows, (long) spec.headCount() * spec.headDim());
    final Tensor between = stream(); // after attention
    final Tensor inverseBetween = floats(rows);
    final Tensor gateUp = values(rows, 2L * spec.feedForwardDim());

    private Layer(Tensor commonProjected, boolean kept) {
      // On the way back only norms of queries and keys need what they were given.
      this.projected = kept && spec.queryKeyNorm() ? projected() : commonProjected;
      this.probabilities = kept ? scores() : null;
    }
  }

  /** The gradients of what is called the same in a layer, used by one layer after the other. */
  final class Gradients {
    final Tensor residual = stream();

    /** The same in the dtype that products take. */
    final Tensor narrow = dtype == Dtype.FLOAT32 ? residual : values(rows, spec.modelDim());

    final Tensor normed = values(rows, spec.modelDim());
    final Tensor activation = values(rows, spec.feedForwardDim());
    final Tensor gateUp = values(rows, 2L * spec.feedForwardDim());
    final Tensor attended = values(rows, (long) spec.headCount() * spec.headDim());
    final Tensor heads = queries();
    final Tensor scores = scores();
    final Tensor query = queries();
    final Tensor key = keys();
    final Tensor value = keys();
    final Tensor projected = projected();
  }

  private Tensor stream() {
    return floats(rows, spec.modelDim());
  }

  private Tensor projected() {
    return values(rows, (spec.headCount() + 2L * spec.kvHeadCount()) * spec.headDim());
  }

  private Tensor queries() {
    return values(batch, spec.headCount(), time, spec.headDim());
  }

  private Tensor keys() {
    return values(batch, spec.kvHeadCount(), time, spec.headDim());
  }

  private Tensor scores() {
    long group = spec.headCount() / spec.kvHeadCount();
    return values((long) batch * spec.kvHeadCount(), group * time, time);
  }

  private Tensor floats(long... shape) {
    return made(Dtype.FLOAT32, shape);
  }

  private Tensor values(long... shape) {
    return made(dtype, shape);
  }

  private Tensor made(Dtype kind, long... shape) {
    try (Scope _ = new Scope()) {
      Tensor tensor = Tensor.uninitialised(kind, shape).owned();
      owned.add(tensor);
      return tensor;
    }
  }

  @Override
  public void close() {
    owned.forEach(Tensor::close);
  }
}
