package org.onset.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.onset.Problems;
import org.onset.Seeds;
import org.onset.tensor.RmsNorm;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

/**
 * A decoder-only transformer of the Llama family in float32: RMS norms before attention and
 * feed-forward, rotary positions, grouped-query attention, SwiGLU. A model belongs to whoever made
 * it; several threads may read one, one may train it.
 */
public final class Transformer implements AutoCloseable {
  /** So many logits are made at once, whatever the vocabulary (16 MiB), but for a few rows. */
  private static final int LOGITS_AT_ONCE = 1 << 22;

  private static final int FEWEST_ROWS_AT_ONCE = 256;

  /** Scoring and looking inside take rows together up to so many tokens. */
  private static final int TOKENS_AT_ONCE = 4096;

  private final ModelSpec spec;
  private final Parameters parameters;
  private final Rotation rotation;

  Transformer(ModelSpec spec) {
    Problems problems = new Problems();
    spec.check(problems);
    if (!problems.found().isEmpty()) {
      throw new IllegalArgumentException(problems.found().toString());
    }
    if (spec.queryKeyValueBias() || spec.queryKeyNorm()) {
      throw new IllegalArgumentException("biases and norms of queries and keys aren't computed");
    }
    this.spec = spec;
    this.parameters = new Parameters(spec);
    this.rotation = new Rotation(spec);
  }

  /** A new model; the same numbers on every machine for the same {@code seeds}. */
  public static Transformer initialise(ModelSpec spec, Seeds seeds) {
    Transformer model = new Transformer(spec);
    model.parameters.initialise(spec, seeds);
    return model;
  }

