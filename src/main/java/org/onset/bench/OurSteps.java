package org.onset.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.onset.curriculum.TrainingSize;
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

/**
 * The process that takes our steps: the training loop itself, held up after each step until the
 * parent asks for more. Arguments: shape, dtype, threads, folder of inputs, most turns.
 */
final class OurSteps {
  private final TrainingShape shape;
  private final Dtype dtype;
  private final int threads;
  private final TrainingInputs inputs;
  private final long steps;
  private final List<Semaphore> allowed = new ArrayList<>();
  private final LinkedBlockingQueue<StepReport> reports = new LinkedBlockingQueue<>();

  private OurSteps(
      TrainingShape shape, Dtype dtype, int threads, TrainingInputs inputs, int turns) {
    this.shape = shape;
    this.dtype = dtype;
    this.threads = threads;
    this.inputs = inputs;
    this.steps = (long) turns * shape.stepsPerTurn();
  }

  public static void main(String[] arguments) throws IOException {
    OurSteps steps =
        new OurSteps(
            TrainingShape.named(arguments[0]),
            Dtype.valueOf(arguments[1]),
            Integer.parseInt(arguments[2]),
            new TrainingInputs(Path.of(arguments[3])),
            Integer.parseInt(arguments[4]));
    for (int arm = 0; arm < steps.shape.arms(); arm++) {
      steps.start(arm);
    }
    Turns.serve(steps::turn);
    System.exit(0); // an arm may still be waiting
  }

  private void start(int arm) {
    Semaphore permits = new Semaphore(0);
    allowed.add(permits);
    Thread.ofPlatform()
        .name("arm-" + arm)
        .uncaughtExceptionHandler(
            (_, failure) -> {
              failure.printStackTrace(System.err);
              System.exit(1);
            })
        .start(() -> train(arm, permits));
  }

  private void train(int arm, Semaphore permits) {
    Libtorch.useThreads(Math.max(1, threads / shape.arms()));
    int[][] tokens = inputs.tokens();
    boolean[][] trained = new boolean[tokens.length][tokens[0].length];
    for (boolean[] row : trained) {
      Arrays.fill(row, 1, row.length, true);
    }
    Batch batch = new Batch(tokens, trained);
    TrainingSize size =
        new TrainingSize(steps * shape.tokensPerStep(), shape.contextLength(), shape.sequences());
    Recipe recipe =
        new Recipe(
            size,
            new LearningRate.Constant(Hyperparameters.LEARNING_RATE, 0),
            new OptimizerSpec(
                Hyperparameters.BETA1,
                Hyperparameters.BETA2,
                Hyperparameters.EPSILON,
                Hyperparameters.WEIGHT_DECAY,
                Hyperparameters.CLIP_NORM,
                false),
            shape.microBatch(),
            1,
            dtype);
    Path checkpoints = inputs.folder().resolve("checkpoints-" + arm); // stays empty
    StepListener listener = new HeldUp(permits);
    permits.acquireUninterruptibly();
    TrainingRun.run(
            () -> TrainingState.fresh(Transformer.load(inputs.folder(), dtype)),
            _ -> batch,
            recipe,
            0,
            steps,
            new Checkpoints(checkpoints, Long.MAX_VALUE, 1),
            listener)
        .close();
  }

  /** Reports each step, then waits until the next is asked for. */
  private final class HeldUp implements StepListener {
    private final Semaphore permits;

    private HeldUp(Semaphore permits) {
      this.permits = permits;
    }

    @Override
    public void onStep(StepReport report) {
      reports.add(report);
      if (report.step() + 1 < steps) {
        permits.acquireUninterruptibly();
      }
    }

    @Override
    public void onWarning(String message) {
      System.err.println(message);
    }
  }

  /** Lets every arm go on for a turn's steps, and waits for the last of them. */
  private Turns.Turn turn() {
    List<StepReport> taken = new ArrayList<>();
    long startedNanos = System.nanoTime();
    allowed.forEach(permits -> permits.release(shape.stepsPerTurn()));
    try {
      while (taken.size() < shape.arms() * shape.stepsPerTurn()) {
        taken.add(reports.take());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    return new Turns.Turn(seconds, taken.getFirst().loss(), taken.getLast().loss());
  }
}
