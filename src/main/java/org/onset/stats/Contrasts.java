package org.onset.stats;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Differences between two arms that share their seeds and prompts. */
public final class Contrasts {
  /** Below this many seeds a difference is shown but not tested. */
  public static final int MIN_SEEDS = 6;

  /** Below this many seeds their spread is hardly known. */
  private static final int ROUGH_SEEDS = 4;

  private Contrasts() {}

  /**
   * {@code arm − baseline} of shares in [0, 1]; row i of both is the same seed, column j the same
   * prompt. The interval is never of zero width and stays within [−1, 1].
   */
  public static Contrast paired(double[][] arm, double[][] baseline) {
    return paired(arm, everywhere(arm), baseline, everywhere(baseline));
  }

  /** As above, over the prompts that have a share in every seed of both arms. */
  public static Contrast paired(
      double[][] arm, boolean[][] armScored, double[][] baseline, boolean[][] baselineScored) {
    Intervals.requireShares(Crossed.of(arm, armScored));
    Intervals.requireShares(Crossed.of(baseline, baselineScored));
    Crossed differences = differences(arm, armScored, baseline, baselineScored);
    if (differences.isEmpty()) {
      return untested(new Estimate.Unmeasured(Intervals.NO_PROMPT), Intervals.NO_PROMPT);
    }
    if (differences.seeds() == 1 && differences.prompts() == 1) {
      return untested(
          new Estimate.Point(differences.value(0, 0), 1, 1, Intervals.ONE_CELL),
          Intervals.ONE_CELL);
    }
    Layout layout = Layout.of(differences);
    Estimate difference =
        layout.variance() == 0
            ? unvaryingShares(layout)
            : Intervals.transformed(
                Intervals.tInterval(layout, layout.prompts()), bound -> Math.clamp(bound, -1, 1));
    return tested(difference, layout);
  }

  /** {@code arm − baseline} of any numbers, such as log-perplexities, by seed and prompt. */
  public static Contrast pairedValues(double[][] arm, double[][] baseline) {
    Crossed differences = differences(arm, everywhere(arm), baseline, everywhere(baseline));
    Estimate difference = Intervals.mean(differences);
    return tested(difference, differences);
  }

  /** {@code arm − baseline} of a number that each seed has one of, such as an AUROC. */
  public static Contrast pairedSeeds(double[] arm, double[] baseline) {
    if (arm.length != baseline.length) {
      throw new IllegalArgumentException(
          "the arm has %d seeds, the baseline %d".formatted(arm.length, baseline.length));
    }
    double[] difference = new double[arm.length];
    for (int seed = 0; seed < arm.length; seed++) {
      difference[seed] = arm[seed] - baseline[seed];
    }
    return tested(Intervals.overSeeds(difference), Crossed.ofSeeds(difference));
  }

  private static Contrast tested(Estimate difference, Crossed differences) {
    return switch (difference) {
      case Estimate.Unmeasured(String reason) -> untested(difference, reason);
      case Estimate.Point(_, _, _, String reason)
          when differences.seeds() == 1 && differences.prompts() == 1 ->
          untested(difference, reason);
      case Estimate.Point _, Estimate.Interval _ -> tested(difference, Layout.of(differences));
    };
  }

  private static Contrast tested(Estimate difference, Layout layout) {
    int seeds = layout.seeds();
    if (seeds < 2) {
      return untested(difference, "1 seed; a difference is tested from %d on".formatted(MIN_SEEDS));
    }
    double seedSd = layout.seedSd();
    int needed = Power.seedsNeeded(seedSd, Power.DIFFERENCE);
    if (seeds < MIN_SEEDS) {
      String reason =
          String.format(
              Locale.ROOT,
              "%d seeds; a difference is tested from %d on, and %s %d would find a difference"
                  + " of %.2f four times in five",
              seeds,
              MIN_SEEDS,
              seeds < ROUGH_SEEDS ? "by a rough guess" : "about",
              needed,
              Power.DIFFERENCE);
      return new Contrast(
          difference,
          OptionalDouble.empty(),
          Optional.of(reason),
          OptionalDouble.of(seedSd),
          OptionalInt.of(needed));
    }
    return new Contrast(
        difference,
        OptionalDouble.of(p(layout)),
        Optional.empty(),
        OptionalDouble.of(seedSd),
        OptionalInt.of(needed));
  }

  /**
   * Never more degrees of freedom than the seeds have: what is claimed of an intervention rests on
   * repeated trainings, however many prompts each was asked. Where nothing varies t says nothing,
   * and the smallest p-value of flipping the seeds' signs takes its place.
   */
  private static double p(Layout layout) {
    if (layout.variance() == 0) {
      return layout.mean() == 0 ? 1 : Math.scalb(1.0, 1 - layout.seeds());
    }
    double t = layout.mean() / Math.sqrt(layout.variance());
    return Quantiles.twoSided(t, Math.min(layout.degreesOfFreedom(), layout.seeds() - 1));
  }

  /**
   * The same difference everywhere: as far from it as the share of prompts that differ otherwise
   * could lie, given that none of these did.
   */
  private static Estimate unvaryingShares(Layout layout) {
    double trials = layout.prompts() == 1 ? layout.seeds() : layout.prompts();
    double otherwise = Quantiles.highestShare(0, trials);
    return new Estimate.Interval(
        layout.mean(),
        Math.max(-1, layout.mean() - otherwise),
        Math.min(1, layout.mean() + otherwise),
        layout.seeds(),
        layout.prompts(),
        layout.coverage());
  }

  private static Contrast untested(Estimate difference, String reason) {
    return new Contrast(
        difference,
        OptionalDouble.empty(),
        Optional.of(reason),
        OptionalDouble.empty(),
        OptionalInt.empty());
  }

  private static Crossed differences(
      double[][] arm, boolean[][] armScored, double[][] baseline, boolean[][] baselineScored) {
    if (arm.length != baseline.length) {
      throw new IllegalArgumentException(
          "the arm has %d seeds, the baseline %d".formatted(arm.length, baseline.length));
    }
    double[][] difference = new double[arm.length][];
    boolean[][] scored = new boolean[arm.length][];
    for (int seed = 0; seed < arm.length; seed++) {
      int prompts = arm[seed].length;
      if (baseline[seed].length != prompts) {
        throw new IllegalArgumentException(
            "in seed %d the arm has %d prompts, the baseline %d"
                .formatted(seed, prompts, baseline[seed].length));
      }
      difference[seed] = new double[prompts];
      scored[seed] = new boolean[prompts];
      for (int prompt = 0; prompt < prompts; prompt++) {
        scored[seed][prompt] = armScored[seed][prompt] && baselineScored[seed][prompt];
        difference[seed][prompt] =
            scored[seed][prompt] ? arm[seed][prompt] - baseline[seed][prompt] : 0;
      }
    }
    return Crossed.of(difference, scored);
  }

  private static boolean[][] everywhere(double[][] values) {
    boolean[][] scored = new boolean[values.length][];
    for (int seed = 0; seed < values.length; seed++) {
      scored[seed] = Crossed.all(values[seed].length);
    }
    return scored;
  }
}
