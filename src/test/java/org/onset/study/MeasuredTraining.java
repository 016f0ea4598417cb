package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.onset.Seeds;
import org.onset.curriculum.TrainingSize;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.tensor.Dtype;
import org.onset.tensor.Libtorch;
import org.onset.train.Batch;
import org.onset.train.Checkpoints;
import org.onset.train.LearningRate;
import org.onset.train.OptimizerSpec;
import org.onset.train.Recipe;
import org.onset.train.StepListener;
import org.onset.train.StepReport;
import org.onset.train.TrainingRun;
import org.onset.train.TrainingState;

/** Trains a model of one of three sizes for a few steps, with a checkpoint on the way. */
final class MeasuredTraining {
  private static final int STEPS = 4;

  /** A model, and how much it is trained on at once. */
  enum Size {
    WORLD(llama(420, 96, 2, 4, 256, 64), 16),
    MEDIUM(llama(8_192, 256, 6, 4, 688, 256), 16),
    LARGE(llama(16_384, 512, 8, 8, 1_376, 256), 4);

    final ModelSpec model;
    final int rows;

    Size(ModelSpec model, int rows) {
      this.model = model;
      this.rows = rows;
    }

    private static ModelSpec llama(
        int vocabSize, int modelDim, int layers, int heads, int feedForwardDim, int time) {
      return new ModelSpec(
          vocabSize,
          modelDim,
          layers,
          heads,
          heads,
          modelDim / heads,
          feedForwardDim,
          time,
          10_000,
          1e-5,
          true);
    }

    TrainingMemory estimate(Dtype computedIn) {
      return new TrainingMemory(model, computedIn, rows, model.maxContextLength());
    }
  }

  private static final StepListener SILENT =
      new StepListener() {
        @Override
        public void onStep(StepReport report) {}

        @Override
        public void onWarning(String message) {}
      };

  private MeasuredTraining() {}

  /** Prints the process's peak resident memory in bytes. */
  public static void main(String[] arguments) throws IOException {
    Size size = Size.valueOf(arguments[0]);
    Dtype computedIn = Dtype.valueOf(arguments[1]);
    Libtorch.useThreads(1);
    int time = size.model.maxContextLength();
    Recipe recipe =
        new Recipe(
            new TrainingSize((long) STEPS * time * size.rows, time, size.rows),
            new LearningRate.Constant(1e-3, 0),
            new OptimizerSpec(0.9, 0.95, 1e-8, 0.1, 1, false),
            size.rows,
            1,
            computedIn);
    TrainingRun.run(
            () -> TrainingState.fresh(Transformer.initialise(size.model, new Seeds(1), computedIn)),
            step -> batch(size, step),
            recipe,
            0,
            STEPS,
            new Checkpoints(Path.of(arguments[2]), 2, 2),
            SILENT)
        .close();
    System.out.println(peakBytes());
  }

  private static Batch batch(Size size, long step) {
    SplittableRandom random = new SplittableRandom(step);
    int width = size.model.maxContextLength() + 1;
    int[][] tokens = new int[size.rows][width];
    boolean[][] trained = new boolean[size.rows][width];
    for (int row = 0; row < size.rows; row++) {
      for (int t = 0; t < width; t++) {
        tokens[row][t] = random.nextInt(size.model.vocabSize());
        trained[row][t] = t > 0;
      }
    }
    return new Batch(tokens, trained);
  }

  private static long peakBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("/proc/self/status has no VmHWM");
  }
}
