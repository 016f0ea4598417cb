package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.Seeds;
import org.onset.model.ParameterRange;
import org.onset.model.Transformer;

class AdamWTest {
  private static final OptimizerSpec SPEC = new OptimizerSpec(0.9, 0.95, 1e-8, 0.1, 1, false);

  /** In double precision, as Loshchilov and Hutter (2019) write it. */
  private static void reference(
      double[] parameters,
      double[] gradients,
      double[] first,
      double[] second,
      boolean[] decayed,
      OptimizerSpec spec,
      long t,
      double learningRate) {
    double norm = Math.sqrt(Arrays.stream(gradients).map(g -> g * g).sum());
    double clip = Math.min(1, spec.clipNorm() / norm);
    for (int i = 0; i < parameters.length; i++) {
      double gradient = gradients[i] * clip;
      first[i] = spec.beta1() * first[i] + (1 - spec.beta1()) * gradient;
      second[i] = spec.beta2() * second[i] + (1 - spec.beta2()) * gradient * gradient;
      double firstHat = first[i] / (1 - Math.pow(spec.beta1(), (double) t));
      double secondHat = second[i] / (1 - Math.pow(spec.beta2(), (double) t));
      double decay = decayed[i] ? spec.weightDecay() : 0;
      parameters[i] -=
          learningRate
              * (firstHat / (Math.sqrt(secondHat) + spec.epsilon()) + decay * parameters[i]);
    }
  }

  @ParameterizedTest
  @Repetitions(20)
  void updatesAreThoseOfADoublePrecisionReference(SplittableRandom random) {
    try (TrainingState state = state(random.nextBoolean())) {
      Transformer model = state.model();
      AdamW optimizer = new AdamW(SPEC, model);
      double[] expected = doubles(model.parameters().toFloats());
      double[] first = new double[expected.length];
      double[] second = new double[expected.length];
      boolean[] decayed = decayed(model);

      for (long t = 1; t <= 30; t++) {
        double scale = Math.pow(10, random.nextDouble(-3, 1)); // clipped or not
        float[] gradients = new float[expected.length];
        for (int i = 0; i < gradients.length; i++) {
          gradients[i] = (float) (scale * (random.nextDouble() - 0.5));
        }
        double learningRate = 1e-2 * random.nextDouble();
        model.gradients().copyFrom(gradients);
        optimizer.update(state, optimizer.gradientNorm(model), learningRate);
        state.stepTaken(1, 1, true);
        reference(expected, doubles(gradients), first, second, decayed, SPEC, t, learningRate);
      }

      float[] found = model.parameters().toFloats();
      for (int i = 0; i < found.length; i++) {
        assertThat((double) found[i]).isCloseTo(expected[i], within(2e-6));
      }
    }
  }

  @Test
  void onlyMatricesDecay() {
    OptimizerSpec strong = new OptimizerSpec(0.9, 0.95, 1e-8, 0.5, 1, false);
    try (TrainingState state = state(true)) {
      Transformer model = state.model();
      float[] before = model.parameters().toFloats();
      model.gradients().fill(0);

      AdamW optimizer = new AdamW(strong, model);
      optimizer.update(state, optimizer.gradientNorm(model), 0.1);

      float[] after = model.parameters().toFloats();
      boolean[] decayed = decayed(model);
      for (int i = 0; i < after.length; i++) {
        assertThat((double) after[i]).isCloseTo(before[i] * (decayed[i] ? 0.95 : 1), within(1e-6));
      }
      assertThat(decayed).contains(true).contains(false);
    }
  }

  @Test
  void aFrozenEmbeddingStaysAndIsNoPartOfTheNorm() {
    OptimizerSpec frozen = new OptimizerSpec(0.9, 0.95, 1e-8, 0.1, 1, true);
    try (TrainingState state = state(false)) {
      Transformer model = state.model();
      int embedding = Math.toIntExact(model.parameterRanges().getFirst().length());
      float[] before = model.parameters().toFloats();
      model.gradients().fill(0.5);

      AdamW optimizer = new AdamW(frozen, model);
      double norm = optimizer.gradientNorm(model);
      optimizer.update(state, norm, 0.1);

      float[] after = model.parameters().toFloats();
      assertThat(norm).isCloseTo(0.5 * Math.sqrt(after.length - embedding), within(1e-5));
      for (int i = 0; i < after.length; i++) {
        assertThat(after[i] == before[i]).describedAs("value %d", i).isEqualTo(i < embedding);
      }
    }
  }

  @Test
  void clippingCutsToTheNormAndNoFurther() {
    try (TrainingState state = state(true)) {
      Transformer model = state.model();
      AdamW optimizer = new AdamW(SPEC, model);

      model.gradients().fill(3);
      optimizer.update(state, optimizer.gradientNorm(model), 0.1);
      assertThat(model.gradients().norm()).isCloseTo(1, within(1e-5));

      model.gradients().fill(1e-3);
      double norm = optimizer.gradientNorm(model);
      optimizer.update(state, norm, 0.1);
      assertThat(model.gradients().norm()).isEqualTo(norm);
    }
  }

  private static TrainingState state(boolean tied) {
    return TrainingState.fresh(Transformer.initialise(Toy.spec(tied), new Seeds(3)));
  }

  private static boolean[] decayed(Transformer model) {
    boolean[] decayed = new boolean[Math.toIntExact(model.spec().parameterCount())];
    for (ParameterRange range : model.parameterRanges()) {
      Arrays.fill(
          decayed,
          Math.toIntExact(range.offset()),
          Math.toIntExact(range.offset() + range.length()),
          range.decayed());
    }
    return decayed;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
