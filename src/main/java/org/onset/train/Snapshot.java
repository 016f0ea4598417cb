package org.onset.train;

import java.nio.file.Path;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

/** A copy of a state's numbers, to be saved while the state moves on. */
final class Snapshot implements AutoCloseable {
  private static final int[] NO_STOP_TOKENS = {}; // nobody generates from a checkpoint

  private final ModelSpec spec;
  private final Tensor parameters; // [parameterCount]
  private final Tensor firstMoments; // [parameterCount]
  private final Tensor secondMoments; // [parameterCount]
  private Progress progress;

  Snapshot(TrainingState state) {
    this.spec = state.model().spec();
    long count = spec.parameterCount();
    try (Scope _ = new Scope()) {
      this.parameters = Tensor.zeros(count).owned();
      this.firstMoments = Tensor.zeros(count).owned();
      this.secondMoments = Tensor.zeros(count).owned();
    }
    this.progress = state.progress();
  }

  /** Copies {@code state}, of the same sizes as the one that this was made for. */
  void take(TrainingState state) {
    parameters.copyFrom(state.model().parameters());
    firstMoments.copyFrom(state.firstMoments());
    secondMoments.copyFrom(state.secondMoments());
    progress = state.progress();
  }

  long step() {
    return progress.step();
  }

  /** As {@link TrainingState#save}. */
  void save(Path folder) {
    Uninterrupted.write(
        folder,
        temporary -> {
          Transformer.save(spec, parameters, temporary, NO_STOP_TOKENS);
          OptimizerFile.write(temporary, firstMoments, secondMoments);
          return progress.write(temporary);
        });
  }

  @Override
  public void close() {
    secondMoments.close();
    firstMoments.close();
    parameters.close();
  }
}
