package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.Seeds;
import org.onset.model.Transformer;

class GradientAccumulationTest {
  /** Whatever a batch is cut into, each trained token of it weighs the same. */
  @ParameterizedTest
  @Repetitions(100)
  void piecesOfAnySizeAddUpToTheGradientOfTheUndividedBatch(SplittableRandom random) {
    Batch batch = randomBatch(random);
    int microBatch = random.nextInt(1, batch.tokens().length + 1);
    try (Transformer model =
        Transformer.initialise(Toy.spec(random.nextBoolean()), new Seeds(random.nextLong()))) {
      int targets = batch.trainedTokens();
      model.gradients().fill(0);
      double loss = model.accumulateGradients(batch.tokens(), batch.trained(), targets) / targets;
      float[] gradient = model.gradients().toFloats();
      double norm = model.gradients().norm();
      model.gradients().fill(3); // what lay there before must not count

      double found = TrainingRun.accumulateGradients(model, batch, microBatch);

      assertThat(found).isCloseTo(loss, within(1e-5 * loss));
      assertThat(distance(model.gradients().toFloats(), gradient)).isLessThan(1e-5 * norm);
    }
  }

  /** Rows of which few, many or no tokens are trained; at least one is. */
  private static Batch randomBatch(SplittableRandom random) {
    int rows = random.nextInt(1, 8);
    int width = random.nextInt(2, Toy.CONTEXT + 2);
    int[][] tokens = new int[rows][width];
    boolean[][] trained = new boolean[rows][width];
    for (int row = 0; row < rows; row++) {
      double share = random.nextInt(3) / 2.0;
      for (int t = 0; t < width; t++) {
        tokens[row][t] = random.nextInt(12);
        trained[row][t] = random.nextDouble() < share * random.nextDouble();
      }
    }
    trained[random.nextInt(rows)][random.nextInt(1, width)] = true;
    return new Batch(tokens, trained);
  }

  private static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += ((double) one[i] - other[i]) * ((double) one[i] - other[i]);
    }
    return Math.sqrt(sum);
  }
}
