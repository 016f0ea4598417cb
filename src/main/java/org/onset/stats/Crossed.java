package org.onset.stats;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * One number per seed and prompt, every prompt in every seed. A prompt that lacks its number in any
 * seed is left out of all of them, and counted: the seeds stay comparable, and the layout balanced.
 */
public final class Crossed {
  private final double[][] values; // [seed][prompt], finite
  private final int prompts;
  private final int droppedPrompts;

  private Crossed(double[][] values, int prompts, int droppedPrompts) {
    this.values = values;
    this.prompts = prompts;
    this.droppedPrompts = droppedPrompts;
  }

  /** Numbers of every prompt in every seed: {@code values[seed][prompt]}. */
  public static Crossed of(double[][] values) {
    boolean[][] scored = new boolean[values.length][];
    for (int seed = 0; seed < values.length; seed++) {
      scored[seed] = all(values[seed].length);
    }
    return of(values, scored);
  }

  /** As {@link #of(double[][])} where {@code scored[seed][prompt]}; other values are not read. */
  public static Crossed of(double[][] values, boolean[][] scored) {
    checkShape(values, scored);
    int seeds = values.length;
    int asked = seeds == 0 ? 0 : values[0].length;
    boolean[] complete = new boolean[asked];
    int kept = 0;
    for (int prompt = 0; prompt < asked; prompt++) {
      complete[prompt] = inEverySeed(scored, prompt);
      if (complete[prompt]) {
        kept++;
      }
    }
    double[][] keptValues = new double[seeds][kept];
    for (int seed = 0; seed < seeds; seed++) {
      int next = 0;
      for (int prompt = 0; prompt < asked; prompt++) {
        if (complete[prompt]) {
          keptValues[seed][next++] = finite(values[seed][prompt], seed, prompt);
        }
      }
    }
    return new Crossed(keptValues, kept, asked - kept);
  }

  /** One number a seed, seen as a layout of a single prompt. */
  static Crossed ofSeeds(double[] perSeed) {
    double[][] values = new double[perSeed.length][];
    for (int seed = 0; seed < perSeed.length; seed++) {
      values[seed] = new double[] {perSeed[seed]};
    }
    return of(values);
  }

  public int seeds() {
    return values.length;
  }

  /** Prompts kept: those with a number in every seed. */
  public int prompts() {
    return prompts;
  }

  /** Prompts left out, because at least one seed lacks their number. */
  public int droppedPrompts() {
    return droppedPrompts;
  }

  boolean isEmpty() {
    return values.length == 0 || prompts == 0;
  }

  double value(int seed, int prompt) {
    return values[seed][prompt];
  }

  /** The layout of {@code f} of each number. */
  Crossed map(DoubleUnaryOperator f) {
    double[][] mapped = new double[values.length][prompts];
    for (int seed = 0; seed < values.length; seed++) {
      for (int prompt = 0; prompt < prompts; prompt++) {
        mapped[seed][prompt] = finite(f.applyAsDouble(values[seed][prompt]), seed, prompt);
      }
    }
    return new Crossed(mapped, prompts, droppedPrompts);
  }

  static boolean[] all(int prompts) {
    boolean[] marks = new boolean[prompts];
    Arrays.fill(marks, true);
    return marks;
  }

  private static void checkShape(double[][] values, boolean[][] scored) {
    if (values.length != scored.length) {
      throw new IllegalArgumentException(
          "values have %d seeds, scored has %d".formatted(values.length, scored.length));
    }
    for (int seed = 0; seed < values.length; seed++) {
      if (values[seed].length != values[0].length || scored[seed].length != values[0].length) {
        throw new IllegalArgumentException(
            "seed 0 has %d prompts, seed %d has %d values and %d marks"
                .formatted(values[0].length, seed, values[seed].length, scored[seed].length));
      }
    }
  }

  private static boolean inEverySeed(boolean[][] scored, int prompt) {
    for (boolean[] ofSeed : scored) {
      if (!ofSeed[prompt]) {
        return false;
      }
    }
    return true;
  }

  private static double finite(double value, int seed, int prompt) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "the value of seed %d and prompt %d is %s; mark it as not scored"
              .formatted(seed, prompt, value));
    }
    return value;
  }
}
