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
  void whatIsNoNumberStaysNone() {
    float[] values = Floats.zeros(Lanes.LANES);
    values[1] = Float.NaN;
    float sum = Floats.exponentials(values, 0, Lanes.LANES, 1, 0);
    assertThat(values[1]).isNaN();
    assertThat(sum).isNaN();
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
