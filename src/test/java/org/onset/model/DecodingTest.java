package org.onset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.onset.Repetitions;
import org.onset.Seeds;
import org.onset.tensor.Dtype;
import org.onset.tensor.Libtorch;
import org.onset.tensor.Scope;

class DecodingTest {
  @BeforeAll
  static void onOneThread() {
    Libtorch.useThreads(1);
  }

  static Stream<ModelSpec> specs() {
    return TinyModels.specs();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void everyStepGivesTheLogitsOfTheUncachedModel(ModelSpec spec) {
    SplittableRandom random = new SplittableRandom(1);
    try (Transformer model = TinyModels.random(spec, 2);
        Decoding decoding = model.decoding(3, 12)) {
      Rows rows = new Rows(TinyModels.rows(random, 4, 1, 7));

      rows.assertLogits(model, decoding.prefill(rows.arrays()));
      for (int step = 0; step < 5; step++) {
        int[] next = TinyModels.tokens(random, 3);
        rows.append(next);
        rows.assertLogits(model, decoding.step(next));
      }
      assertThat(decoding.length(1)).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void inBfloat16StepsFollowTheUncachedModelToItsPrecision(ModelSpec spec) {
    SplittableRandom random = new SplittableRandom(31);
    try (Transformer model = TinyModels.random(spec, 32, Dtype.BFLOAT16);
        Decoding decoding = model.decoding(6, 12)) {
      int[][] prompts = TinyModels.rows(random, 4, 1, 7, 5, 5, 5); // more rows than few
      int[] next = TinyModels.tokens(random, prompts.length);
      decoding.prefill(prompts);

      float[][] logits = decoding.step(next);

      for (int row = 0; row < prompts.length; row++) {
        double[] expected =
            last(new ReferenceTransformer(model).logits(Rows.with(prompts[row], next[row])));
        for (int token = 0; token < expected.length; token++) {
          assertThat((double) logits[row][token]).isCloseTo(expected[token], within(0.15));
        }
      }
    }
  }

  @Test
  void slotsOfDroppedCandidatesServeAgain() {
    ModelSpec spec = new ModelSpec(13, 8, 1, 2, 2, 4, 8, 200, 10_000, 1e-5, true);
    SplittableRandom random = new SplittableRandom(33);
    try (Transformer model = TinyModels.random(spec, 34);
        Decoding decoding = model.decoding(4, 200)) { // 800 slots
      Rows rows = new Rows(TinyModels.rows(random, 60, 70, 80, 90));
      decoding.prefill(rows.arrays());
      for (int step = 0; step < 100; step++) {
        int[][] candidates = TinyModels.rows(random, 3, 3, 3, 3);
        decoding.lookahead(candidates);
        int[] sources = {0, 1, 2, 3};
        int[] chosen = {step % 3, 0, 2, 1};
        decoding.advance(sources, chosen);
        int[] next = new int[4];
        Arrays.setAll(next, row -> candidates[row][chosen[row]]);
        rows.append(next);
      }
      int[] next = TinyModels.tokens(random, 4);
      rows.append(next);

      rows.assertLogits(model, decoding.step(next));
    }
  }

  @ParameterizedTest
  @EnumSource(Dtype.class)
  void sharedOutOverThreadsStepsGiveTheUncachedModelsLogits(Dtype dtype) {
    ModelSpec spec = new ModelSpec(601, 64, 2, 6, 2, 16, 200, 64, 10_000, 1e-5, true);
    SplittableRandom random = new SplittableRandom(35);
    Libtorch.useThreads(3);
    try (Transformer model = Transformer.initialise(spec, new Seeds(36), dtype);
        Decoding decoding = model.decoding(20, 30)) {
      int[][] prompts = new int[20][];
      Arrays.setAll(prompts, row -> random.ints(1 + row, 0, 601).toArray());
      decoding.prefill(prompts);
      for (int step = 0; step < 5; step++) {
        int[] next = random.ints(20, 0, 601).toArray();
        Arrays.setAll(prompts, row -> Rows.with(prompts[row], next[row]));

        float[][] logits = decoding.step(next);

        float tolerance = dtype == Dtype.FLOAT32 ? 1e-5f : 0.03f;
        for (int row = 0; row < 20; row++) {
          float[][] uncached = model.logits(prompts[row]);
          assertThat(logits[row]).containsExactly(uncached[row + 1 + step], within(tolerance));
        }
      }
    } finally {
      Libtorch.useThreads(1);
    }
  }

  @Test
  void aChangedModelDecodesWithItsNewWeights() {
    SplittableRandom random = new SplittableRandom(37);
    int[][] prompts = TinyModels.rows(random, 3, 3, 3, 3, 3, 3); // more rows than few
    int[] next = TinyModels.tokens(random, prompts.length);
    try (Transformer model = TinyModels.random(TinyModels.grouped(), 38);
        Decoding decoding = model.decoding(prompts.length, 12)) {
      decoding.prefill(prompts);
      decoding.step(next);

      model.parameters().multiplyInPlace(0.5);
      model.parametersChanged();

      Rows rows = new Rows(prompts);
      decoding.prefill(prompts);
      rows.append(next);
      rows.assertLogits(model, decoding.step(next));
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void candidatesAreJudgedAsIfEachHadBeenTheNextTokenAndChangeNothing(ModelSpec spec) {
    SplittableRandom random = new SplittableRandom(3);
    try (Transformer model = TinyModels.random(spec, 4);
        Decoding decoding = model.decoding(3, 10)) {
      Rows rows = new Rows(TinyModels.rows(random, 5, 2, 8));
      decoding.prefill(rows.arrays());

      // More candidates than there are slots left in the longest row.
      int[][] candidates = TinyModels.rows(random, 6, 6, 6);
      float[][][] logits = decoding.lookahead(candidates);
      for (int row = 0; row < 3; row++) {
        for (int candidate = 0; candidate < 6; candidate++) {
          int[] sequence = Rows.with(rows.array(row), candidates[row][candidate]);
          TransformerTest.assertClose(
              logits[row][candidate], last(new ReferenceTransformer(model).logits(sequence)));
        }
      }

      int[] next = TinyModels.tokens(random, 3);
      rows.append(next);
      rows.assertLogits(model, decoding.step(next));
    }
  }

  @ParameterizedTest
  @Repetitions(30)
  void anyOrderOfOperationsContinuesTheRowsItClaims(SplittableRandom random) {
    ModelSpec spec = TinyModels.specs().toList().get(random.nextInt(4));
    int maxRows = 6;
    try (Transformer model = TinyModels.random(spec, 5);
        Decoding decoding = model.decoding(maxRows, TinyModels.MAX_LENGTH)) {
      Rows rows = new Rows(prompts(random, 1 + random.nextInt(maxRows)));
      rows.assertLogits(model, decoding.prefill(rows.arrays()));

      for (int operation = 0; operation < 10; operation++) {
        switch (random.nextInt(3)) {
          case 0 -> {
            int[] next = TinyModels.tokens(random, rows.size());
            rows.append(next);
            rows.assertLogits(model, decoding.step(next));
          }
          case 1 -> {
            int[] sources = random.ints(1 + random.nextInt(maxRows), 0, rows.size()).toArray();
            rows.reorder(sources);
            decoding.reorder(sources);
          }
          default -> {
            int count = 1 + random.nextInt(4);
            int[][] candidates = new int[rows.size()][];
            Arrays.setAll(candidates, _ -> TinyModels.tokens(random, count));
            decoding.lookahead(candidates);
            int[] sources = random.ints(1 + random.nextInt(maxRows), 0, rows.size()).toArray();
            int[] chosen = random.ints(sources.length, 0, count).toArray();
            int[] next = new int[sources.length];
            Arrays.setAll(next, i -> candidates[sources[i]][chosen[i]]);
            decoding.advance(sources, chosen);
            rows.reorder(sources);
            rows.append(next);
          }
        }
        assertThat(decoding.rows()).isEqualTo(rows.size());
        for (int row = 0; row < rows.size(); row++) {
          assertThat(decoding.length(row)).isEqualTo(rows.array(row).length);
        }
      }

      int[] next = TinyModels.tokens(random, rows.size());
      rows.append(next);
      rows.assertLogits(model, decoding.step(next));
    }
  }

  @Test
  void aPromptGivesWhatItGivesAlone() {
    SplittableRandom random = new SplittableRandom(6);
    int[][] prompts = TinyModels.rows(random, 3, 9, 1, 6);
    try (Transformer model = TinyModels.random(TinyModels.grouped(), 7);
        Decoding together = model.decoding(4, 12);
        Decoding alone = model.decoding(1, 12)) {
      float[][] logits = together.prefill(prompts);
      float[][] next = together.step(new int[] {1, 2, 3, 4});

      for (int row = 0; row < 4; row++) {
        float[] lone = alone.prefill(new int[][] {prompts[row]})[0];
        assertThat(logits[row]).containsExactly(lone, within(1e-4f));
        assertThat(next[row]).containsExactly(alone.step(new int[] {row + 1})[0], within(1e-4f));
      }
    }
  }

  @Test
  void twoDecodingsOfOneModelDoNotMeet() throws Exception {
    ModelSpec spec = new ModelSpec(601, 64, 2, 6, 2, 16, 200, 64, 10_000, 1e-5, true);
    try (Transformer model = Transformer.initialise(spec, new Seeds(39), Dtype.FLOAT32);
        ExecutorService callers = Executors.newFixedThreadPool(2)) {
      List<Callable<float[][]>> calls =
          Stream.of(40L, 41L).<Callable<float[][]>>map(seed -> () -> decoded(model, seed)).toList();
      List<float[][]> alone = new ArrayList<>();
      for (Callable<float[][]> call : calls) {
        alone.add(callers.submit(call).get());
      }

      List<Future<float[][]>> together = callers.invokeAll(calls);

      assertThat(together.get(0).get()).isDeepEqualTo(alone.get(0));
      assertThat(together.get(1).get()).isDeepEqualTo(alone.get(1));
    } finally {
      Libtorch.useThreads(1);
    }
  }

  private static float[][] decoded(Transformer model, long seed) {
    Libtorch.useThreads(2);
    SplittableRandom random = new SplittableRandom(seed);
    int[][] prompts = new int[20][];
    Arrays.setAll(prompts, row -> random.ints(1 + row, 0, 601).toArray());
    try (Decoding decoding = model.decoding(20, 60)) {
      float[][] logits = decoding.prefill(prompts);
      for (int step = 0; step < 40; step++) {
        logits = decoding.step(random.ints(20, 0, 601).toArray());
      }
      return logits;
    }
  }

  @Test
  void aCacheServesManyGenerations() {
    SplittableRandom random = new SplittableRandom(8);
    try (Transformer model = TinyModels.random(TinyModels.grouped(), 9);
        Decoding decoding = model.decoding(3, 12);
        Decoding fresh = model.decoding(2, 12)) {
      decoding.prefill(TinyModels.rows(random, 9, 8, 7));
      decoding.step(new int[] {1, 2, 3});
      int[][] prompts = TinyModels.rows(random, 2, 4);

      assertThat(decoding.prefill(prompts)).isEqualTo(fresh.prefill(prompts));
      assertThat(decoding.step(new int[] {5, 6})).isEqualTo(fresh.step(new int[] {5, 6}));
    }
  }

  @Test
  void twoHundredStepsLeaveNothingBehind() {
    int[][] prompts = {{1, 2, 3}, {4}};
    try (Transformer model = TinyModels.random(TinyModels.grouped(), 10);
        Decoding decoding = model.decoding(4, 12);
        Scope around = new Scope()) {
      int afterTen = 0;
      for (int round = 1; round <= 200; round++) {
        decoding.prefill(prompts);
        decoding.reorder(new int[] {0, 0, 1, 1});
        decoding.lookahead(new int[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}});
        decoding.advance(new int[] {1, 0, 3, 3}, new int[] {0, 1, 1, 0});
        decoding.step(new int[] {1, 2, 3, 4});
        afterTen = round == 10 ? around.size() : afterTen;
      }

      assertThat(around.size()).isEqualTo(afterTen).isZero();
    }
  }

  @Test
  void whatDoesNotFitTheCacheIsRefused() {
    try (Transformer model = TinyModels.random(TinyModels.grouped(), 11);
        Decoding decoding = model.decoding(2, 4)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decoding.prefill(new int[][] {{1}, {2}, {3}}))
          .withMessage("3 rows, but the cache was made for 1 to 2");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decoding.prefill(new int[][] {{1, 2, 3, 4, 5}}))
          .withMessage("a row of 5 tokens, but the cache was made for 1 to 4");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decoding.prefill(new int[][] {{1}, {}}))
          .withMessage("a row of 0 tokens, but the cache was made for 1 to 4");

      decoding.prefill(new int[][] {{1, 2, 3, 4}, {1}});
      assertThatIllegalArgumentException().isThrownBy(() -> decoding.step(new int[] {1, 2}));
      assertThatIllegalArgumentException().isThrownBy(() -> decoding.step(new int[] {1}));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decoding.reorder(new int[] {0, 1, 1}))
          .withMessage("3 rows, but the cache was made for 1 to 2");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decoding.advance(new int[] {1}, new int[] {0}));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.decoding(1, TinyModels.MAX_LENGTH + 1));
    }
  }

  private static int[][] prompts(SplittableRandom random, int count) {
    return TinyModels.rows(random, random.ints(count, 1, 9).toArray());
  }

  private static double[] last(double[][] logits) {
    return logits[logits.length - 1];
  }

  /** What the rows of a cache should hold. */
  private static final class Rows {
    private List<int[]> rows;

    Rows(int[][] prompts) {
      rows = new ArrayList<>(List.of(prompts));
    }

    int size() {
      return rows.size();
    }

    int[] array(int row) {
      return rows.get(row);
    }

    int[][] arrays() {
      return rows.toArray(int[][]::new);
    }

    void append(int[] tokens) {
      for (int row = 0; row < tokens.length; row++) {
        rows.set(row, with(rows.get(row), tokens[row]));
      }
    }

    void reorder(int[] sources) {
      List<int[]> old = rows;
      rows = new ArrayList<>();
      for (int source : sources) {
        rows.add(old.get(source));
      }
    }

    void assertLogits(Transformer model, float[][] logits) {
      ReferenceTransformer reference = new ReferenceTransformer(model);
      assertThat(logits.length).isEqualTo(rows.size());
      for (int row = 0; row < logits.length; row++) {
        TransformerTest.assertClose(logits[row], last(reference.logits(rows.get(row))));
      }
    }

    static int[] with(int[] tokens, int next) {
      int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
      longer[tokens.length] = next;
      return longer;
    }
  }
}
