package org.onset.train;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.onset.Seeds;
import org.onset.curriculum.TrainingSize;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.tensor.Dtype;

/** A tiny model and a stream it can learn: numbers that count up, modulo 11. */
final class Toy {
  static final int CONTEXT = 12;
  static final int SEQUENCES = 4;

  private Toy() {}

  static ModelSpec spec(boolean tied) {
    return new ModelSpec(12, 8, 1, 2, 1, 4, 16, CONTEXT, 10_000, 1e-5, tied);
  }

  static TrainingState start() {
    return TrainingState.fresh(Transformer.initialise(spec(true), new Seeds(3)));
  }

  static Recipe recipe(long steps, int microBatch) {
    return new Recipe(
        new TrainingSize(steps * CONTEXT * SEQUENCES, CONTEXT, SEQUENCES),
        new LearningRate.WarmupStableDecay(2e-2, 0.1, 0.3, 0.05),
        new OptimizerSpec(0.9, 0.95, 1e-8, 0.1, 1, false),
        microBatch,
        10,
        Dtype.FLOAT32);
  }

  static Batch batch(long step) {
    SplittableRandom random = new Seeds(5).generator("toy/" + step);
    int[][] tokens = new int[SEQUENCES][CONTEXT + 1];
    boolean[][] trained = new boolean[SEQUENCES][CONTEXT + 1];
    for (int row = 0; row < SEQUENCES; row++) {
      int first = random.nextInt(11);
      int length = random.nextInt(3, CONTEXT + 2);
      for (int t = 0; t <= CONTEXT; t++) {
        tokens[row][t] = t < length ? (first + t) % 11 : 0;
        trained[row][t] = t > 0 && t < length;
      }
    }
    return new Batch(tokens, trained);
  }

  static TrainingState train(long from, long to, long steps, Checkpoints checkpoints, Log log) {
    return TrainingRun.run(
        Toy::start, Toy::batch, recipe(steps, SEQUENCES), from, to, checkpoints, log);
  }

  /** Keeps what a run says. */
  static class Log implements StepListener {
    final List<StepReport> reports = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();

    @Override
    public void onStep(StepReport report) {
      reports.add(report);
    }

    @Override
    public void onWarning(String message) {
      warnings.add(message);
    }

    double meanLoss(int from, int to) {
      return reports.subList(from, to).stream()
          .mapToDouble(StepReport::loss)
          .average()
          .orElseThrow();
    }
  }
}
