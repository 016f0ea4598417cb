package org.onset.model;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onset.Problems;
import org.onset.Seeds;
import org.onset.tensor.CrossEntropy;
import org.onset.tensor.Dtype;
import org.onset.tensor.Gather;
import org.onset.tensor.PackedWeights;
import org.onset.tensor.Products;
import org.onset.tensor.RmsNorm;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

/**
 * A decoder-only transformer of the Llama family: RMS norms before attention and feed-forward,
 * rotary positions, grouped-query attention, SwiGLU. Parameters, their gradients and the residual
 * stream are float32; products take and give float32 or bfloat16, as the model is made. A model
 * belongs to whoever made it; several threads may read one; while one trains it, nobody else may.
 */
public final class Transformer implements AutoCloseable {
  /** So many logits are made at once (16 MiB of bfloat16), but for a few rows. */
  private static final int LOGITS_AT_ONCE = 1 << 23;

  private static final int FEWEST_ROWS_AT_ONCE = 512;

  /** Scoring and looking inside take rows together up to so many tokens. */
  private static final int TOKENS_AT_ONCE = 4096;

  private final ModelSpec spec;
  private final Dtype computedIn;
  private final Parameters parameters;
  private final Rotation rotation;

  /** A second copy of float32's weights, made by the first step of more than a few rows. */
  private final PackedWeights packed = new PackedWeights();

  /** The memory of the latest training pass, for the next of its shape. */
  private @Nullable Pass training;

  Transformer(ModelSpec spec, Dtype computedIn) {
    Problems problems = new Problems();
    spec.check(problems);
    if (!problems.found().isEmpty()) {
      throw new IllegalArgumentException(problems.found().toString());
    }
    this.spec = spec;
    this.computedIn = computedIn;
    this.parameters = new Parameters(spec, computedIn);
    this.rotation = new Rotation(spec);
  }

  /** A new model; the same numbers on every machine for the same {@code seeds}. */
  public static Transformer initialise(ModelSpec spec, Seeds seeds, Dtype computedIn) {
    Transformer model = new Transformer(spec, computedIn);
    model.parameters.initialise(spec, seeds);
    return model;
  }

  /** A new model that computes in float32. */
  public static Transformer initialise(ModelSpec spec, Seeds seeds) {
    return initialise(spec, seeds, Dtype.FLOAT32);
  }

  /** Reads a Hugging Face folder; whatever is wrong with it is BadInput. */
  public static Transformer load(Path folder, Dtype computedIn) {
    return ModelFolder.load(folder, computedIn);
  }

  /** The same, to compute in float32. */
  public static Transformer load(Path folder) {
    return load(folder, Dtype.FLOAT32);
  }

  /** Writes a Hugging Face folder; {@code stopTokens} become its {@code eos_token_id}. */
  public void save(Path folder, int[] stopTokens) {
    save(spec, parameters(), folder, stopTokens);
  }

  /** Writes the folder of a model whose {@link #parameters()} were copied, [parameterCount]. */
  public static void save(ModelSpec spec, Tensor parameters, Path folder, int[] stopTokens) {
    ModelFolder.save(spec, parameters, folder, stopTokens);
  }

  public ModelSpec spec() {
    return spec;
  }

  /** The dtype that products take and give. */
  public Dtype computedIn() {
    return computedIn;
  }

  /**
   * All parameters, [parameterCount]. Changing them changes the model, once it is told ({@link
   * #parametersChanged}).
   */
  public Tensor parameters() {
    return parameters.values();
  }

  /** To be called when {@link #parameters()} has been written to. */
  public void parametersChanged() {
    packed.forget();
    parameters.valuesChanged();
  }

  /** The gradients added up so far, in the order of {@link #parameters()}. */
  public Tensor gradients() {
    return parameters.gradients().all();
  }

  /** What lies where in the flat buffers: the embedding first, all norms last. */
  public List<ParameterRange> parameterRanges() {
    return parameters.ranges;
  }

  Parameters leaves() {
    return parameters;
  }

