package org.onset.study;

import org.onset.curriculum.TrainingSize;
import org.onset.model.ModelSpec;
import org.onset.tensor.Dtype;

/**
 * How much memory a process needs that trains models side by side, each in micro-batches of its
 * own: what {@code model/Parameters} and {@code model/Pass} make, and the copy that a checkpoint is
 * written from. All in bytes.
 *
 * @param computedIn the dtype that products take and give
 * @param rows sequences that go through the model together
 * @param time tokens of a sequence
 */
record TrainingMemory(ModelSpec model, Dtype computedIn, int rows, int time) {
  /** The JVM, libtorch and what it keeps for its products, whatever the model: measured. */
  static final long PROCESS_BYTES = 380L << 20;

  private static final int FLOAT = Float.BYTES;

  /** Logits are made for so many targets at once, or for as many as make so many logits. */
  private static final int FEWEST_TARGETS_AT_ONCE = 512;

  private static final int LOGITS_AT_ONCE = 1 << 23;

  private static final long PASS_BYTES_AT_ONCE = 640L << 20;

  private static final int POSITIONS_AT_ONCE = 2_048;

  /**
   * How many sequences go through a model together in training: few enough that what the layers
   * keep of them stays small beside the parameters of a model that needs much.
   */
  static int sequencesAtOnce(ModelSpec model, Dtype computedIn, TrainingSize size) {
    int time = size.contextLength();
    long ofOne = new TrainingMemory(model, computedIn, 1, time).passBytes();
    long fitting = Math.min(PASS_BYTES_AT_ONCE / ofOne, POSITIONS_AT_ONCE / time);
    return Math.clamp(fitting, 1, size.sequencesPerStep());
  }

  /** The peak of a process that trains so many models of these sizes at once. */
  long peakBytes(int workers) {
    return PROCESS_BYTES + workers * (parameterBytes() + passBytes() + lossBytes());
  }

  /**
   * Parameters, gradients, two moments, and a checkpoint's copy, and the largest matrix once more
   * as an array when it is made; in half precision a copy for products, and room for the gradient
   * of the largest matrix.
   */
  private long parameterBytes() {
    long inFloats = FLOAT * (7 * model.parameterCount() + largestMatrix());
    long narrow = computedIn.bytes() * (model.parameterCount() + largestMatrix());
    return inFloats + (computedIn == Dtype.FLOAT32 ? 0 : narrow);
  }

  private long largestMatrix() {
    return Math.max(model.vocabSize(), 2L * model.feedForwardDim()) * model.modelDim();
  }

  /** What forward and backward pass make for every position. */
  private long passBytes() {
    long dim = model.modelDim();
    long queries = (long) model.headCount() * model.headDim();
    long keysAndValues = 2L * model.kvHeadCount() * model.headDim();
    long scores = (long) model.headCount() * time;
    long feedForward = model.feedForwardDim();
    long perLayer =
        FLOAT * (2 * dim + 2)
            + computedIn.bytes() * (2 * queries + keysAndValues + 2 * feedForward + scores);
    long common =
        FLOAT * dim + computedIn.bytes() * (2 * dim + 2 * queries + keysAndValues + feedForward);
    long gradients =
        FLOAT * dim
            + computedIn.bytes()
                * (2 * dim + 4 * queries + 2 * keysAndValues + 3 * feedForward + scores);
    return positions() * (model.layerCount() * perLayer + common + gradients);
  }

  /** The last norm and its gradient at every target, and the logits that are made at once. */
  private long lossBytes() {
    long atTargets = positions() * model.modelDim() * 2 * (FLOAT + computedIn.bytes());
    long atOnce = Math.max(FEWEST_TARGETS_AT_ONCE, LOGITS_AT_ONCE / model.vocabSize());
    long logits = Math.min(positions(), atOnce) * model.vocabSize() * computedIn.bytes();
    return atTargets + logits;
  }

  private long positions() {
    return (long) rows * time;
  }
}
