package org.onset.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatsTest {
  private static final int LONGEST = 3 * Lanes.LANES + 1;

  @Test
  void exponentialsAreThoseOfDoublePrecisionWhateverTheLength() {
    Random random = new Random(1);
    for (int count = 1; count <= LONGEST; count++) {
      float[] values = Floats.zeros(count);
      for (int i = 0; i < count; i++) {
        values[i] = random.nextFloat() * 80 - 40;
      }
      float[] given = values.clone();
      float scale = 0.5f;
      float shift = scale * Floats.max(values, 0, count);
      float sum = Floats.exponentials(values, 0, count, scale, shift);

      double expectedSum = 0;
      for (int i = 0; i < count; i++) {
        double expected = Math.exp((double) scale * given[i] - shift);
        expectedSum += expected;
        assertThat((double) values[i]).isCloseTo(expected, within(3e-6 * expected));
      }
      assertThat((double) sum).isCloseTo(expectedSum, within(3e-6 * expectedSum));
    }
  }

  @Test
  void theLargestOfAStretchIsFoundWhateverItsLengthAndWhatFollowsIt() {
    for (int count = 1; count <= LONGEST; count++) {
      for (int largest = 0; largest < count; largest++) {
        float[] values = Floats.zeros(count); // what follows is larger
        for (int i = 0; i < count; i++) {
          values[i] = i == largest ? -1 : -2;
        }
        assertThat(Floats.max(values, 0, count)).isEqualTo(-1);
      }
    }
  }

  @Test
  void theLogarithmOfSummedExponentialsIsThatOfDoublePrecision() {
    Random random = new Random(7);
    for (int count : new int[] {1, 15, 16, 17, 420, 50_001}) {
      float[] values = new float[count];
      double sum = 0;
      for (int i = 0; i < count; i++) {
        values[i] = 5 * (float) random.nextGaussian();
        sum += Math.exp(values[i]);
      }
      assertThat(LogSumExp.of(values)).isCloseTo(Math.log(sum), within(3e-7));
    }
  }

  @Test
  void softmaxOfWhatIsNoNumberIsNone() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] values = Floats.zeros(LONGEST);
      values[Lanes.LANES] = bad;
      Floats.softmax(values, 0, LONGEST, 1);
      assertThat(values[Lanes.LANES]).isNaN();
    }
    for (float all : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      float[] values = Floats.zeros(5);
      Arrays.fill(values, 0, 5, all);
      Floats.softmax(values, 0, 5, 1);
      assertThat(values[0]).isNaN();
    }
  }

  @Test
  void softmaxBackwardAgreesWithDifferencesAndStaysInItsVectors() {
    Random random = new Random(3);
    int from = Lanes.LANES;
    double step = 1e-5;
    for (int count = 1; count <= LONGEST; count++) {
      float[] logits = gaussian(random, from + count + 1);
      float[] ofProbabilities = gaussian(random, from + count + 1);
      float[] probabilities = logits.clone();
      float[] gradients = ofProbabilities.clone();

      Floats.softmax(probabilities, from, count, 0.5f);
      Floats.softmaxBackward(probabilities, gradients, from, count, 0.5f);

      assertThat(Arrays.copyOf(gradients, from)).isEqualTo(Arrays.copyOf(ofProbabilities, from));
      for (int i = 0; i < count; i++) {
        double above = weighted(logits, ofProbabilities, from, count, i, step);
        double below = weighted(logits, ofProbabilities, from, count, i, -step);
        assertThat((double) gradients[from + i])
            .isCloseTo((above - below) / (2 * step), within(1e-5));
      }
    }
  }

  /** The softmax of half the logits, one of them moved, by the weights of its entries. */
  private static double weighted(
      float[] logits, float[] weights, int from, int count, int moved, double by) {
    double sum = 0;
    double weighted = 0;
    for (int i = 0; i < count; i++) {
      double exponential = Math.exp(0.5 * (logits[from + i] + (i == moved ? by : 0)));
      sum += exponential;
      weighted += exponential * weights[from + i];
    }
    return weighted / sum;
  }

  @Test
  void normBackwardAgreesWithDifferencesAlsoAfterARowThatIsNoNumber() {
    Random random = new Random(4);
    double step = 1e-4;
    for (int count = 1; count <= LONGEST; count++) {
      float[] gains = gaussian(random, count);
      float[] row = gaussian(random, count);
      float[] gradients = gaussian(random, count);
      float[] given = row.clone();
      float[] before = gaussian(random, count);
      float[] sums = before.clone();
      float[] ofGains = Floats.zeros(count);
      Arrays.fill(row, count, row.length, Float.NaN);
      float root = (float) (1 / Math.sqrt(meanSquare(given, count, 0, 0)));

      Floats.normBackward(row, gradients, sums, 0, gains, ofGains, root, count);

      for (int i = 0; i < count; i++) {
        double slope =
            (normed(given, gains, gradients, count, i, step)
                    - normed(given, gains, gradients, count, i, -step))
                / (2 * step);
        double scale = 1 + Math.abs(slope);
        assertThat((double) sums[i] - before[i]).isCloseTo(slope, within(1e-3 * scale));
        assertThat(ofGains[i]).isCloseTo(gradients[i] * given[i] * root, within(1e-5f));
        assertThat(row[i]).isCloseTo(given[i] * root * gains[i], within(1e-5f));
      }
    }
  }

  /** The normed row, one of its values moved, by its gradients. */
  private static double normed(
      float[] row, float[] gains, float[] gradients, int count, int moved, double by) {
    double root = 1 / Math.sqrt(meanSquare(row, count, moved, by));
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (row[i] + (i == moved ? by : 0)) * root * gains[i] * gradients[i];
    }
    return sum;
  }

  private static double meanSquare(float[] row, int count, int moved, double by) {
    double sum = 1e-3 * count;
    for (int i = 0; i < count; i++) {
      sum += Math.pow(row[i] + (i == moved ? by : 0), 2);
    }
    return sum / count;
  }

  @Test
  void headsAreTurnedWhereTheyStandAndNothingBetweenThemIsTouched() {
    Random random = new Random(5);
    for (int half : new int[] {1, 3, 12, 16, 18, 32, 33}) {
      int stride = 2 * half + 3;
      int[] positions = {4, 0, 2};
      float[] cosines = gaussian(random, 5 * half);
      float[] sines = gaussian(random, 5 * half);
      float[] values = gaussian(random, 3 * stride);
      float[] target = gaussian(random, 3 * stride + 1);
      float[] before = target.clone();

      Floats.turn(
          values,
          2,
          stride,
          2,
          half,
          new Heads.Positions(positions, cosines, sines),
          1,
          -1,
          target,
          1,
          stride);

      float[] expected = before.clone();
      for (int r = 0; r < 2; r++) {
        for (int i = 0; i < half; i++) {
          float cosine = cosines[positions[1 + r] * half + i];
          float sine = -sines[positions[1 + r] * half + i];
          float x = values[2 + r * stride + i];
          float y = values[2 + r * stride + half + i];
          expected[1 + r * stride + i] = x * cosine - y * sine;
          expected[1 + r * stride + half + i] = y * cosine + x * sine;
        }
      }
      assertThat(target).containsExactly(expected, within(1e-6f));
    }
  }

  @Test
  void productsOfRowsAndTheirWeightedSumTouchNothingBeyondTheirStretch() {
    Random random = new Random(6);
    for (int width : new int[] {1, 15, 16, 17, 64, 67}) {
      int stride = width + 2;
      float[] rows = gaussian(random, 5 * stride);
      float[] right = gaussian(random, 3 + width);
      float[] weights = gaussian(random, 7);
      float[] products = gaussian(random, 6);
      float[] sum = gaussian(random, 4 + width + 1);
      float[] expectedProducts = products.clone();
      float[] expectedSum = sum.clone();
      for (int r = 0; r < 4; r++) {
        expectedProducts[1 + r] = 0;
        for (int i = 0; i < width; i++) {
          expectedProducts[1 + r] += rows[3 + r * stride + i] * right[3 + i];
          expectedSum[4 + i] += weights[2 + r] * rows[3 + r * stride + i];
        }
      }

      Floats.dots(rows, 3, stride, 4, right, 3, width, products, 1);
      Floats.addWeighted(rows, 3, stride, weights, 2, 4, sum, 4, width);

      assertThat(products).containsExactly(expectedProducts, within(1e-4f));
      assertThat(sum).containsExactly(expectedSum, within(1e-4f));
    }
  }

  @Test
  void swiGluBackwardAgreesWithDifferencesWhateverTheLength() {
    Random random = new Random(2);
    double step = 1e-4;
    for (int count = 1; count <= LONGEST; count++) {
      float[] gates = gaussian(random, count);
      float[] ups = gaussian(random, count);
      float[] gradients = gaussian(random, count);
      float[] ofGates = gates.clone();
      float[] ofUps = ups.clone();
      float[] activated = gradients.clone();
      Floats.swiGluBackward(ofGates, ofUps, activated, count);
      for (int i = 0; i < count; i++) {
        double slope = (silu(gates[i] + step) - silu(gates[i] - step)) / (2 * step);
        assertThat((double) ofGates[i]).isCloseTo(gradients[i] * ups[i] * slope, within(1e-5));
        assertThat((double) ofUps[i]).isCloseTo(gradients[i] * silu(gates[i]), within(1e-5));
        assertThat((double) activated[i]).isCloseTo(ups[i] * silu(gates[i]), within(1e-5));
      }
      Floats.swiGlu(gates, ups, count);
      assertThat(gates).startsWith(Arrays.copyOf(activated, count));
    }
  }

  @Test
  void theLaunchersFlagsNameClassesThatAreThere() throws IOException, ClassNotFoundException {
    List<String> keptApart =
        Files.readAllLines(Path.of("src/main/launch/jvm.flags")).stream()
            .filter(flag -> flag.startsWith("-XX:CompileCommand=dontinline,"))
            .map(flag -> flag.replaceAll(".*,|::.*", ""))
            .toList();
    assertThat(keptApart).contains(Floats.class.getName(), Rows.class.getName());
    for (String name : keptApart) {
      Class.forName(name);
    }
  }

  private static float[] gaussian(Random random, int count) {
    float[] values = Floats.zeros(count);
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }
}
