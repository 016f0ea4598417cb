package org.onset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.Repetitions;

class LinearProbeTest {
  @ParameterizedTest
  @CsvSource({"60, 64, .01", "60, 576, .01", "300, 100, .0001", "40, 2, 1", "60, 200, .000001"})
  void theGradientVanishesAtTheSolution(int rows, int dims, double l2) {
    Problem problem = Problem.random(rows, dims, new SplittableRandom(rows + dims));

    LinearProbe probe = LinearProbe.fit(problem.x, problem.y, l2);

    for (double slope : gradient(problem, probe.weights(), l2)) {
      assertThat(slope).isCloseTo(0, within(1e-9));
    }
  }

  @ParameterizedTest
  @Repetitions(5)
  void equalsSlowGradientDescent(SplittableRandom random) {
    Problem problem = Problem.random(40, 3, random);

    double[] fast = LinearProbe.fit(problem.x, problem.y, 0.1).weights();

    double[] slow = new double[4];
    for (int step = 0; step < 20_000; step++) {
      double[] gradient = gradient(problem, slow, 0.1);
      for (int i = 0; i < slow.length; i++) {
        slow[i] -= 0.5 * gradient[i];
      }
    }
    assertThat(fast).containsExactly(slow, within(1e-8));
  }

  @Test
  void separableClassesEndAtAFiniteSolution() {
    float[][] x = {{-2}, {-1}, {1}, {2}};
    boolean[] y = {false, false, true, true};

    LinearProbe probe = LinearProbe.fit(x, y, 1e-4);

    assertThat(probe.score(new float[] {0})).isCloseTo(0, within(1e-9));
    assertThat(probe.score(new float[] {1})).isBetween(3.0, 20.0);
    assertThat(probe.weights()[0]).isFinite();
  }

  @Test
  void scoresAreLogOddsInTheUnitsOfTheRows() {
    float[][] x = {{1000}, {1010}, {1020}, {1030}, {1000}, {1010}, {1020}, {1030}};
    boolean[] y = {false, false, true, true, false, true, false, true};

    LinearProbe probe = LinearProbe.fit(x, y, 1e-9);

    double sum = 0; // unpenalised, the chances sum up to the number of positives
    for (float[] row : x) {
      sum += 1 / (1 + Math.exp(-probe.score(row)));
    }
    assertThat(sum).isCloseTo(4, within(1e-6));
    assertThat(probe.score(new float[] {1015})).isCloseTo(0, within(1e-6));
  }

  @Test
  void aFeatureThatNeverVariesInTrainingIsIgnored() {
    float[][] x = {{0, 7}, {1, 7}, {2, 7}, {3, 7}};
    boolean[] y = {false, true, false, true};

    LinearProbe probe = LinearProbe.fit(x, y, 0.1);

    assertThat(probe.score(new float[] {1, 1e6f})).isEqualTo(probe.score(new float[] {1, 7}));
  }

  @ParameterizedTest
  @Repetitions(5)
  void scaleAndShiftOfAFeatureDoNotMatter(SplittableRandom random) {
    Problem problem = Problem.random(30, 4, random);
    float[][] scaled = new float[30][4];
    for (int row = 0; row < 30; row++) {
      for (int dim = 0; dim < 4; dim++) {
        scaled[row][dim] = 8 * problem.x[row][dim] - 2;
      }
    }

    double plain = LinearProbe.fit(problem.x, problem.y, 0.01).score(problem.x[3]);

    assertThat(LinearProbe.fit(scaled, problem.y, 0.01).score(scaled[3]))
        .isCloseTo(plain, within(1e-4));
  }

  @Test
  void whatCannotBeFittedIsRefused() {
    assertThatThrownBy(() -> LinearProbe.fit(new float[2][1], new boolean[2], 0.1))
        .hasMessage("a probe needs rows of both classes, got 0 positive of 2");
    assertThatThrownBy(() -> LinearProbe.fit(new float[2][1], new boolean[] {true, false}, 0))
        .hasMessage("l2 must be above 0, was 0.0");
    assertThatThrownBy(
            () ->
                LinearProbe.fit(new float[][] {{1}, {Float.NaN}}, new boolean[] {true, false}, 0.1))
        .hasMessage("row 1 holds NaN");
  }

  /** Of the objective in standardised features, the intercept last, written plainly. */
  private static double[] gradient(Problem problem, double[] weights, double l2) {
    double[][] z = problem.standardised();
    int dims = weights.length - 1;
    double[] gradient = new double[weights.length];
    for (int row = 0; row < z.length; row++) {
      double logOdds = weights[dims];
      for (int dim = 0; dim < dims; dim++) {
        logOdds += weights[dim] * z[row][dim];
      }
      double error = 1 / (1 + Math.exp(-logOdds)) - (problem.y[row] ? 1 : 0);
      for (int dim = 0; dim < dims; dim++) {
        gradient[dim] += error * z[row][dim] / z.length;
      }
      gradient[dims] += error / z.length;
    }
    for (int dim = 0; dim < dims; dim++) {
      gradient[dim] += l2 * weights[dim];
    }
    return gradient;
  }

  private static final class Problem {
    final float[][] x;
    final boolean[] y;

    private Problem(float[][] x, boolean[] y) {
      this.x = x;
      this.y = y;
    }

    static Problem random(int rows, int dims, SplittableRandom random) {
      float[][] x = new float[rows][dims];
      boolean[] y = new boolean[rows];
      for (int row = 0; row < rows; row++) {
        y[row] = row % 3 == 0;
        for (int dim = 0; dim < dims; dim++) {
          double signal = y[row] && dim < 3 ? 0.7 : 0;
          x[row][dim] = (float) ((signal + random.nextGaussian()) * (1 + dim % 5) + dim % 7);
        }
      }
      return new Problem(x, y);
    }

    double[][] standardised() {
      double[][] z = new double[x.length][x[0].length];
      for (int dim = 0; dim < x[0].length; dim++) {
        double mean = 0;
        for (float[] row : x) {
          mean += (double) row[dim] / x.length;
        }
        double variance = 0;
        for (float[] row : x) {
          variance += (row[dim] - mean) * (row[dim] - mean) / x.length;
        }
        for (int row = 0; row < x.length; row++) {
          z[row][dim] = (x[row][dim] - mean) / Math.sqrt(variance);
        }
      }
      return z;
    }
  }
}