  /** Reads a Hugging Face folder; whatever is wrong with it is BadInput. */
  public static Transformer load(Path folder) {
    return ModelFolder.load(folder);
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

  /** All parameters, [parameterCount]; changing it changes the model. */
  public Tensor parameters() {
    return parameters.values();
  }

  /** The gradients added up so far, in the order of {@link #parameters()}. */
  public Tensor gradients() {
    return parameters.gradients();
  }

  /** What lies where in the flat buffers: the embedding first, all norms last. */
  public List<ParameterRange> parameterRanges() {
    return parameters.ranges;
  }

  Parameters leaves() {
    return parameters;
  }

  Rotation rotation() {
    return rotation;
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
    try (Scope _ = new Scope()) {
      Block.Positions positions = positions(tokens.length, targets.time());
      Tensor ids = inputs(tokens, targets.time()); // [batch · time]
      Tensor residual = parameters.embedding.lookUp(ids); // [batch · time, modelDim]
      List<Block.Trace> traces = new ArrayList<>();
      for (Block block : parameters.blocks) {
        Block.Trace trace = block.forward(residual, positions);
        traces.add(trace);
        residual = trace.output;
      }
      Tensor chosen = ids(targets.positions(), targets.count());
      RmsNorm normed = finalNorm(residual.indexSelect(0, chosen)); // [target, modelDim]
      Tensor ofNormed = Tensor.zeros(targets.count(), spec.modelDim());
      double loss = outputLoss(normed.output(), targets.tokens(), normaliser, ofNormed);

      Tensor ofChosen = Tensor.zeros(targets.count(), spec.modelDim());
      normed.backward(ofNormed, parameters.finalNorm, parameters.finalNormGradient, ofChosen);
      Tensor gradient = Tensor.zeros(residual.shape());
      gradient.indexCopyInPlace(0, chosen, ofChosen);
      for (int layer = spec.layerCount() - 1; layer >= 0; layer--) {
        parameters.blocks.get(layer).backward(traces.get(layer), gradient, positions);
      }
      parameters.embeddingGradient.addRowsInPlace(ids, gradient);
      return loss;
    }
  }

  /**
   * The sum of losses of predicting {@code targets} from {@code normed} [target, modelDim]; writes
   * its gradient to {@code gradient} and adds the output matrix's, both divided by {@code
   * normaliser}. By hand and in chunks, so that the logits of all targets never exist at once.
   */
  private double outputLoss(Tensor normed, int[] targets, double normaliser, Tensor gradient) {
    double loss = 0;
    int rows = rowsAtOnce();
    for (int from = 0; from < targets.length; from += rows) {
      int count = Math.min(rows, targets.length - from);
      try (Scope _ = new Scope()) {
        Tensor input = normed.narrow(0, from, count);
        Tensor wanted = ids(Arrays.copyOfRange(targets, from, from + count), count, 1);
        Tensor logits = input.linear(parameters.output).logSoftmax(); // [count, vocab]
        loss -= logits.gather(wanted).sum();
        // The gradient of a logit is its probability, less 1 at the target.
        logits.expInPlace();
        logits.scatterAddInPlace(wanted, minusOnes(count));
        Tensor towardsInput = logits.matmul(parameters.output); // [count, modelDim]
        towardsInput.multiplyInPlace(1 / normaliser);
        gradient.narrow(0, from, count).copyFrom(towardsInput);
        parameters.outputGradient.addTransposedProductInPlace(logits, input, 1 / normaliser);
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
      int until = endOfBatch(tokens, from);
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
    try (Scope _ = new Scope()) {
      Tensor last = residual(batch, targets.time());
      Tensor chosen = last.indexSelect(0, ids(targets.positions(), targets.count()));
      Tensor normed = finalNorm(chosen).output(); // [target, modelDim]
      int rows = rowsAtOnce();
      for (int from = 0; from < result.length; from += rows) {
        int count = Math.min(rows, result.length - from);
        try (Scope _ = new Scope()) {
          Tensor wanted = ids(Arrays.copyOfRange(targets.tokens(), from, from + count), count, 1);
          Tensor logits = normed.narrow(0, from, count).linear(parameters.output);
          float[] picked = logits.logSoftmax().gather(wanted).toFloats();
          for (int i = 0; i < count; i++) {
            result[from + i] = picked[i];
          }
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
    for (int from = 0; from < tokens.length; from = endOfBatch(tokens, from)) {
      int[][] batch = Arrays.copyOfRange(tokens, from, endOfBatch(tokens, from));
      int time = longest(batch);
      int[] flatPositions = new int[batch.length];
      for (int row = 0; row < batch.length; row++) {
        flatPositions[row] = row * time + positions[from + row];
      }
      try (Scope _ = new Scope()) {
        Tensor chosen = ids(flatPositions, batch.length);
        Tensor residual = parameters.embedding.lookUp(inputs(batch, time));
        Block.Positions where = positions(batch.length, time);
        copyRows(residual.indexSelect(0, chosen), result[0], from);
        for (int layer = 0; layer < spec.layerCount(); layer++) {
          residual = parameters.blocks.get(layer).apply(residual, where);
          copyRows(residual.indexSelect(0, chosen), result[layer + 1], from);
        }
      }
    }
    return result;
  }

  /** The logits after every position of one sequence: [time][vocab]. */
  public float[][] logits(int[] tokens) {
    if (tokens.length == 0) {
      return new float[0][];
    }
    try (Scope _ = new Scope()) {
      return rows(logitsOf(residual(new int[][] {tokens}, tokens.length)));
    }
  }

  /** A cache for up to {@code rows} rows of up to {@code maxLength} tokens each. */
  public Decoding decoding(int rows, int maxLength) {
    return new Decoding(this, rows, maxLength);
  }

  /** What leaves the last block: [batch · time, modelDim]. */
  private Tensor residual(int[][] tokens, int time) {
    Tensor residual = parameters.embedding.lookUp(inputs(tokens, time));
    Block.Positions positions = positions(tokens.length, time);
    for (Block block : parameters.blocks) {
      residual = block.apply(residual, positions);
    }
    return residual;
  }

  private Block.Positions positions(int batch, int time) {
    return new Block.Positions(batch, time, rotation.cos(time), rotation.signedSin(time));
  }

  private RmsNorm finalNorm(Tensor residual) {
    return RmsNorm.of(residual, parameters.finalNorm, spec.normEpsilon());
  }

  /** The logits of residuals that have left the last block: [count, modelDim] to [count, vocab]. */
  Tensor logitsOf(Tensor residual) {
    return finalNorm(residual).output().linear(parameters.output);
  }

  private int rowsAtOnce() {
    return Math.max(FEWEST_ROWS_AT_ONCE, LOGITS_AT_ONCE / spec.vocabSize());
  }

  private static Tensor minusOnes(int count) {
    float[] values = new float[count];
    Arrays.fill(values, -1f);
    return Tensor.of(values, count, 1);
  }

  static Tensor ids(int[] values, long... shape) {
    return Tensor.ofIds(Arrays.stream(values).asLongStream().toArray(), shape);
  }

  /**
   * The first {@code time} ids of each row, [batch · time], padded on the right: nothing looks at
   * what comes after it.
   */
  private Tensor inputs(int[][] rows, int time) {
    if (time > spec.maxContextLength()) {
      throw new IllegalArgumentException(
          "%d tokens are more than the model's maxContextLength, %d"
              .formatted(time, spec.maxContextLength()));
    }
    int[] flat = new int[rows.length * time];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * time, Math.min(time, rows[row].length));
    }
    return tokenIds(flat);
  }

  /** Ids of tokens of this model. */
  Tensor tokenIds(int[] tokens) {
    for (int token : tokens) {
      Objects.checkIndex(token, spec.vocabSize());
    }
    return ids(tokens, tokens.length);
  }

  /** The end of the rows from {@code from} on that are computed together: one at least. */
  private static int endOfBatch(int[][] rows, int from) {
    int longest = 0;
    int until = from;
    while (until < rows.length) {
      longest = Math.max(longest, rows[until].length);
      if (until > from && (long) longest * (until - from + 1) > TOKENS_AT_ONCE) {
        break;
      }
      until++;
    }
    return until;
  }

  private static int longest(int[][] rows) {
    return Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
  }

  private static void copyRows(Tensor matrix, float[][] target, int from) {
    float[][] rows = rows(matrix);
    System.arraycopy(rows, 0, target, from, rows.length);
  }

  /** The rows of a matrix as arrays. */
  static float[][] rows(Tensor matrix) {
    float[] flat = matrix.toFloats();
    int width = Math.toIntExact(matrix.size(1));
    float[][] rows = new float[Math.toIntExact(matrix.size(0))][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = Arrays.copyOfRange(flat, row * width, (row + 1) * width);
    }
    return rows;
  }

  @Override
  public void close() {
    rotation.close();
    parameters.close();
  }
}
