package org.onset.train;

import org.onset.Checked;
import org.onset.Problems;
import org.onset.curriculum.TrainingSize;
import org.onset.tensor.Dtype;

/**
 * How a model is trained.
 *
 * @param size the whole plan's, of which a run may be a part
 * @param microBatch sequences that go through the model together; the result doesn't depend on it
 *     beyond rounding, memory does
 * @param stopAfterSkippedSteps so many steps in a row whose loss or gradient isn't finite end a run
 * @param computedIn the dtype of products, for a model that goes on from a checkpoint
 */
public record Recipe(
    TrainingSize size,
    LearningRate learningRate,
    OptimizerSpec optimizer,
    int microBatch,
    int stopAfterSkippedSteps,
    Dtype computedIn)
    implements Checked {

  @Override
  public void check(Problems problems) {
    problems.positive("microBatch", microBatch);
    problems.positive("stopAfterSkippedSteps", stopAfterSkippedSteps);
  }

  /** The learning rate of the step that starts at {@code tokensSeen}. */
  public double learningRateAt(long tokensSeen) {
    return learningRate.at(tokensSeen, size.tokenBudget());
  }
}
