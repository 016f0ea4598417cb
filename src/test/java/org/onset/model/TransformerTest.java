package org.onset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Seeds;
import org.onset.tensor.AdamW;
import org.onset.tensor.Dtype;
import org.onset.tensor.Libtorch;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

class TransformerTest {
  @BeforeAll
  static void onOneThread() {
    Libtorch.useThreads(1);
  }

  static Stream<ModelSpec> specs() {
    return TinyModels.specs();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void logitsAreThoseOfThePlainReference(ModelSpec spec) {
    int[] tokens = TinyModels.tokens(new SplittableRandom(1), 9);

    try (Transformer model = TinyModels.random(spec, 2)) {
      float[][] logits = model.logits(tokens);

      double[][] expected = new ReferenceTransformer(model).logits(tokens);
      assertThat(logits.length).isEqualTo(9);
      for (int t = 0; t < expected.length; t++) {
        assertClose(logits[t], expected[t]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void gradientsAreTheSlopesOfThePlainReference(ModelSpec spec) {
    SplittableRandom random = new SplittableRandom(3);
    int[][] tokens = TinyModels.rows(random, 7, 7);
    boolean[][] trained = marks(random, tokens);
    double normaliser = 5;

    try (Transformer model = TinyModels.random(spec, 4)) {
      double loss = model.accumulateGradients(tokens, trained, normaliser);

      ReferenceTransformer reference = new ReferenceTransformer(model);
      assertThat(loss).isCloseTo(reference.loss(tokens, trained), within(1e-4));
      float[] gradients = model.gradients().toFloats();
      for (ParameterRange range : model.parameterRanges()) {
        double largest = 0;
        double error = 0;
        for (int i = (int) range.offset(); i < range.offset() + range.length(); i++) {
          double slope = slope(reference, i, tokens, trained) / normaliser;
          largest = Math.max(largest, Math.abs(slope));
          error = Math.max(error, Math.abs(slope - gradients[i]));
        }
        assertThat(largest).as(range.name()).isPositive();
        assertThat(error / largest).as(range.name()).isLessThan(1e-4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 33})
  void gradientsOfWholeVectorsAndSeveralBlocksAreTheReferencesSlopesToo(int time) {
    ModelSpec spec =
        new ModelSpec(
            TinyModels.VOCAB,
            48,
            1,
            2,
            1,
            36,
            40,
            64,
            100,
            1e-5,
            true,
            true,
            true,
            RopeScaling.NONE);
    SplittableRandom random = new SplittableRandom(time);
    int[][] tokens = TinyModels.rows(random, time + 1, time + 1);
    boolean[][] trained = marks(random, tokens);

    try (Transformer model = TinyModels.random(spec, 4)) {
      model.accumulateGradients(tokens, trained, 1);

      ReferenceTransformer reference = new ReferenceTransformer(model);
      float[] gradients = model.gradients().toFloats();
      for (ParameterRange range : model.parameterRanges()) {
        double differences = 0;
        double squares = 0;
        for (int sample = 0; sample < 20; sample++) {
          int i = Math.toIntExact(range.offset() + random.nextLong(range.length()));
          double slope = slope(reference, i, tokens, trained);
          differences += Math.pow(slope - gradients[i], 2);
          squares += slope * slope;
        }
        assertThat(squares).as(range.name()).isPositive();
        assertThat(Math.sqrt(differences / squares)).as(range.name()).isLessThan(1e-4);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void inBfloat16LossAndGradientsAreTheReferencesToItsPrecision(ModelSpec spec) {
    SplittableRandom random = new SplittableRandom(5);
    int[][] tokens = TinyModels.rows(random, 9, 9, 9, 9);
    boolean[][] trained = marks(random, tokens);

    try (Transformer exact = TinyModels.random(spec, 6);
        Transformer narrow = TinyModels.random(spec, 6, Dtype.BFLOAT16)) {
      double loss = exact.accumulateGradients(tokens, trained, 5);
      double narrowLoss = narrow.accumulateGradients(tokens, trained, 5);

      assertThat(narrowLoss / loss).isCloseTo(1, within(0.02));
      double difference = 0;
      double norm = 0;
      float[] gradients = exact.gradients().toFloats();
      float[] narrowGradients = narrow.gradients().toFloats();
      for (int i = 0; i < gradients.length; i++) {
        difference += Math.pow(gradients[i] - narrowGradients[i], 2);
        norm += Math.pow(gradients[i], 2);
      }
      assertThat(Math.sqrt(difference / norm)).isLessThan(0.1);
    }
  }

  private static double slope(
      ReferenceTransformer reference, int index, int[][] tokens, boolean[][] trained) {
    double step = 1e-5;
    double value = reference.flat()[index];
    reference.flat()[index] = value + step;
    double above = reference.loss(tokens, trained);
    reference.flat()[index] = value - step;
    double below = reference.loss(tokens, trained);
    reference.flat()[index] = value;
    return (above - below) / (2 * step);
  }

  @Test
  void microBatchesAddUpToTheGradientOfTheWholeBatch() {
    // 20,000 words make 512 targets a chunk, so the whole batch takes two.
    ModelSpec spec = new ModelSpec(20_000, 8, 1, 2, 2, 4, 8, 64, 10_000, 1e-5, true);
    SplittableRandom random = new SplittableRandom(5);
    int[][] tokens = TinyModels.rows(random, 64, 64, 64, 64, 64, 64, 64, 64, 64);
    boolean[][] trained = allTrained(tokens);

    try (Transformer model = TinyModels.random(spec, 6)) {
      double loss = model.accumulateGradients(tokens, trained, 567);
      float[] whole = model.gradients().toFloats();
      model.gradients().fill(0);
      double first = model.accumulateGradients(head(tokens, 3), Arrays.copyOf(trained, 3), 567);
      double second =
          model.accumulateGradients(
              Arrays.copyOfRange(tokens, 3, 9), Arrays.copyOfRange(trained, 3, 9), 567);

      assertThat(first + second).isCloseTo(loss, within(1e-3));
      assertClose(model.gradients().toFloats(), doubles(whole));
    }
  }

  @Test
  void aShortRowTrainsAsItDoesAlone() {
    SplittableRandom random = new SplittableRandom(7);
    int[][] tokens = TinyModels.rows(random, 4, 9);
    boolean[][] trained = allTrained(tokens);

    try (Transformer model = TinyModels.random(TinyModels.grouped(), 8)) {
      model.accumulateGradients(tokens, trained, 1);
      float[] together = model.gradients().toFloats();
      model.gradients().fill(0);
      model.accumulateGradients(head(tokens, 1), Arrays.copyOf(trained, 1), 1);
      model.accumulateGradients(
          Arrays.copyOfRange(tokens, 1, 2), Arrays.copyOfRange(trained, 1, 2), 1);

      assertClose(together, doubles(model.gradients().toFloats()));
    }
  }

  @Test
  void aBatchWithoutTargetsAddsNothing() {
    int[][] tokens = TinyModels.rows(new SplittableRandom(9), 5, 5);
    boolean[][] firstOnly = new boolean[2][5];
    firstOnly[0][0] = true;

    try (Transformer model = TinyModels.random(TinyModels.grouped(), 10)) {
      double loss = model.accumulateGradients(tokens, firstOnly, 1);

      assertThat(loss).isZero();
      assertThat(model.gradients().norm()).isZero();
    }
  }

  @Test
  void laterTokensChangeNoEarlierLogits() {
    int[] tokens = TinyModels.tokens(new SplittableRandom(11), 10);
    int[] changed = tokens.clone();
    changed[6] = (changed[6] + 1) % TinyModels.VOCAB;

    try (Transformer model = TinyModels.random(TinyModels.grouped(), 12)) {
      float[][] before = model.logits(tokens);
      float[][] after = model.logits(changed);

      for (int t = 0; t < 6; t++) {
        assertThat(after[t]).isEqualTo(before[t]);
      }
      assertThat(after[6]).isNotEqualTo(before[6]);
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void rowsOfAnyLengthsAreScoredAsTheReferenceDoes(ModelSpec spec) {
    int[][] rows = TinyModels.rows(new SplittableRandom(13), 5, 1, 12, 2, 7);

    try (Transformer model = TinyModels.random(spec, 14)) {
      double[][] scores = model.logProbabilities(rows);

      ReferenceTransformer reference = new ReferenceTransformer(model);
      for (int row = 0; row < rows.length; row++) {
        assertThat(scores[row])
            .containsExactly(reference.logProbabilities(rows[row]), within(1e-4));
      }
    }
  }

  @Test
  void manyRowsAreScoredInBatchesInTheirOrder() {
    ModelSpec spec = new ModelSpec(13, 4, 1, 1, 1, 4, 4, 1200, 10_000, 1e-5, true);
    int[][] rows = TinyModels.rows(new SplittableRandom(15), 1100, 1200, 3, 1000, 1100, 5);

    try (Transformer model = TinyModels.random(spec, 16)) {
      double[][] scores = model.logProbabilities(rows);

      assertThat(scores.length).isEqualTo(6);
      for (int row = 0; row < rows.length; row++) {
        double[] alone = model.logProbabilities(new int[][] {rows[row]})[0];
        assertThat(scores[row]).containsExactly(alone, within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void hiddenStatesAreTheResidualStreamAfterEachLayer(ModelSpec spec) {
    int[][] rows = TinyModels.rows(new SplittableRandom(17), 6, 3, 8);
    int[] positions = {2, 2, 7};

    try (Transformer model = TinyModels.random(spec, 18)) {
      float[][][] hidden = model.hiddenStates(rows, positions);

      ReferenceTransformer reference = new ReferenceTransformer(model);
      assertThat(hidden.length).isEqualTo(spec.layerCount() + 1);
      for (int row = 0; row < rows.length; row++) {
        for (int layer = 0; layer < hidden.length; layer++) {
          assertClose(
              hidden[layer][row], reference.residuals(rows[row]).get(layer)[positions[row]]);
        }
      }
    }
  }

  @Test
  void aTinyModelLearnsOneBatchByHeart() {
    ModelSpec spec = TinyModels.grouped();
    int[][] tokens = TinyModels.rows(new SplittableRandom(19), 8, 8, 8);
    boolean[][] trained = allTrained(tokens);

    try (Transformer model = Transformer.initialise(spec, new Seeds(20));
        Tensor first = Tensor.zeros(spec.parameterCount());
        Tensor second = Tensor.zeros(spec.parameterCount())) {
      double loss = Double.NaN;
      for (int step = 1; step <= 400; step++) {
        model.gradients().fill(0);
        loss = model.accumulateGradients(tokens, trained, 21) / 21;
        AdamW.step(
            model.parameters(), model.gradients(), first, second, step, 0.02, 0.9, 0.99, 1e-8, 0);
      }

      // The first tokens of the rows may share a value, and then what follows can't be certain.
      assertThat(loss).isLessThan(0.15);
    }
  }

  @Test
  void trainingInBfloat16FollowsFloat32ForThreeHundredSteps() {
    ModelSpec spec = new ModelSpec(50, 32, 2, 4, 2, 8, 64, 16, 10_000, 1e-5, true);
    double[] exact = losses(spec, Dtype.FLOAT32);
    double[] narrow = losses(spec, Dtype.BFLOAT16);

    // Within 2% of the first loss at every step, and on average within half a percent of it.
    double meanDifference = 0;
    for (int step = 0; step < exact.length; step++) {
      assertThat(narrow[step]).as("step " + step).isCloseTo(exact[step], within(0.02 * exact[0]));
      meanDifference += (narrow[step] - exact[step]) / exact.length;
    }
    assertThat(meanDifference).isCloseTo(0, within(0.005 * exact[0]));
    assertThat(exact[exact.length - 1]).isLessThan(0.7 * exact[0]);
  }

  /** Of 300 steps, each on new sentences of a small grammar: a word names the one after it. */
  private static double[] losses(ModelSpec spec, Dtype computedIn) {
    SplittableRandom random = new SplittableRandom(21);
    double[] losses = new double[300];
    try (Transformer model = Transformer.initialise(spec, new Seeds(22), computedIn);
        Tensor first = Tensor.zeros(spec.parameterCount());
        Tensor second = Tensor.zeros(spec.parameterCount())) {
      for (int step = 1; step <= losses.length; step++) {
        int[][] tokens = new int[8][17];
        for (int[] row : tokens) {
          row[0] = random.nextInt(spec.vocabSize());
          for (int t = 1; t < row.length; t++) {
            row[t] = (3 * row[t - 1] + random.nextInt(4)) % spec.vocabSize();
          }
        }
        model.gradients().fill(0);
        losses[step - 1] = model.accumulateGradients(tokens, allTrained(tokens), 128) / 128;
        AdamW.step(
            model.parameters(), model.gradients(), first, second, step, 3e-3, 0.9, 0.99, 1e-8, 0);
        model.parametersChanged();
      }
    }
    return losses;
  }

  @Test
  void theSameSeedsMakeTheSameModelAndOthersAnother() {
    ModelSpec spec = TinyModels.grouped();
    try (Transformer one = Transformer.initialise(spec, new Seeds(21));
        Transformer same = Transformer.initialise(spec, new Seeds(21));
        Transformer other = Transformer.initialise(spec, new Seeds(22))) {

      assertThat(same.parameters().toFloats()).isEqualTo(one.parameters().toFloats());
      assertThat(other.parameters().toFloats()).isNotEqualTo(one.parameters().toFloats());
    }
  }

  @Test
  void firstValuesHaveTheirDeviations() {
    ModelSpec spec = new ModelSpec(400, 64, 2, 4, 2, 16, 100, 16, 10_000, 1e-5, false);
    try (Transformer model = Transformer.initialise(spec, new Seeds(23))) {
      float[] values = model.parameters().toFloats();

      for (ParameterRange range : model.parameterRanges()) {
        double squares = 0;
        for (int i = (int) range.offset(); i < range.offset() + range.length(); i++) {
          squares += (double) values[i] * values[i];
        }
        double expected =
            switch (range.name()) {
              case "model.embed_tokens.weight" -> 0.06;
              case String name when name.endsWith("norm.weight") -> 1;
              case String name when name.endsWith("o_proj.weight") -> 1 / Math.sqrt(64 * 4.0);
              case String name when name.endsWith("down_proj.weight") -> 1 / Math.sqrt(100 * 4.0);
              default -> 1 / Math.sqrt(64);
            };
        assertThat(Math.sqrt(squares / range.length()) / expected)
            .as(range.name())
            .isCloseTo(1, within(0.05));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void rangesCoverTheFlatBufferOnceAndNormsAndBiasesComeLast(ModelSpec spec) {
    try (Transformer model = Transformer.initialise(spec, new Seeds(24))) {
      long offset = 0;
      boolean norms = false;
      for (ParameterRange range : model.parameterRanges()) {
        assertThat(range.offset()).isEqualTo(offset);
        assertThat(range.decayed()).isEqualTo(!range.name().matches(".*(norm.weight|bias)"));
        assertThat(norms && range.decayed()).isFalse();
        norms |= !range.decayed();
        offset += range.length();
      }

      assertThat(offset).isEqualTo(spec.parameterCount());
      assertThat(model.parameters().shape()).containsExactly(spec.parameterCount());
      assertThat(model.gradients().shape()).containsExactly(spec.parameterCount());
    }
  }

  @Test
  void twoHundredStepsLeaveNothingBehind() {
    int[][] tokens = TinyModels.rows(new SplittableRandom(25), 6, 4);
    boolean[][] trained = allTrained(tokens);

    try (Transformer model = TinyModels.random(TinyModels.grouped(), 26);
        Scope around = new Scope()) {
      int afterTen = 0;
      for (int step = 1; step <= 200; step++) {
        model.accumulateGradients(tokens, trained, 8);
        model.gradients().multiplyInPlace(0.5);
        model.logProbabilities(tokens);
        model.hiddenStates(tokens, new int[] {1, 2});
        afterTen = step == 10 ? around.size() : afterTen;
      }

      assertThat(around.size()).isEqualTo(afterTen).isZero();
    }
  }

  @Test
  void whatCannotBeAModelsInputIsRefused() {
    try (Transformer model = TinyModels.random(TinyModels.grouped(), 27)) {
      int[][] tokens = {{1, 2, 3}};

      assertThatThrownBy(() -> model.logits(new int[] {1, 13}))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> model.logits(new int[] {-1}))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.logits(new int[TinyModels.MAX_LENGTH + 1]))
          .withMessageContaining("25")
          .withMessageContaining("24");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.accumulateGradients(tokens, new boolean[][] {{true, true}}, 1))
          .withMessageContaining("3 tokens, but 2 marks");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.accumulateGradients(tokens, allTrained(tokens), 0));
    }
  }

  static boolean[][] allTrained(int[][] tokens) {
    return Arrays.stream(tokens)
        .map(
            row -> {
              boolean[] marks = new boolean[row.length];
              Arrays.fill(marks, true);
              return marks;
            })
        .toArray(boolean[][]::new);
  }

  private static boolean[][] marks(SplittableRandom random, int[][] tokens) {
    boolean[][] marks = new boolean[tokens.length][];
    for (int row = 0; row < tokens.length; row++) {
      marks[row] = new boolean[tokens[row].length];
      for (int t = 0; t < marks[row].length; t++) {
        marks[row][t] = random.nextInt(3) > 0;
      }
    }
    return marks;
  }

  private static int[][] head(int[][] rows, int count) {
    return Arrays.copyOf(rows, count);
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  /** Each to 1e-4 of the largest expected. */
  static void assertClose(float[] actual, double[] expected) {
    assertThat(actual.length).isEqualTo(expected.length);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      if (!Float.isFinite(actual[i])) {
        fail("entry %d is %s", i, actual[i]);
      }
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(actual[i] - expected[i]));
    }
    assertThat(error).as("largest %s", largest).isLessThan(1e-4 * largest);
  }
}
