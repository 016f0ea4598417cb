package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Seeds;
import org.onset.model.ParameterRange;
import org.onset.model.Transformer;
import org.onset.tensor.Scope;
import org.onset.train.Toy.Log;

class TrainingRunTest {
  private static final int[] NO_STOP = {};

  @TempDir Path folder;

  @Test
  void theLossFallsOnAStreamThatCanBeLearned() {
    Log log = new Log();

    try (TrainingState state = Toy.train(0, 150, 150, checkpoints("work", 1_000), log)) {
      assertThat(state.step()).isEqualTo(150);
      assertThat(state.tokensSeen()).isEqualTo(150 * Toy.CONTEXT * Toy.SEQUENCES);
      assertThat(state.updates()).isEqualTo(150);
      assertThat(state.skippedSteps()).isEmpty();
    }
    assertThat(log.meanLoss(0, 5)).isGreaterThan(2);
    assertThat(log.meanLoss(140, 150)).isLessThan(0.4);
  }

  @Test
  void everyStepIsReported() {
    Log log = new Log();

    Toy.train(0, 20, 20, checkpoints("work", 1_000), log).close();

    assertThat(log.reports).extracting(StepReport::step).isEqualTo(steps(0, 20));
    assertThat(log.reports.getLast().tokensSeen()).isEqualTo(20 * Toy.CONTEXT * Toy.SEQUENCES);
    assertThat(log.reports.get(0).learningRate()).isZero();
    assertThat(log.reports.get(2).learningRate()).isCloseTo(2e-2, within(1e-15));
    assertThat(log.reports)
        .allSatisfy(
            report -> {
              assertThat(report.applied()).isTrue();
              assertThat(report.gradientNorm()).isPositive();
              assertThat(report.tokensPerSecond()).isPositive();
            });
  }

  @Test
  void theLossIsTheMeanOverTheBatchsTargets() {
    Log log = new Log();
    Toy.train(0, 1, 1, checkpoints("work", 1_000), log).close();
    Batch batch = Toy.batch(0);

    double sum = 0;
    try (TrainingState start = Toy.start()) {
      double[][] logProbabilities = start.model().logProbabilities(batch.tokens());
      for (int row = 0; row < Toy.SEQUENCES; row++) {
        for (int t = 1; t <= Toy.CONTEXT; t++) {
          sum -= batch.trained()[row][t] ? logProbabilities[row][t - 1] : 0;
        }
      }
    }
    assertThat(log.reports.getFirst().loss()).isCloseTo(sum / batch.trainedTokens(), within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theSizeOfMicroBatchesChangesNothingButRounding(int microBatch) {
    Log whole = new Log();
    Log pieces = new Log();

    Toy.train(0, 5, 50, checkpoints("whole", 1_000), whole).close();
    TrainingRun.run(
            Toy::start,
            Toy::batch,
            Toy.recipe(50, microBatch),
            0,
            5,
            checkpoints("pieces", 1_000),
            pieces)
        .close();

    for (int i = 0; i < 5; i++) {
      StepReport expected = whole.reports.get(i);
      StepReport found = pieces.reports.get(i);
      assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-5));
      assertThat(found.gradientNorm())
          .isCloseTo(expected.gradientNorm(), within(1e-4 * expected.gradientNorm()));
    }
  }

  @Test
  void aRunResumedFromAnyCheckpointEqualsOneThatNeverStopped() {
    String uninterrupted = digestAfter(30, checkpoints("whole", 1_000));

    for (int stop = 1; stop < 30; stop += 7) {
      Checkpoints checkpoints = checkpoints("stopped-at-" + stop, 3);
      int last = stop;
      assertThatThrownBy(() -> trainInterruptedAfter(last, checkpoints))
          .isInstanceOf(TrainingInterrupted.class);
      assertThat(digestAfter(30, checkpoints))
          .describedAs("stopped at %d", stop)
          .isEqualTo(uninterrupted);
    }
  }

  @Test
  void aCrashLosesOnlyTheStepsSinceTheLastCheckpoint() {
    Checkpoints checkpoints = checkpoints("work", 5);
    Log afterwards = new Log();
    String uninterrupted = digestAfter(30, checkpoints("whole", 1_000));

    assertThatThrownBy(
            () ->
                Toy.train(
                    0,
                    30,
                    30,
                    checkpoints,
                    new Log() {
                      @Override
                      public void onStep(StepReport report) {
                        if (report.step() == 18) {
                          throw new IllegalStateException("crash");
                        }
                      }
                    }))
        .hasMessage("crash");
    try (TrainingState state = Toy.train(0, 30, 30, checkpoints, afterwards)) {
      assertThat(state.save(folder.resolve("end"), NO_STOP)).isEqualTo(uninterrupted);
    }
    assertThat(afterwards.reports).extracting(StepReport::step).isEqualTo(steps(15, 30));
  }

