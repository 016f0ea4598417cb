package org.onset.train;

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
   */
  public static TrainingState run(
      Supplier<TrainingState> start,
      Batches batches,
      Recipe recipe,
      long fromStep,
      long toStep,
      Checkpoints checkpoints,
      StepListener listener) {
    TrainingState state = Uninterrupted.call(() -> checkpoints.newest(listener)).orElseGet(start);
    try {
      if (state.step() < fromStep || state.step() > toStep) {
        throw new IllegalArgumentException(
            "the start, or a checkpoint in %s, is at step %d, but the run is of steps %d to %d"
                .formatted(checkpoints.folder(), state.step(), fromStep, toStep));
      }
      new TrainingRun(state, batches, recipe, checkpoints, listener).trainTo(toStep);
      return state;
    } catch (RuntimeException | Error e) {
      state.close();
      throw e;
    }
  }

  private void trainTo(long toStep) {
    long savedStep = state.step(); // as a checkpoint, or as what the run starts from
    while (state.step() < toStep) {
      if (Thread.interrupted()) {
        if (state.step() > savedStep) {
          checkpoints.save(state);
        }
        throw new TrainingInterrupted(state.step());
      }
      listener.onStep(takeStep());
      if (state.step() % checkpoints.everySteps() == 0 && state.step() < toStep) {
        checkpoints.save(state);
        savedStep = state.step();
      }
    }
  }

  private StepReport takeStep() {
    long startedNanos = System.nanoTime();
    long step = state.step();
    double learningRate = recipe.learningRateAt(state.tokensSeen());
    Batch batch = batches.batch(step);

    double loss = accumulateGradients(step, batch);
    double norm = optimizer.gradientNorm(state.model());
    boolean applied = Double.isFinite(loss) && Double.isFinite(norm);
    if (applied) {
      optimizer.update(state, norm, learningRate);
    }
    state.stepTaken(recipe.size().tokensPerStep(), applied);

    double elapsedSeconds = (System.nanoTime() - startedNanos) / 1e9;
    return new StepReport(
        step,
        state.tokensSeen(),
        loss,
        learningRate,
        norm,
        applied,
        batch.positions() / elapsedSeconds);
  }

  /**
   * Leaves the gradient of the mean loss over the batch's targets in the model; returns that loss.
   */
  private double accumulateGradients(long step, Batch batch) {
    int targets = batch.trainedTokens();
    if (targets == 0) {
      throw new IllegalArgumentException("step %d has no token to train on".formatted(step));
    }
    Transformer model = state.model();
    model.gradients().fill(0);
    double sum = 0;
    for (Batch part : batch.split(recipe.microBatch())) {
      sum += model.accumulateGradients(part.tokens(), part.trained(), targets);
    }
    return sum / targets;
  }
}
