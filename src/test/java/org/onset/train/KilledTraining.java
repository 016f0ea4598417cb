package org.onset.train;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Trains the toy in a process of its own, one step for each byte on its input, so that a test
 * decides where it dies; prints each step, and the digest of the end.
 */
final class KilledTraining {
  static final int STEPS = 60;
  static final int EVERY_STEPS = 2;

  private KilledTraining() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    Checkpoints checkpoints = new Checkpoints(folder.resolve("work"), EVERY_STEPS, 2);
    Toy.Log talkative =
        new Toy.Log() {
          @Override
          public void onStep(StepReport report) {
            System.out.println("step " + report.step());
          }
        };
    try (TrainingState state =
        TrainingRun.run(
            Toy::start,
            KilledTraining::batchWhenAllowed,
            Toy.recipe(STEPS, Toy.SEQUENCES),
            0,
            STEPS,
            checkpoints,
            talkative)) {
      System.out.println("digest " + state.save(folder.resolve("end"), new int[0]));
    }
  }

  private static Batch batchWhenAllowed(long step) {
    try {
      if (System.in.read() < 0) {
        throw new IllegalStateException("the test is gone");
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return Toy.batch(step);
  }
}