  /**
   * Adds the gradient of (sum of losses at trained targets) / {@code normaliser} to {@link
   * #gradients()} and returns that sum in nats. {@code tokens} is [batch][time + 1], {@code
   * trained} marks the targets among them (position 0 is never a target).
   */
  public double accumulateGradients(int[][] tokens, boolean[][] trained, double normaliser) {
    if (!(normaliser > 0)) {
      throw new IllegalArgumentException("normaliser must be above 0, was " + normaliser);
    }
    Targets targets = Targets.marked(tokens, trained);
    if (targets.count() == 0) {
      return 0;
    }
    checked(targets.tokens());
    Pass pass = trainingPass(tokens.length, targets.time());
    Pass.Gradients of = requireNonNull(pass.gradients);
    Parameters.Gradients gradients = parameters.gradients();
    int[] ids = inputs(tokens, targets.time()); // [batch · time]
    forward(pass, ids);
    double loss = outputBackward(pass, targets, normaliser, gradients);
    for (int layer = spec.layerCount() - 1; layer >= 0; layer--) {
      parameters
          .blocks
          .get(layer)
          .backward(
              pass,
              pass.layers.get(layer),
              gradients.matrices.get(layer),
              gradients.vectors.get(layer),
              gradients.scratch);
    }
    Gather.addRows(of.residual, ids, gradients.embedding);
    return loss;
  }

  private Pass trainingPass(int batch, int time) {
    if (training == null || training.batch != batch || training.time != time) {
      if (training != null) {
        training.close();
        training = null;
      }
      training = Pass.training(spec, computedIn, batch, time, rotation.ofSequences(batch, time));
    }
    return training;
  }

  Pass forwardPass(int batch, int time) {
    return Pass.forward(
        spec, computedIn, batch, time, rotation.ofSequences(batch, time), Products::linear);
  }

  /** For one new token of each of so many rows, at these positions. */
  Pass stepPass(int[] positions) {
    return Pass.forward(spec, computedIn, positions.length, 1, rotation.at(positions), packed);
  }

  /** Writes the embeddings of {@code ids} to where the first layer reads. */
  void embed(Pass pass, int[] ids) {
    Gather.rows(parameters.embedding, ids, pass.layers.getFirst().residual);
  }

  /** From ids [batch · time] to {@code pass.output}. */
  private void forward(Pass pass, int[] ids) {
    embed(pass, ids);
    for (int layer = 0; layer < spec.layerCount(); layer++) {
      forward(pass, layer);
    }
  }

  private void forward(Pass pass, int layer) {
    Block block = parameters.blocks.get(layer);
    block.forward(pass, pass.layers.get(layer), streamAfter(pass, layer), block::attendCausally);
  }

  Tensor streamAfter(Pass pass, int layer) {
    return layer + 1 < spec.layerCount() ? pass.layers.get(layer + 1).residual : pass.output;
  }

  /**
   * Returns the sum of the losses at the targets; leaves the gradient of the last residual stream
   * in the pass, and adds those of the output matrix and the last norm.
   */
  private double outputBackward(
      Pass pass, Targets targets, double normaliser, Parameters.Gradients gradients) {
    Pass.Gradients of = requireNonNull(pass.gradients);
    int count = targets.count();
    int dim = spec.modelDim();
    try (Scope _ = new Scope()) {
      Tensor chosen = Tensor.uninitialised(Dtype.FLOAT32, count, dim);
      Tensor inverse = Tensor.uninitialised(Dtype.FLOAT32, count);
      Tensor normed = Tensor.uninitialised(computedIn, count, dim);
      Gather.rows(pass.output, targets.positions(), chosen);
      RmsNorm.forward(chosen, parameters.finalNorm, spec.normEpsilon(), inverse, normed);

      Tensor ofNormed = Tensor.uninitialised(computedIn, count, dim);
      double loss = outputLoss(normed, targets.tokens(), normaliser, ofNormed, gradients);

      Tensor ofChosen = Tensor.zeros(count, dim);
      RmsNorm.backward(
          chosen,
          inverse,
          parameters.finalNorm,
          ofNormed,
          gradients.finalNorm,
          ofChosen,
          ofChosen,
          normed);
      of.residual.fill(0);
      Gather.addRows(ofChosen, targets.positions(), of.residual);
      if (of.narrow != of.residual) {
        of.narrow.copyFrom(of.residual);
      }
      return loss;
    }
  }

