package org.onset.bench;

import java.util.List;
import java.util.stream.Collectors;
import org.onset.BadInput;
import org.onset.model.ModelSpec;
import org.onset.tensor.Dtype;

/**
 * A model and a batch to measure training on.
 *
 * @param contextLength tokens of a sequence, and of the model's context
 * @param sequences of a step
 * @param arms that our side trains side by side, on as many threads together as the other side has
 * @param stepsPerTurn that each arm takes before the other side has its turn: several where one is
 *     too short to be timed
 * @param microBatch sequences that go through the model together on our side
 * @param dtype that our side computes in unless told otherwise
 */
public record TrainingShape(
    String name,
    ModelSpec model,
    int contextLength,
    int sequences,
    int arms,
    int stepsPerTurn,
    int microBatch,
    Dtype dtype) {

  /** The quick start's model and batch. */
  private static final TrainingShape WORLD =
      new TrainingShape(
          "world", llama(420, 96, 2, 4, 4, 256, 64, 10_000), 64, 16, 2, 16, 16, Dtype.BFLOAT16);

  private static final TrainingShape MEDIUM =
      new TrainingShape(
          "medium", llama(8192, 256, 6, 4, 4, 688, 256, 10_000), 256, 16, 1, 1, 8, Dtype.BFLOAT16);

  private static final TrainingShape SMOLLM2_135M =
      new TrainingShape(
          "smollm2-135m",
          llama(49_152, 576, 30, 9, 3, 1536, 512, 100_000),
          512,
          4,
          1,
          1,
          1,
          Dtype.BFLOAT16);

  /** For tests: over in a moment. */
  private static final TrainingShape TINY =
      new TrainingShape(
          "tiny", llama(32, 16, 2, 4, 2, 24, 8, 10_000), 8, 2, 2, 2, 2, Dtype.FLOAT32);

  private static final List<TrainingShape> OFFERED = List.of(WORLD, MEDIUM, SMOLLM2_135M);

  private static ModelSpec llama(
      int vocabSize,
      int modelDim,
      int layerCount,
      int headCount,
      int kvHeadCount,
      int feedForwardDim,
      int contextLength,
      double ropeTheta) {
    return new ModelSpec(
        vocabSize,
        modelDim,
        layerCount,
        headCount,
        kvHeadCount,
        modelDim / headCount,
        feedForwardDim,
        contextLength,
        ropeTheta,
        1e-5,
        true);
  }

  /** The shape of that name; BadInput lists those there are. */
  public static TrainingShape named(String name) {
    if (name.equals(TINY.name)) {
      return TINY;
    }
    return OFFERED.stream()
        .filter(shape -> shape.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInput(
                    "--shape: '%s' is none of %s"
                        .formatted(
                            name,
                            OFFERED.stream()
                                .map(TrainingShape::name)
                                .collect(Collectors.joining(", ")))));
  }

  /** Tokens that one arm trains on in a step. */
  long tokensPerStep() {
    return (long) sequences * contextLength;
  }
}
