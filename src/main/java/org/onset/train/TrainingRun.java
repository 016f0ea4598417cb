package org.onset.train;

import java.util.Locale;
import java.util.function.Supplier;
import org.onset.model.Transformer;

/** The training loop, in the order things happen. */
public final class TrainingRun {
  private final TrainingState state;
  private final Batches batches;
  private final Recipe recipe;
  private final Checkpoints checkpoints;
  private final StepListener listener;
  private final AdamW optimizer;

  private TrainingRun(
      TrainingState state,
      Batches batches,
      Recipe recipe,
      Checkpoints checkpoints,
      StepListener listener) {
    this.state = state;
    this.batches = batches;
    this.recipe = recipe;
    this.checkpoints = checkpoints;
    this.listener = listener;
    this.optimizer = new AdamW(recipe.optimizer(), state.model());
  }

  /**
   * Takes the steps from {@code fromStep} to before {@code toStep}. Goes on from the newest good
   * checkpoint where there is one, else from {@code start}, which is then asked for a state at
   * {@code fromStep}. Returns the state at {@code toStep}, which the caller owns; saving it is the
   * caller's.
   *
   * @throws TrainingInterrupted when the thread is interrupted, after saving a checkpoint
   * @throws TrainingDiverged when too many steps in a row are not finite
   */
  public static TrainingState run(
      Supplier<TrainingState> start,
      Batches batches,
      Recipe recipe,
      long fromStep,
      long toStep,
      Checkpoints checkpoints,
      StepListener listener) {
    TrainingState state =
        Uninterrupted.call(() -> checkpoints.newest(recipe.computedIn(), listener))
            .orElseGet(start);
    try {
      if (state.step() < fromStep || state.step() > toStep) {
        throw new IllegalArgumentException(
            "the start, or a checkpoint in %s, is at step %d, but the run is of steps %d to %d"
                .formatted(checkpoints.folder(), state.step(), fromStep, toStep));
      }
      try (PreparedBatches prepared = new PreparedBatches(batches, toStep);
          CheckpointWriter writer = new CheckpointWriter(checkpoints)) {
        new TrainingRun(state, prepared, recipe, checkpoints, listener).trainTo(toStep, writer);
      }
      return state;
    } catch (RuntimeException | Error e) {
      state.close();
      throw e;
    }
  }

  private void trainTo(long toStep, CheckpointWriter writer) {
    long savedStep = state.step(); // as a checkpoint, or as what the run starts from
    while (state.step() < toStep) {
      if (Thread.interrupted()) {
        if (state.step() > savedStep && lastStepWasApplied()) {
          writer.begin(state);
          savedStep = state.step();
        }
        writer.finish();
        throw new TrainingInterrupted(savedStep);
      }
      listener.onStep(takeStep());
      stopIfDiverged(writer);
      boolean due = state.step() % checkpoints.everySteps() == 0 && state.step() < toStep;
      if (due && lastStepWasApplied()) {
        writer.begin(state);
        savedStep = state.step();
      }
    }
    writer.finish();
  }

  /** Only after such a step is a checkpoint taken: steps that come to nothing push out no other. */
  private boolean lastStepWasApplied() {
    return state.progress().skippedInARow() == 0;
  }

  private void stopIfDiverged(CheckpointWriter writer) {
    int skipped = state.progress().skippedInARow();
    if (skipped >= recipe.stopAfterSkippedSteps()) {
      writer.finish();
      throw new TrainingDiverged(
          String.format(
              Locale.ROOT,
              "stopped after %d steps in a row whose loss or gradient is not finite: steps %d to"
                  + " %d, at %,d tokens seen and a learning rate of %.3g; they changed nothing. %s",
              skipped,
              state.step() - skipped,
              state.step() - 1,
              state.tokensSeen(),
              recipe.learningRateAt(state.tokensSeen() - recipe.size().tokensPerStep()),
              checkpoints
                  .newestFolder()
                  .map(folder -> "The last good checkpoint is " + folder)
                  .orElse("There is no checkpoint before them")));
    }
  }

  private StepReport takeStep() {
    long startedNanos = System.nanoTime();
    long step = state.step();
    double learningRate = recipe.learningRateAt(state.tokensSeen());
    Batch batch = batches.batch(step);

    if (batch.trainedTokens() == 0) {
      throw new IllegalArgumentException("step %d has no token to train on".formatted(step));
    }
    double loss = accumulateGradients(state.model(), batch, recipe.microBatch());
    double norm = optimizer.gradientNorm(state.model());
    boolean applied = Double.isFinite(loss) && Double.isFinite(norm);
    if (applied) {
      optimizer.update(state, norm, learningRate);
    }
    int spikesBefore = state.spikes().size();
    state.stepTaken(recipe.size().tokensPerStep(), loss, applied);

    double elapsedSeconds = (System.nanoTime() - startedNanos) / 1e9;
    return new StepReport(
        step,
        state.tokensSeen(),
        loss,
        learningRate,
        norm,
        applied,
        state.spikes().size() > spikesBefore,
        batch.positions() / elapsedSeconds);
  }

  /**
   * Leaves the gradient of the mean loss over all the batch's targets in the model, however it is
   * cut into pieces of {@code microBatch} rows; returns that loss.
   */
  static double accumulateGradients(Transformer model, Batch batch, int microBatch) {
    int targets = batch.trainedTokens();
    model.gradients().fill(0);
    double sum = 0;
    for (Batch part : batch.split(microBatch)) {
      sum += model.accumulateGradients(part.tokens(), part.trained(), targets);
    }
    return sum / targets;
  }
}