  @Test
  void anInterruptSavesACheckpointAndSaysWhereItGoesOn() {
    Checkpoints checkpoints = checkpoints("work", 10);

    TrainingInterrupted interrupted =
        catchThrowableOfType(
            TrainingInterrupted.class, () -> trainInterruptedAfter(13, checkpoints));

    assertThat(interrupted.step()).isEqualTo(13);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(savedSteps(checkpoints)).containsExactly("step-000000000010", "step-000000000013");
  }

  @Test
  void anInterruptBeforeTheFirstStepLosesNothing() {
    Checkpoints checkpoints = checkpoints("work", 10);
    Toy.Log log = new Log();
    assertThatThrownBy(() -> trainInterruptedAfter(13, checkpoints))
        .isInstanceOf(TrainingInterrupted.class);

    Thread.currentThread().interrupt();
    TrainingInterrupted interrupted =
        catchThrowableOfType(
            TrainingInterrupted.class, () -> Toy.train(0, 30, 30, checkpoints, log));

    assertThat(interrupted.step()).isEqualTo(13);
    assertThat(log.reports).isEmpty();
    assertThat(log.warnings).isEmpty();
    assertThat(savedSteps(checkpoints)).containsExactly("step-000000000010", "step-000000000013");
  }

  @Test
  void theLastTwoCheckpointsAreKept() {
    Checkpoints checkpoints = checkpoints("work", 4);

    Toy.train(0, 20, 20, checkpoints, new Log()).close();

    assertThat(savedSteps(checkpoints)).containsExactly("step-000000000012", "step-000000000016");
  }

  @Test
  void aDamagedCheckpointIsNamedAndTheOneBeforeItUsed() throws IOException {
    Checkpoints checkpoints = checkpoints("work", 4);
    Log log = new Log();
    String uninterrupted = digestAfter(20, checkpoints);
    Path damaged = checkpoints.folder().resolve("step-000000000016/model.safetensors");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length - 3] ^= 1;
    Files.write(damaged, bytes);

