package org.onset.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.onset.Seeds;
import org.onset.tensor.Dtype;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

/**
 * All numbers that are trained, in one flat buffer, with one more for their gradients. Parameters
 * that are multiplied by the same input lie side by side, so that one product serves them.
 */
final class Parameters implements AutoCloseable {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String OUTPUT = "lm_head.weight";
  static final String FINAL_NORM = "model.norm.weight";

  /** One number for each of the first {@code count} parameters, and views of those with a name. */
  static final class Flat implements AutoCloseable {
    private final List<ParameterRange> ranges;
    private final List<Tensor> views = new ArrayList<>();
    private final Tensor all; // [count]

    private Flat(Tensor all, List<ParameterRange> ranges) {
      this.ranges = ranges;
      this.all = all.owned();
    }

    /** What begins where the parameter {@code first} begins, and may reach over the next ones. */
    Tensor view(String first, long... shape) {
      long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      try (Scope _ = new Scope()) {
        Tensor view = all.narrow(0, range(first).offset(), length).reshape(shape).owned();
        views.add(view);
        return view;
      }
    }

    private ParameterRange range(String name) {
      return ranges.stream().filter(range -> range.name().equals(name)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
      views.forEach(Tensor::close);
      all.close();
    }
  }

  /** The gradients of all parameters, and views of them. */
  static final class Gradients implements AutoCloseable {
    final Flat flat;
    final Tensor embedding; // [vocab, modelDim]
    final Tensor output; // [vocab, modelDim]; the embedding's, where they are tied
    final Tensor finalNorm; // [modelDim]
    final List<Block.Matrices> matrices;
    final List<Block.Vectors> vectors;
    final Tensor scratch; // flat, room for one matrix's gradient before it is widened

    private Gradients(ModelSpec spec, List<ParameterRange> ranges, Dtype computedIn) {
      this.flat = new Flat(Tensor.zeros(spec.parameterCount()), ranges);
      this.embedding = flat.view(EMBEDDING, spec.vocabSize(), spec.modelDim());
      this.output = flat.view(outputName(spec), spec.vocabSize(), spec.modelDim());
      this.finalNorm = flat.view(FINAL_NORM, spec.modelDim());
      this.matrices = forEachLayer(spec, layer -> new Block.Matrices(spec, layer, flat));
      this.vectors = forEachLayer(spec, layer -> new Block.Vectors(spec, layer, flat));
      long room = computedIn == Dtype.FLOAT32 ? 0 : largestProduct(spec);
      this.scratch = Tensor.uninitialised(computedIn, room).owned();
    }

    private static long largestProduct(ModelSpec spec) {
      long heads = spec.headCount() + 2L * spec.kvHeadCount();
      long rows =
          LongStream.of(spec.vocabSize(), 2L * spec.feedForwardDim(), heads * spec.headDim())
              .max()
              .getAsLong();
      return rows * spec.modelDim();
    }

    Tensor all() {
      return flat.all;
    }

    @Override
    public void close() {
      scratch.close();
      flat.close();
    }
  }

  final List<ParameterRange> ranges;
  final Tensor embedding; // [vocab, modelDim]
  final Tensor output; // [vocab, modelDim], as products take it
  final Tensor finalNorm; // [modelDim]
  final List<Block> blocks;
  private final ModelSpec spec;
  private final Dtype computedIn;
  private final Flat values;

  /** The matrices in the dtype of products: a narrower copy, or the values themselves. */
  private final Flat operands;

  private @Nullable Gradients gradients;

  Parameters(ModelSpec spec, Dtype computedIn) {
    this.spec = spec;
    this.computedIn = computedIn;
    this.ranges = ranges(spec);
    this.values = new Flat(Tensor.zeros(spec.parameterCount()), ranges);
    this.operands =
        computedIn == Dtype.FLOAT32
            ? values
            : new Flat(Tensor.zeros(computedIn, matrixCount()), ranges);
    this.embedding = values.view(EMBEDDING, spec.vocabSize(), spec.modelDim());
    this.output = operands.view(outputName(spec), spec.vocabSize(), spec.modelDim());
    this.finalNorm = values.view(FINAL_NORM, spec.modelDim());
    this.blocks =
        forEachLayer(
            spec,
            layer ->
                new Block(
                    spec,
                    new Block.Matrices(spec, layer, operands),
                    new Block.Vectors(spec, layer, values)));
  }

  private static String outputName(ModelSpec spec) {
    return spec.tiedEmbeddings() ? EMBEDDING : OUTPUT;
  }

  private static <T> List<T> forEachLayer(ModelSpec spec, IntFunction<T> made) {
    return IntStream.range(0, spec.layerCount()).mapToObj(made).toList();
  }

  /** Matrices come before all else. */
  private long matrixCount() {
    return ranges.stream().filter(ParameterRange::decayed).mapToLong(ParameterRange::length).sum();
  }

  /** Makes the narrower copy follow the values. */
  void valuesChanged() {
    if (operands != values) {
      try (Scope _ = new Scope()) {
        operands.all.copyFrom(values.all.narrow(0, 0, operands.all.elementCount()));
      }
    }
  }

