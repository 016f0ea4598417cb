package org.onset.corpus.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  @Test
  void theRegressionAgreesWithPlainGradientDescent() {
    SplittableRandom random = new SplittableRandom(5);
    List<Vector> vectors = new ArrayList<>();
    boolean[] positive = new boolean[40];
    for (int i = 0; i < positive.length; i++) {
      double[] values = {random.nextDouble(), random.nextDouble() - 0.5, random.nextDouble()};
      vectors.add(Vector.dense(values));
      positive[i] = values[0] + values[1] + random.nextDouble() > 1.2;
    }
    positive[0] = false; // whichever class comes first

    LogisticRegression regression = new LogisticRegression(vectors, 3);
    double[] weights = regression.fit(positive, 2, 1.5);

    double[] reference = new double[4];
    for (int step = 0; step < 200_000; step++) {
      double[] gradient = {reference[0], reference[1], reference[2], 0};
      for (int i = 0; i < positive.length; i++) {
        double[] x = vectors.get(i).values();
        double z = reference[3];
        for (int j = 0; j < 3; j++) {
          z += reference[j] * x[j];
        }
        double error = 1 / (1 + Math.exp(-z)) - (positive[i] ? 1 : 0);
        double slope = 2 * (positive[i] ? 1.5 : 1) * error;
        for (int j = 0; j < 3; j++) {
          gradient[j] += slope * x[j];
        }
        gradient[3] += slope;
      }
      for (int j = 0; j < 4; j++) {
        reference[j] -= 0.01 * gradient[j];
      }
    }
    assertThat(weights).hasSize(4);
    for (int j = 0; j < 4; j++) {
      assertThat(weights[j]).isCloseTo(reference[j], within(1e-4));
    }
    for (int i = 0; i < positive.length; i++) {
      positive[i] = !positive[i];
    }
    double[] mirrored = regression.fit(positive, 2, 1);
    assertThat(regression.gradientNorm(positive, 2, 1, mirrored)).isLessThan(1e-4);
  }
}
