package org.onset.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedWeightsTest {
  @AfterEach
  void onOneThreadAgain() {
    Libtorch.useThreads(1);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 1, 300, 70", // each product in Java
    "5, 1, 300, 70",
    "5, 3, 301, 70", // shares of unequal size
    "64, 2, 129, 257",
    "65, 2, 129, 257", // libtorch's
    "9, 3, 2, 20000", // fewer outputs than threads
    "9, 3, 49, 2000", // a column left over
  })
  void productsAreTheSumsWrittenOut(int rows, int threads, int out, int in) {
    Libtorch.useThreads(threads);
    for (Dtype dtype : Dtype.values()) {
      SplittableRandom random = new SplittableRandom(1);
      try (Scope _ = new Scope();
          PackedWeights packed = new PackedWeights()) {
        Tensor input = random(random, dtype, rows, in);
        Tensor weight = random(random, dtype, out, in);
        Tensor output = Tensor.zeros(dtype, rows, out);

        packed.run(input, weight, output);
        float[] first = output.toFloats();
        packed.run(input, weight, output);

        assertThat(output.toFloats()).isEqualTo(first);
        float[] inputs = input.toFloats();
        float[] weights = weight.toFloats();
        double absolute = dtype == Dtype.FLOAT32 ? 1e-5 * in : 0.01 * Math.sqrt(in);
        double relative = dtype == Dtype.FLOAT32 ? 0 : 0.004; // a rounding of what comes out
        for (int row = 0; row < rows; row += 3) {
          for (int o = 0; o < out; o++) {
            double sum = 0;
            for (int i = 0; i < in; i++) {
              sum += (double) inputs[row * in + i] * weights[o * in + i];
            }
            assertThat((double) first[row * out + o])
                .isCloseTo(sum, within(absolute + relative * Math.abs(sum)));
          }
        }
      }
    }
  }

  private static Tensor random(SplittableRandom random, Dtype dtype, int rows, int columns) {
    Tensor made = Tensor.zeros(dtype, rows, columns);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    made.copyFrom(values);
    return made;
  }
}
