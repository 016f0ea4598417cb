package org.onset.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class TensorTest {
  @Test
  void valuesGoInAndComeOutInRowMajorOrder() {
    try (Scope _ = new Scope()) {
      Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

      assertThat(matrix.shape()).containsExactly(2, 3);
      assertThat(matrix.narrow(0, 1, 1).toFloats()).containsExactly(4, 5, 6);
      assertThat(matrix.reshape(3, 2).narrow(0, 1, 1).toFloats()).containsExactly(3, 4);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Tensor.of(new float[5], 2, 3))
          .withMessage("5 values don't make the shape [2, 3]");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> matrix.narrow(1, 0, 2).copyFrom(new float[4]))
          .withMessage("a tensor of shape [2, 2] is not contiguous");
    }
  }

  @Test
  void aViewSharesItsMemory() {
    try (Scope _ = new Scope()) {
      Tensor whole = Tensor.zeros(5);

      whole.narrow(0, 1, 2).copyFrom(new float[] {7, 8});
      whole.narrow(0, 4, 1).fill(9);
      whole.narrow(0, 2, 3).multiplyInPlace(0.5);

      assertThat(whole.toFloats()).containsExactly(0, 7, 4, 0, 4.5f);
    }
  }

  @Test
  void bfloat16RoundsToTheNearestAndTiesToEven() {
    try (Scope _ = new Scope()) {
      float[] values = new float[37]; // longer than a vector, and no multiple of one
      float[] rounded = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        rounded[i] = 1 + i / 128f; // what bfloat16 has between 1 and 2
        values[i] = rounded[i] + (i % 3 - 1) / 1024f / 8;
      }
      values[1] = 1 + 1 / 256f; // halfway between 1 and 1 + 1/128
      rounded[1] = 1;
      values[36] = 1 + 3 / 256f;
      rounded[36] = 1 + 2 / 128f;
      values[20] = Float.NaN;
      rounded[20] = Float.NaN;
      Tensor narrow = Tensor.zeros(Dtype.BFLOAT16, values.length);

      narrow.copyFrom(values);

      assertThat(narrow.toFloats()).containsExactly(rounded);
      assertThat(narrow.dtype()).isEqualTo(Dtype.BFLOAT16);
    }
  }

  @Test
  void javaAndLibtorchRoundAlike() {
    try (Scope _ = new Scope()) {
      SplittableRandom random = new SplittableRandom(3);
      float[] values = new float[1001];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextDouble(-1, 1) * Math.pow(10, random.nextInt(-30, 30)));
      }
      values[7] = Float.intBitsToFloat(0x7FFFFFFF); // rounded as a number it would become -0
      values[8] = Float.intBitsToFloat(0x7F800001); // and this one infinity
      values[9] = Float.NEGATIVE_INFINITY;
      Tensor byJava = Tensor.zeros(Dtype.BFLOAT16, values.length);
      Tensor byLibtorch = Tensor.zeros(Dtype.BFLOAT16, values.length);

      byJava.copyFrom(values);
      byLibtorch.copyFrom(Tensor.of(values, values.length));

      assertThat(byJava.toFloats()).containsExactly(byLibtorch.toFloats());
    }
  }

  @Test
  void aNormIsThatOfAllValues() {
    try (Scope _ = new Scope()) {
      float[] values = new float[1_000_003];
      double squares = 0;
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < values.length; i++) {
        values[i] = 1e4f + random.nextFloat();
        squares += (double) values[i] * values[i];
      }

      double norm = Tensor.of(values, values.length).norm();

      assertThat(norm / Math.sqrt(squares)).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void theNormOfAnythingNotFiniteIsNotFinite() {
    try (Scope _ = new Scope()) {
      assertThat(Tensor.of(new float[] {1, Float.NaN}, 2).norm()).isNaN();
      assertThat(Tensor.of(new float[] {1, Float.NEGATIVE_INFINITY}, 2).norm()).isInfinite();
    }
  }

  @Test
  void aScopeFreesWhatItMadeAndKeepHandsOver() {
    try (Scope outer = new Scope()) {
      Tensor kept;
      try (Scope inner = new Scope()) {
        Tensor made = Tensor.of(new float[] {1, 2}, 2);
        kept = inner.keep(made.reshape(2, 1));
        assertThat(inner.size()).isEqualTo(2);
      }

      assertThat(outer.size()).isEqualTo(1);
      assertThat(kept.toFloats()).containsExactly(1, 2);
    }
  }

  @Test
  void anOwnedTensorOutlivesEveryScope() {
    Tensor owned;
    try (Scope _ = new Scope();
        Scope _ = new Scope()) {
      owned = Tensor.of(new float[] {5}, 1).owned();
    }

    try (owned) {
      assertThat(owned.toFloats()).containsExactly(5);
    }
  }

  @ParameterizedTest
  @Repetitions(20)
  void adamWIsThePaperAlgorithm(SplittableRandom random) {
    int size = 1 + random.nextInt(50);
    double rate = random.nextDouble(0.1);
    double beta1 = random.nextDouble(0.99);
    double beta2 = random.nextDouble(0.5, 0.999);
    double epsilon = 1e-8;
    double decay = random.nextDouble(0.3);
    double[] values = random.doubles(size, -1, 1).toArray();
    double[] first = new double[size];
    double[] second = new double[size];

    try (Scope around = new Scope()) {
      Tensor parameters = Tensor.of(floats(values), size);
      Tensor firstMoments = Tensor.zeros(size);
      Tensor secondMoments = Tensor.zeros(size);
      for (int step = 1; step <= 5; step++) {
        double[] gradient = random.doubles(size, -1, 1).toArray();
        Tensor gradients = Tensor.of(floats(gradient), size);
        int before = around.size();
        AdamW.step(
            parameters,
            gradients,
            firstMoments,
            secondMoments,
            step,
            rate,
            beta1,
            beta2,
            epsilon,
            decay);
        assertThat(around.size()).isEqualTo(before);

        for (int i = 0; i < size; i++) {
          first[i] = beta1 * first[i] + (1 - beta1) * gradient[i];
          second[i] = beta2 * second[i] + (1 - beta2) * gradient[i] * gradient[i];
          double unbiasedFirst = first[i] / (1 - Math.pow(beta1, step));
          double unbiasedSecond = second[i] / (1 - Math.pow(beta2, step));
          values[i] -= rate * decay * values[i];
          values[i] -= rate * unbiasedFirst / (Math.sqrt(unbiasedSecond) + epsilon);
        }
      }

      assertThat(parameters.toFloats()).containsExactly(floats(values), within(1e-5f));
      assertThat(firstMoments.toFloats()).containsExactly(floats(first), within(1e-5f));
      assertThat(secondMoments.toFloats()).containsExactly(floats(second), within(1e-5f));
    }
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