    try (TrainingState state = Toy.train(0, 20, 20, checkpoints, log)) {
      assertThat(state.save(folder.resolve("end"), NO_STOP)).isEqualTo(uninterrupted);
    }
    assertThat(log.reports).extracting(StepReport::step).isEqualTo(steps(12, 20));
    assertThat(log.warnings)
        .singleElement()
        .asString()
        .startsWith(damaged + ": damaged")
        .endsWith("trying the checkpoint before it");
    assertThat(savedSteps(checkpoints)).containsExactly("step-000000000012", "step-000000000016");
    assertThat(TrainingState.verify(damaged.resolveSibling(""))).isNotEmpty();
  }

  @Test
  void withoutAGoodCheckpointTheRunStartsAnew() throws IOException {
    Checkpoints checkpoints = checkpoints("work", 4);
    Log log = new Log();
    String uninterrupted = digestAfter(20, checkpoints);
    Files.delete(checkpoints.folder().resolve("step-000000000016/config.json"));
    Files.writeString(
        checkpoints.folder().resolve("step-000000000012/onset/progress.json"), "{\"format\": 1");

    try (TrainingState state = Toy.train(0, 20, 20, checkpoints, log)) {
      assertThat(state.save(folder.resolve("end"), NO_STOP)).isEqualTo(uninterrupted);
    }
    assertThat(log.reports).hasSize(20);
    assertThat(log.warnings).hasSize(2);
  }

  @Test
  void whatAKilledProcessLeftHalfWrittenIsRemoved() throws IOException {
    Checkpoints checkpoints = checkpoints("work", 4);
    Path left = checkpoints.folder().resolve(".step-000000000008.tmp-1234");
    Files.createDirectories(left.resolve("onset"));
    Files.writeString(left.resolve("onset/progress.json"), "{");

    Toy.train(0, 3, 20, checkpoints, new Log()).close();

    assertThat(left).doesNotExist();
  }

  @Test
  void segmentsOfAPlanEqualTheWholeOfIt() {
    String whole = digestAfter(30, checkpoints("whole", 1_000));
    Path trunk = folder.resolve("trunk");

    try (TrainingState state = Toy.train(0, 12, 30, checkpoints("first", 5), new Log())) {
      state.save(trunk, NO_STOP);
    }
    try (TrainingState state =
        TrainingRun.run(
            () -> TrainingState.load(trunk),
            Toy::batch,
            Toy.recipe(30, Toy.SEQUENCES),
            12,
            30,
            checkpoints("second", 5),
            new Log())) {
      assertThat(state.save(folder.resolve("end"), NO_STOP)).isEqualTo(whole);
    }
  }

  @Test
  void aStartAtAnotherStepIsRefused() {
    assertThatThrownBy(() -> Toy.train(5, 10, 10, checkpoints("work", 5), new Log()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at step 0")
        .hasMessageContaining("steps 5 to 10");
  }

  @Test
  void stepsWhoseLossIsNotANumberAreRecordedAndChangeNothing() {
    Log log = new Log();
    try (TrainingState state =
        TrainingRun.run(
            TrainingRunTest::poisonedStart,
            TrainingRunTest::poisonedAtThreeAndFour,
            Toy.recipe(8, Toy.SEQUENCES),
            0,
            8,
            checkpoints("work", 2),
            log)) {
      assertThat(state.skippedSteps()).containsExactly(3L, 4L);
      assertThat(state.step()).isEqualTo(8);
      assertThat(state.updates()).isEqualTo(6);
      state.save(folder.resolve("end"), NO_STOP);
    }

    assertThat(log.reports)
        .extracting(StepReport::applied)
        .containsExactly(true, true, true, false, false, true, true, true);
    assertThat(log.reports.get(3).loss()).isNaN();
    assertThat(log.reports.get(5).loss()).isFinite();
    try (TrainingState loaded = TrainingState.load(folder.resolve("end"))) {
      assertThat(loaded.skippedSteps()).containsExactly(3L, 4L);
      assertThat(loaded.updates()).isEqualTo(6);
    }
  }

  @Test
  void tooManyStepsInARowThatAreNoNumberEndTheRunAndLeaveTheLastGoodCheckpoint() {
    Checkpoints checkpoints = checkpoints("work", 1);
    Recipe recipe = Toy.recipe(40, Toy.SEQUENCES);
    Log log = new Log();

    for (int attempt = 0; attempt < 2; attempt++) { // the same again when it is started again
      assertThatThrownBy(
              () ->
                  TrainingRun.run(
                      TrainingRunTest::poisonedStart,
                      step -> step < 5 ? Toy.batch(step) : poisoned(step),
                      recipe,
                      0,
                      40,
                      checkpoints,
                      log))
          .isInstanceOf(TrainingDiverged.class)
          .hasMessage(
              "stopped after 10 steps in a row whose loss or gradient is not finite: steps 5 to"
                  + " 14, at 720 tokens seen and a learning rate of 0.0200; they changed nothing."
                  + " The last good checkpoint is "
                  + checkpoints.folder().resolve("step-000000000005"));
      assertThat(savedSteps(checkpoints)).containsExactly("step-000000000004", "step-000000000005");
    }
    try (TrainingState good = TrainingState.load(checkpoints.newestFolder().orElseThrow())) {
      assertThat(good.step()).isEqualTo(5);
      assertThat(good.skippedSteps()).isEmpty();
    }
  }

  @Test
  void oneStepFewerThatIsNoNumberDoesNotEndTheRun() {
    Recipe recipe = Toy.recipe(40, Toy.SEQUENCES);
    try (TrainingState state =
        TrainingRun.run(
            TrainingRunTest::poisonedStart,
            step -> step % 10 == 0 ? Toy.batch(step) : poisoned(step),
            recipe,
            0,
            40,
            checkpoints("work", 3),
            new Log())) {
      assertThat(state.updates()).isEqualTo(4);
      assertThat(state.skippedSteps()).hasSize(36);
    }
  }

  @Test
  void stepsWhoseLossJumpsAreRecorded() {
    Log log = new Log();
    try (TrainingState state =
        TrainingRun.run(
            Toy::start,
            step -> step == 120 ? countingDown() : Toy.batch(step),
            Toy.recipe(130, Toy.SEQUENCES),
            0,
            130,
            checkpoints("work", 7),
            log)) {
      assertThat(state.spikes()).contains(120L);
      assertThat(log.reports)
          .filteredOn(StepReport::spike)
          .extracting(StepReport::step)
          .isEqualTo(state.spikes());
    }
  }

  private static Batch countingDown() {
    int[][] tokens = new int[Toy.SEQUENCES][Toy.CONTEXT + 1];
    boolean[][] trained = new boolean[Toy.SEQUENCES][Toy.CONTEXT + 1];
    for (int row = 0; row < Toy.SEQUENCES; row++) {
      Arrays.setAll(tokens[row], t -> 10 - t % 11);
      Arrays.fill(trained[row], 1, Toy.CONTEXT + 1, true);
    }
    return new Batch(tokens, trained);
  }

  @Test
  void aSkippedStepLeavesParametersAndMomentsAsTheyWere() {
    Recipe recipe = Toy.recipe(8, Toy.SEQUENCES);
    try (TrainingState three = poisonedRun(recipe, 3);
        TrainingState five = poisonedRun(recipe, 5)) {
      assertThat(five.model().parameters().toFloats())
          .isEqualTo(three.model().parameters().toFloats());
      assertThat(five.firstMoments().toFloats()).isEqualTo(three.firstMoments().toFloats());
      assertThat(five.secondMoments().toFloats()).isEqualTo(three.secondMoments().toFloats());
      assertThat(five.tokensSeen()).isEqualTo(5 * Toy.CONTEXT * Toy.SEQUENCES);
    }
  }

  @Test
  void aBatchWithoutATargetIsRefused() {
    Batch nothing = new Batch(new int[][] {{1, 2, 3}}, new boolean[1][3]);

    assertThatThrownBy(
            () ->
                TrainingRun.run(
                    Toy::start,
                    _ -> nothing,
                    Toy.recipe(2, 1),
                    0,
                    2,
                    checkpoints("work", 2),
                    new Log()))
        .hasMessage("step 0 has no token to train on");
  }

  @Test
  void trainingLeavesNoTensorsBehind() {
    int[] held = new int[2];
    try (Scope scope = new Scope();
        TrainingState state =
            Toy.train(
                0,
                200,
                200,
                checkpoints("work", 20),
                new Log() {
                  @Override
                  public void onStep(StepReport report) {
                    if (report.step() == 10 || report.step() == 199) {
                      held[report.step() == 10 ? 0 : 1] = scope.size();
                    }
                  }
                })) {
      assertThat(state.step()).isEqualTo(200);
    }
    assertThat(held[0]).isPositive().isEqualTo(held[1]);
  }

  private TrainingState poisonedRun(Recipe recipe, long steps) {
    return TrainingRun.run(
        TrainingRunTest::poisonedStart,
        TrainingRunTest::poisonedAtThreeAndFour,
        recipe,
        0,
        steps,
        checkpoints("poisoned-" + steps, 1_000),
        new Log());
  }

  /** Token 11, which the toy stream never uses, has no finite embedding. */
  private static TrainingState poisonedStart() {
    Transformer model = Transformer.initialise(Toy.spec(false), new Seeds(3));
    ParameterRange embedding = model.parameterRanges().getFirst();
    float[] parameters = model.parameters().toFloats();
    int width = Math.toIntExact(embedding.columns());
    Arrays.fill(parameters, 11 * width, 12 * width, Float.NaN);
    model.parameters().copyFrom(parameters);
    return TrainingState.fresh(model);
  }

  private static Batch poisonedAtThreeAndFour(long step) {
    return step == 3 || step == 4 ? poisoned(step) : Toy.batch(step);
  }

  private static Batch poisoned(long step) {
    Batch batch = Toy.batch(step);
    batch.tokens()[2][1] = 11;
    return batch;
  }

  private void trainInterruptedAfter(int steps, Checkpoints checkpoints) {
    Toy.train(
            0,
            30,
            30,
            checkpoints,
            new Log() {
              @Override
              public void onStep(StepReport report) {
                if (report.step() == steps - 1) {
                  Thread.currentThread().interrupt();
                }
              }
            })
        .close();
  }

  private String digestAfter(long steps, Checkpoints checkpoints) {
    try (TrainingState state = Toy.train(0, steps, steps, checkpoints, new Log())) {
      return state.save(
          checkpoints.folder().resolveSibling(checkpoints.folder().getFileName() + "-end"),
          NO_STOP);
    }
  }

  private Checkpoints checkpoints(String name, long everySteps) {
    return new Checkpoints(folder.resolve(name), everySteps, 2);
  }

  private static List<String> savedSteps(Checkpoints checkpoints) {
    try (Stream<Path> entries = Files.list(checkpoints.folder())) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Long> steps(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }
}
