package org.onset.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;

/**
 * Products of a few rows, as decoding makes them again and again. Those of float32 are made with
 * copies of the weights in the order in which the processor takes them (oneDNN's): one copy for
 * each thread's share of the outputs, made when it is first needed. bfloat16 gains nothing by it.
 * Several threads may share one of these.
 */
public final class PackedWeights implements Linear, AutoCloseable {
  /** Both are missing where libtorch comes without oneDNN. */
  private static final Optional<Operator> PACK = Operator.find("mkldnn::_reorder_linear_weight");

  private static final Optional<Operator> MULTIPLY = Operator.find("mkldnn::_linear_pointwise");

  /** The shares of each weight, by the number of threads that they are for. */
  private final IdentityHashMap<Tensor, Map<Integer, List<Tensor>>> shares =
      new IdentityHashMap<>();

  @Override
  public void run(Tensor input, Tensor weight, Tensor output) {
    long rows = input.size(0);
    boolean worthPacking = rows > Products.FEW_ROWS && rows <= Products.SOME_ROWS;
    if (!worthPacking || weight.dtype() != Dtype.FLOAT32 || PACK.isEmpty() || MULTIPLY.isEmpty()) {
      Products.linear(input, weight, output);
      return;
    }
    List<Tensor> packed = packed(weight);
    int out = Math.toIntExact(weight.size(0));
    Parallel.run(
        packed.size(),
        weight.elementCount() / packed.size(),
        (_, from, until) ->
            Libtorch.alone(
                () -> {
                  for (int share = from; share < until; share++) {
                    int first = Parallel.start(out, packed.size(), share);
                    multiply(input, packed.get(share), output, first);
                  }
                }));
  }

  private static void multiply(Tensor input, Tensor share, Tensor output, int first) {
    try (Scope _ = new Scope()) {
      Operator multiply = MULTIPLY.orElseThrow();
      Tensor product =
          Operator.result(
              multiply.call(
                  new IValue(input.torch()),
                  new IValue(share.torch()),
                  new IValue(), // no bias
                  new IValue("none"), // nothing after it
                  multiply.emptyList(4),
                  new IValue("")),
              0);
      int width = Math.toIntExact(product.size(1));
      long out = output.size(1);
      Rows source = Rows.of(product);
      Rows target = Rows.of(output);
      for (long row = 0; row < product.size(0); row++) {
        source.copy(row * width, width, target, row * out + first);
      }
    }
  }

  private synchronized List<Tensor> packed(Tensor weight) {
    int parts = Math.toIntExact(Math.min(weight.size(0), Libtorch.threads()));
    return shares
        .computeIfAbsent(weight, _ -> new HashMap<>())
        .computeIfAbsent(parts, _ -> pack(weight, parts));
  }

  private static List<Tensor> pack(Tensor weight, int parts) {
    int out = Math.toIntExact(weight.size(0));
    List<Tensor> packed = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int first = Parallel.start(out, parts, part);
      try (Scope _ = new Scope()) {
        Tensor rows = weight.narrow(0, first, Parallel.start(out, parts, part + 1) - (long) first);
        IValueVector made =
            PACK.orElseThrow()
                .call(new IValue(rows.torch()), new IValue((long) Products.SOME_ROWS));
        packed.add(Operator.result(made, 0).owned());
      }
    }
    return packed;
  }

  /** Frees all copies, as when weights have changed; further products make new ones. */
  public synchronized void forget() {
    shares.values().stream()
        .flatMap(byThreads -> byThreads.values().stream())
        .forEach(packed -> packed.forEach(Tensor::close));
    shares.clear();
  }

  @Override
  public void close() {
    forget();
  }
}