  /**
   * The sum of losses of predicting {@code targets} from {@code normed} [target, modelDim]; writes
   * its gradient to {@code ofNormed} and adds the output matrix's, both divided by {@code
   * normaliser}. In chunks, so that the logits of all targets never exist at once.
   */
  private double outputLoss(
      Tensor normed,
      int[] targets,
      double normaliser,
      Tensor ofNormed,
      Parameters.Gradients gradients) {
    double loss = 0;
    int rows = rowsAtOnce();
    for (int from = 0; from < targets.length; from += rows) {
      int count = Math.min(rows, targets.length - from);
      try (Scope _ = new Scope()) {
        Tensor input = normed.narrow(0, from, count);
        Tensor logits = Tensor.uninitialised(computedIn, count, spec.vocabSize());
        Products.linear(input, parameters.output, logits);
        int[] wanted = Arrays.copyOfRange(targets, from, from + count);
        loss += CrossEntropy.lossAndGradient(logits, wanted, normaliser);
        Products.inputGradient(logits, parameters.output, ofNormed.narrow(0, from, count));
        Products.addWeightGradient(logits, input, gradients.output, gradients.scratch);
      }
    }
    return loss;
  }

  /**
   * Per row, the log-probability of each token but the first given those before it: entry t is of
   * token t + 1. Rows may differ in length.
   */
  public double[][] logProbabilities(int[][] tokens) {
    double[][] result = new double[tokens.length][];
    for (int from = 0; from < tokens.length; ) {
      int until = endOfBatch(tokens, from, TOKENS_AT_ONCE);
      int[][] batch = Arrays.copyOfRange(tokens, from, until);
      double[] flat = logProbabilities(batch, Targets.all(batch));
      int next = 0;
      for (; from < until; from++) {
        int count = Math.max(0, tokens[from].length - 1);
        result[from] = Arrays.copyOfRange(flat, next, next + count);
        next += count;
      }
    }
    return result;
  }

  private double[] logProbabilities(int[][] batch, Targets targets) {
    double[] result = new double[targets.count()];
    if (result.length == 0) {
      return result;
    }
    checked(targets.tokens());
    try (Pass pass = forwardPass(batch.length, targets.time());
        Scope _ = new Scope()) {
      forward(pass, inputs(batch, targets.time()));
      int rows = rowsAtOnce();
      for (int from = 0; from < result.length; from += rows) {
        int until = Math.min(from + rows, result.length);
        try (Scope _ = new Scope()) {
          int[] positions = Arrays.copyOfRange(targets.positions(), from, until);
          double[] found =
              CrossEntropy.logProbabilities(
                  logits(pass, positions), Arrays.copyOfRange(targets.tokens(), from, until));
          System.arraycopy(found, 0, result, from, found.length);
        }
      }
    }
    return result;
  }

  /**
   * The residual stream at {@code positions[row]}: [layer][row][modelDim], layer 0 the embedding,
   * layer l what leaves the l-th block. Rows may differ in length.
   */
  public float[][][] hiddenStates(int[][] tokens, int[] positions) {
    if (tokens.length != positions.length) {
      throw new IllegalArgumentException(
          "%d rows, but %d positions".formatted(tokens.length, positions.length));
    }
    for (int row = 0; row < tokens.length; row++) {
      Objects.checkIndex(positions[row], tokens[row].length);
    }
    float[][][] result = new float[spec.layerCount() + 1][tokens.length][];
    for (int from = 0; from < tokens.length; from = endOfBatch(tokens, from, TOKENS_AT_ONCE)) {
      int[][] batch = Arrays.copyOfRange(tokens, from, endOfBatch(tokens, from, TOKENS_AT_ONCE));
      int time = longest(batch);
      int[] flatPositions = new int[batch.length];
      for (int row = 0; row < batch.length; row++) {
        flatPositions[row] = row * time + positions[from + row];
      }
      try (Pass pass = forwardPass(batch.length, time)) {
        embed(pass, inputs(batch, time));
        copyRows(pass.layers.getFirst().residual, flatPositions, result[0], from);
        for (int layer = 0; layer < spec.layerCount(); layer++) {
          forward(pass, layer);
          copyRows(streamAfter(pass, layer), flatPositions, result[layer + 1], from);
        }
      }
    }
    return result;
  }

