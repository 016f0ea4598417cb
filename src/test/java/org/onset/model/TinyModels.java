package org.onset.model;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.onset.Seeds;
import org.onset.tensor.Dtype;

/** Small models of every kind, with parameters far from their first values, and tokens for them. */
final class TinyModels {
  static final int VOCAB = 13;
  static final int MAX_LENGTH = 24;

  private TinyModels() {}

  /**
   * Own and shared key heads, tied and untied output, heads that don't add up to modelDim; biases,
   * norms of queries and keys, stretched positions.
   */
  static Stream<ModelSpec> specs() {
    return Stream.of(
        new ModelSpec(VOCAB, 8, 2, 2, 2, 4, 12, MAX_LENGTH, 100, 1e-5, true),
        new ModelSpec(VOCAB, 8, 2, 4, 2, 4, 12, MAX_LENGTH, 10_000, 1e-5, true),
        new ModelSpec(VOCAB, 12, 1, 3, 1, 6, 8, MAX_LENGTH, 10_000, 1e-6, false),
        new ModelSpec(VOCAB, 8, 3, 2, 2, 4, 12, MAX_LENGTH, 10_000, 1e-5, false),
        with(true, false, RopeScaling.NONE),
        with(false, true, new RopeScaling.Linear(2)),
        with(true, false, new RopeScaling.Llama3(8, 1, 4, 32)));
  }

  private static ModelSpec with(boolean bias, boolean norms, RopeScaling scaling) {
    return new ModelSpec(
        VOCAB, 8, 2, 4, 2, 6, 12, MAX_LENGTH, 100, 1e-5, true, bias, norms, scaling);
  }

  static ModelSpec grouped() {
    return specs().skip(1).findFirst().orElseThrow();
  }

  static Transformer random(ModelSpec spec, long seed) {
    return random(spec, seed, Dtype.FLOAT32);
  }

  static Transformer random(ModelSpec spec, long seed, Dtype computedIn) {
    Transformer model = Transformer.initialise(spec, new Seeds(seed), computedIn);
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = model.parameters().toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (0.3 * random.nextGaussian());
    }
    model.parameters().copyFrom(values);
    model.parametersChanged();
    return model;
  }

  static int[] tokens(SplittableRandom random, int length) {
    return random.ints(length, 0, VOCAB).toArray();
  }

  static int[][] rows(SplittableRandom random, int... lengths) {
    int[][] rows = new int[lengths.length][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = tokens(random, lengths[row]);
    }
    return rows;
  }
}