  static String layerPrefix(int layer) {
    return "model.layers." + layer + ".";
  }

  /**
   * What lies where: the embedding, each block's matrices, an untied output, then all norms and
   * biases.
   */
  static List<ParameterRange> ranges(ModelSpec spec) {
    long dim = spec.modelDim();
    long queries = (long) spec.headCount() * spec.headDim();
    long keys = (long) spec.kvHeadCount() * spec.headDim();
    List<ParameterRange> ranges = new ArrayList<>();
    append(ranges, EMBEDDING, spec.vocabSize(), dim, true);
    for (int layer = 0; layer < spec.layerCount(); layer++) {
      String prefix = layerPrefix(layer);
      append(ranges, prefix + "self_attn.q_proj.weight", queries, dim, true);
      append(ranges, prefix + "self_attn.k_proj.weight", keys, dim, true);
      append(ranges, prefix + "self_attn.v_proj.weight", keys, dim, true);
      append(ranges, prefix + "self_attn.o_proj.weight", dim, queries, true);
      append(ranges, prefix + "mlp.gate_proj.weight", spec.feedForwardDim(), dim, true);
      append(ranges, prefix + "mlp.up_proj.weight", spec.feedForwardDim(), dim, true);
      append(ranges, prefix + "mlp.down_proj.weight", dim, spec.feedForwardDim(), true);
    }
    if (!spec.tiedEmbeddings()) {
      append(ranges, OUTPUT, spec.vocabSize(), dim, true);
    }
    for (int layer = 0; layer < spec.layerCount(); layer++) {
      String prefix = layerPrefix(layer);
      append(ranges, prefix + "input_layernorm.weight", 1, dim, false);
      append(ranges, prefix + "post_attention_layernorm.weight", 1, dim, false);
      if (spec.queryKeyValueBias()) {
        append(ranges, prefix + "self_attn.q_proj.bias", 1, queries, false);
        append(ranges, prefix + "self_attn.k_proj.bias", 1, keys, false);
        append(ranges, prefix + "self_attn.v_proj.bias", 1, keys, false);
      }
      if (spec.queryKeyNorm()) {
        append(ranges, prefix + "self_attn.q_norm.weight", 1, spec.headDim(), false);
        append(ranges, prefix + "self_attn.k_norm.weight", 1, spec.headDim(), false);
      }
    }
    append(ranges, FINAL_NORM, 1, dim, false);
    return List.copyOf(ranges);
  }

  private static void append(
      List<ParameterRange> ranges, String name, long rows, long columns, boolean decayed) {
    long offset = ranges.isEmpty() ? 0 : ranges.getLast().offset() + ranges.getLast().length();
    ranges.add(new ParameterRange(name, rows, columns, offset, decayed));
  }

  /**
   * Norms 1, biases 0; the embedding N(0, 0.06²); matrices N(0, 1/fanIn), those that write to the
   * residual stream divided by √(2 · layerCount) as well. Each parameter has its own generator.
   */
  void initialise(ModelSpec spec, Seeds seeds) {
    for (ParameterRange range : ranges) {
      float[] drawn = new float[Math.toIntExact(range.length())];
      if (range.decayed()) {
        double deviation = deviation(range, spec);
        SplittableRandom random = seeds.generator("init/" + range.name());
        for (int i = 0; i < drawn.length; i++) {
          drawn[i] = (float) (deviation * gaussian(random));
        }
      } else {
        Arrays.fill(drawn, range.name().endsWith(".bias") ? 0f : 1f);
      }
      set(range, drawn);
    }
    valuesChanged();
  }

  private static double deviation(ParameterRange range, ModelSpec spec) {
    if (range.name().equals(EMBEDDING)) {
      return 0.06;
    }
    boolean residual =
        range.name().endsWith("o_proj.weight") || range.name().endsWith("down_proj.weight");
    return 1 / Math.sqrt(range.columns() * (residual ? 2.0 * spec.layerCount() : 1.0));
  }

  /** Box and Muller's, with StrictMath: the same numbers on every machine and Java version. */
  private static double gaussian(SplittableRandom random) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }

  void set(ParameterRange range, float[] content) {
    try (Scope _ = new Scope()) {
      values.all.narrow(0, range.offset(), range.length()).copyFrom(content);
    }
  }

  float[] get(ParameterRange range) {
    try (Scope _ = new Scope()) {
      return values.all.narrow(0, range.offset(), range.length()).toFloats();
    }
  }

  /** All values, [parameterCount]. */
  Tensor values() {
    return values.all;
  }

  /** Made when they are first asked for: most models only run. */
  synchronized Gradients gradients() {
    if (gradients == null) {
      try (Scope _ = new Scope()) {
        gradients = new Gradients(spec, ranges, computedIn);
      }
    }
    return gradients;
  }

  @Override
  public void close() {
    if (gradients != null) {
      gradients.close();
    }
    if (operands != values) {
      operands.close();
    }
    values.close();
  }
}
