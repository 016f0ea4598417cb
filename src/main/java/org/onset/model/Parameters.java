package org.onset.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.onset.Seeds;
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

  /** One number for each parameter, and views of those that go by a name. */
  static final class Flat implements AutoCloseable {
    private final List<ParameterRange> ranges;
    private final List<Tensor> views = new ArrayList<>();
    private final Tensor all; // [parameterCount]

    private Flat(ModelSpec spec, List<ParameterRange> ranges) {
      this.ranges = ranges;
      this.all = Tensor.zeros(spec.parameterCount()).owned();
    }

    /** What begins where the parameter {@code first} begins, and may reach over the next ones. */
    Tensor view(String first, long... shape) {
      long offset = range(first).offset();
      long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      try (Scope _ = new Scope()) {
        Tensor view = all.narrow(0, offset, length).reshape(shape).owned();
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

  final List<ParameterRange> ranges;
  final Tensor embedding; // [vocab, modelDim]
  final Tensor embeddingGradient;
  final Tensor output; // [vocab, modelDim]; the embedding, where they are tied
  final Tensor outputGradient;
  final Tensor finalNorm; // [modelDim]
  final Tensor finalNormGradient;
  final List<Block> blocks;
  private final Flat values;
  private final Flat gradients;

  Parameters(ModelSpec spec) {
    this.ranges = ranges(spec);
    this.values = new Flat(spec, ranges);
    this.gradients = new Flat(spec, ranges);
    String outputName = spec.tiedEmbeddings() ? EMBEDDING : OUTPUT;
    this.embedding = values.view(EMBEDDING, spec.vocabSize(), spec.modelDim());
    this.embeddingGradient = gradients.view(EMBEDDING, spec.vocabSize(), spec.modelDim());
    this.output = values.view(outputName, spec.vocabSize(), spec.modelDim());
    this.outputGradient = gradients.view(outputName, spec.vocabSize(), spec.modelDim());
    this.finalNorm = values.view(FINAL_NORM, spec.modelDim());
    this.finalNormGradient = gradients.view(FINAL_NORM, spec.modelDim());
    this.blocks =
        IntStream.range(0, spec.layerCount())
            .mapToObj(
                layer ->
                    new Block(
                        spec,
                        new Block.Weights(spec, layer, values),
                        new Block.Weights(spec, layer, gradients)))
            .toList();
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

  Tensor gradients() {
    return gradients.all;
  }

  @Override
  public void close() {
    gradients.close();
    values.close();
  }
}
