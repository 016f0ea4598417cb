package org.onset.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.onset.model.ModelSpec;
import org.onset.model.Safetensors;
import org.onset.model.TensorSource;
import org.onset.tensor.plain.PlainTraining;

/**
 * The process that takes the plain eager steps. It touches no class that gives the native library
 * our settings. Arguments: shape, threads, folder of inputs.
 */
final class PlainSteps {
  private PlainSteps() {}

  public static void main(String[] arguments) throws IOException {
    TrainingShape shape = TrainingShape.named(arguments[0]);
    int threads = Integer.parseInt(arguments[1]);
    TrainingInputs inputs = new TrainingInputs(Path.of(arguments[2]));
    int[][] tokens = inputs.tokens();
    try (PlainTraining training = training(shape, threads, inputs)) {
      Turns.serve(() -> turn(training, tokens, shape.stepsPerTurn()));
    }
    System.exit(0); // OpenMP's threads may be spinning still
  }

  private static PlainTraining training(TrainingShape shape, int threads, TrainingInputs inputs) {
    ModelSpec model = shape.model();
    PlainTraining.Sizes sizes =
        new PlainTraining.Sizes(
            model.vocabSize(),
            model.modelDim(),
            model.layerCount(),
            model.headCount(),
            model.kvHeadCount(),
            model.headDim(),
            model.feedForwardDim(),
            shape.contextLength(),
            model.ropeTheta(),
            model.normEpsilon());
    PlainTraining.Optimizer optimizer =
        new PlainTraining.Optimizer(
            Hyperparameters.LEARNING_RATE,
            Hyperparameters.BETA1,
            Hyperparameters.BETA2,
            Hyperparameters.EPSILON,
            Hyperparameters.WEIGHT_DECAY,
            Hyperparameters.CLIP_NORM);
    try (Safetensors weights = Safetensors.open(inputs.folder().resolve("model.safetensors"))) {
      return new PlainTraining(
          sizes,
          optimizer,
          (name, dimensions) -> values(weights.tensor(name), name, dimensions),
          threads);
    }
  }

  private static float[] values(TensorSource tensor, String name, long[] shape) {
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalArgumentException(
          "%s has the shape %s, not %s"
              .formatted(name, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
    }
    float[] values = new float[Math.toIntExact(tensor.count())];
    tensor.read(0, values, values.length);
    return values;
  }

  private static Turns.Turn turn(PlainTraining training, int[][] tokens, int steps) {
    long startedNanos = System.nanoTime();
    double first = training.step(tokens);
    double last = first;
    for (int step = 1; step < steps; step++) {
      last = training.step(tokens);
    }
    return new Turns.Turn((System.nanoTime() - startedNanos) / 1e9, first, last);
  }
}
