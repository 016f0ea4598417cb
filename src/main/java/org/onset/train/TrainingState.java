package org.onset.train;

import java.nio.file.Path;
import java.util.List;
import org.onset.model.Transformer;
import org.onset.tensor.Dtype;
import org.onset.tensor.Tensor;

/** A model in training: its parameters, the optimizer's moments, and how far it has come. */
public final class TrainingState implements AutoCloseable {
  private final Transformer model;
  private final Tensor firstMoments; // [parameterCount]
  private final Tensor secondMoments; // [parameterCount]
  private Progress progress = Progress.START;

  private TrainingState(Transformer model) {
    this.model = model;
    long count = model.spec().parameterCount();
    this.firstMoments = Tensor.zeros(count).owned();
    this.secondMoments = Tensor.zeros(count).owned();
  }

  /** {@code model}, which the state now owns, before its first step. */
  public static TrainingState fresh(Transformer model) {
    return new TrainingState(model);
  }

  /** A saved state, to go on in float32; BadInput, naming the file, when it is damaged. */
  public static TrainingState load(Path folder) {
    return load(folder, Dtype.FLOAT32);
  }

  /** A saved state; BadInput, naming the file, when it is damaged. */
  public static TrainingState load(Path folder, Dtype computedIn) {
    Progress progress = Progress.verified(folder);
    TrainingState state = new TrainingState(Transformer.load(folder, computedIn));
    try {
      OptimizerFile.read(folder, state.firstMoments, state.secondMoments);
    } catch (RuntimeException e) {
      state.close();
      throw e;
    }
    state.progress = progress;
    return state;
  }

  /**
   * Checks every file of a saved state, or of a model saved by {@link #saveModel}, against its
   * digest, and returns that of the whole; BadInput names the file that is damaged.
   */
  public static String verify(Path folder) {
    return Progress.verified(folder).digest();
  }

  /** Whether {@link #verify} finds digests: models that others saved have none. */
  public static boolean hasDigests(Path folder) {
    return Progress.isIn(folder);
  }

  /**
   * Saves the state as {@code folder}, which must not exist: there is a whole one, or none, however
   * this ends. Returns the state's digest, which equal states share.
   *
   * @param stopTokens the {@code eos_token_id} of the model's {@code generation_config.json}
   */
  public String save(Path folder, int[] stopTokens) {
    return Uninterrupted.write(
        folder,
        temporary -> {
          model.save(temporary, stopTokens);
          OptimizerFile.write(temporary, firstMoments, secondMoments);
          return progress.write(temporary);
        });
  }

  /** As {@link #save}, but without the moments: no training goes on from it. */
  public String saveModel(Path folder, int[] stopTokens) {
    return Uninterrupted.write(
        folder,
        temporary -> {
          model.save(temporary, stopTokens);
          return progress.write(temporary);
        });
  }

  public Transformer model() {
    return model;
  }

  Tensor firstMoments() {
    return firstMoments;
  }

  Tensor secondMoments() {
    return secondMoments;
  }

  Progress progress() {
    return progress;
  }

  /** Steps taken, those not applied included; so it names the step that comes next. */
  public long step() {
    return progress.step();
  }

  public long tokensSeen() {
    return progress.tokensSeen();
  }

  /** Steps that were applied. */
  public long updates() {
    return progress.updates();
  }

  /** Steps that were not applied, since their loss or gradient was not finite. */
  public List<Long> skippedSteps() {
    return progress.skippedSteps();
  }

  /** Steps whose loss jumped above those before. */
  public List<Long> spikes() {
    return progress.spikes();
  }

  void stepTaken(long tokens, double loss, boolean applied) {
    progress = progress.after(tokens, loss, applied);
  }

  /** Frees the model too. */
  @Override
  public void close() {
    secondMoments.close();
    firstMoments.close();
    model.close();
  }
}