  /** The logits after each of {@code tokens} given those before it, [token][vocab]. */
  public float[][] logits(int[] tokens) {
    if (tokens.length == 0) {
      return new float[0][];
    }
    try (Pass pass = forwardPass(1, tokens.length);
        Scope _ = new Scope()) {
      forward(pass, inputs(new int[][] {tokens}, tokens.length));
      int[] all = IntStream.range(0, tokens.length).toArray();
      return rows(logits(pass, all));
    }
  }

  /** A cache for up to {@code rows} rows of up to {@code maxLength} tokens each. */
  public Decoding decoding(int rows, int maxLength) {
    return new Decoding(this, rows, maxLength);
  }

  /**
   * The logits of some rows of the residual stream that has left the last block: [count, vocab].
   */
  Tensor logits(Pass pass, int[] rows) {
    try (Scope scope = new Scope()) {
      Tensor chosen = Tensor.uninitialised(Dtype.FLOAT32, rows.length, spec.modelDim());
      Tensor inverse = Tensor.uninitialised(Dtype.FLOAT32, rows.length);
      Tensor normed = Tensor.uninitialised(computedIn, rows.length, spec.modelDim());
      Tensor logits = Tensor.uninitialised(computedIn, rows.length, spec.vocabSize());
      Gather.rows(pass.output, rows, chosen);
      RmsNorm.forward(chosen, parameters.finalNorm, spec.normEpsilon(), inverse, normed);
      pass.linear.run(normed, parameters.output, logits);
      return scope.keep(logits);
    }
  }

  private int rowsAtOnce() {
    return Math.max(FEWEST_ROWS_AT_ONCE, LOGITS_AT_ONCE / spec.vocabSize());
  }

  /**
   * The first {@code time} ids of each row, [batch · time], padded on the right: nothing looks at
   * what comes after it.
   */
  int[] inputs(int[][] rows, int time) {
    if (time > spec.maxContextLength()) {
      throw new IllegalArgumentException(
          "%d tokens are more than the model's maxContextLength, %d"
              .formatted(time, spec.maxContextLength()));
    }
    int[] flat = new int[rows.length * time];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * time, Math.min(time, rows[row].length));
    }
    return checked(flat);
  }

  /** Refuses ids that are no tokens of this model; returns them. */
  @CanIgnoreReturnValue
  int[] checked(int[] tokens) {
    for (int token : tokens) {
      Objects.checkIndex(token, spec.vocabSize());
    }
    return tokens;
  }

  /**
   * The end of the rows from {@code from} on that are computed together: up to so many tokens,
   * padding counted, but one row at least.
   */
  static int endOfBatch(int[][] rows, int from, int tokensAtOnce) {
    int longest = 0;
    int until = from;
    while (until < rows.length) {
      longest = Math.max(longest, rows[until].length);
      if (until > from && (long) longest * (until - from + 1) > tokensAtOnce) {
        break;
      }
      until++;
    }
    return until;
  }

  private static int longest(int[][] rows) {
    return Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
  }

  private static void copyRows(Tensor matrix, int[] numbers, float[][] target, int from) {
    int width = Math.toIntExact(matrix.size(1));
    for (int i = 0; i < numbers.length; i++) {
      target[from + i] = matrix.toFloats((long) numbers[i] * width, width);
    }
  }

  /** The rows of a matrix as arrays. */
  static float[][] rows(Tensor matrix) {
    int width = Math.toIntExact(matrix.size(1));
    float[][] rows = new float[Math.toIntExact(matrix.size(0))][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = matrix.toFloats((long) row * width, width);
    }
    return rows;
  }

  @Override
  public void close() {
    if (training != null) {
      training.close();
    }
    packed.close();
    parameters.close();
  }
}
