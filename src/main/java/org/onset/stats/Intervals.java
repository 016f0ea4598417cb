package org.onset.stats;

import java.util.function.DoubleUnaryOperator;

/** 95% intervals of one arm's numbers; the definitions are those of {@code docs/statistics.md}. */
public final class Intervals {
  static final String NO_PROMPT = "no prompt has a number in every seed";
  static final String NO_SEED = "no seed has a number";
  static final String ONE_CELL = "one prompt in one seed: the spread is unknown";
  static final String ONE_SEED = "one seed: the spread between seeds is unknown";
  static final String NO_SPREAD = "every value is the same: the spread is unknown";

  private Intervals() {}

  /** The mean of shares in [0, 1] over seeds and prompts; never of zero width, within [0, 1]. */
  public static Estimate proportion(Crossed shares) {
    requireShares(shares);
    if (shares.isEmpty()) {
      return new Estimate.Unmeasured(NO_PROMPT);
    }
    if (shares.seeds() == 1 && shares.prompts() == 1) {
      return new Estimate.Point(shares.value(0, 0), 1, 1, ONE_CELL);
    }
    Layout layout = Layout.of(shares);
    double mean = layout.mean();
    double trials = effectiveTrials(layout);
    return new Estimate.Interval(
        mean,
        Math.min(mean, Quantiles.lowestShare(mean * trials, trials)),
        Math.max(mean, Quantiles.highestShare(mean * trials, trials)),
        layout.seeds(),
        layout.prompts(),
        layout.coverage());
  }

  public static Estimate proportion(double[][] shares) {
    return proportion(Crossed.of(shares));
  }

  /** The mean of any numbers over seeds and prompts. */
  public static Estimate mean(Crossed values) {
    if (values.isEmpty()) {
      return new Estimate.Unmeasured(NO_PROMPT);
    }
    return tInterval(values, values.prompts(), ONE_CELL);
  }

  public static Estimate mean(double[][] values) {
    return mean(Crossed.of(values));
  }

  /**
   * The geometric mean of positive numbers, with its interval made on the log scale. Of the
   * perplexities of held-out windows with equally many targets it is the perplexity of them all.
   */
  public static Estimate logMean(Crossed positiveValues) {
    return transformed(mean(positiveValues.map(Intervals::logOfPositive)), Math::exp);
  }

  public static Estimate logMean(double[][] positiveValues) {
    return logMean(Crossed.of(positiveValues));
  }

  /** The mean over seeds of a number that each seed has one of. */
  public static Estimate overSeeds(double[] perSeed) {
    return overSeeds(Crossed.ofSeeds(perSeed));
  }

  /** As {@link #overSeeds}, for numbers in [0, 1] such as an AUROC: the interval stays there. */
  public static Estimate shareOverSeeds(double[] perSeed) {
    Crossed shares = Crossed.ofSeeds(perSeed);
    requireShares(shares);
    return transformed(overSeeds(shares), bound -> Math.clamp(bound, 0, 1));
  }

  /**
   * As {@link #overSeeds}, on the log scale, for positive numbers such as one perplexity a seed.
   */
  public static Estimate logOverSeeds(double[] perSeed) {
    return transformed(
        overSeeds(Crossed.ofSeeds(perSeed).map(Intervals::logOfPositive)), Math::exp);
  }

  private static Estimate overSeeds(Crossed perSeed) {
    if (perSeed.isEmpty()) {
      return new Estimate.Unmeasured(NO_SEED);
    }
    return tInterval(perSeed, 0, ONE_SEED);
  }

  private static Estimate tInterval(Crossed values, int prompts, String whyOneCellIsNotEnough) {
    if (values.seeds() == 1 && values.prompts() == 1) {
      return new Estimate.Point(values.value(0, 0), 1, prompts, whyOneCellIsNotEnough);
    }
    return tInterval(Layout.of(values), prompts);
  }

  /** Mean ± t · √variance; a point where no spread was seen. */
  static Estimate tInterval(Layout layout, int prompts) {
    double mean = layout.mean();
    if (layout.variance() == 0) {
      return new Estimate.Point(mean, layout.seeds(), prompts, NO_SPREAD);
    }
    double half = Quantiles.t(layout.degreesOfFreedom()) * Math.sqrt(layout.variance());
    return new Estimate.Interval(
        mean, mean - half, mean + half, layout.seeds(), prompts, layout.coverage());
  }

  /**
   * How many independent trials would know the share as well as this layout does (Korn and
   * Graubard): at most all cells, and where every cell agrees the number of prompts (of seeds where
   * there is one prompt).
   */
  private static double effectiveTrials(Layout layout) {
    double mean = layout.mean();
    double cells = (double) layout.seeds() * layout.prompts();
    if (mean <= 0 || mean >= 1) {
      return layout.prompts() == 1 ? layout.seeds() : layout.prompts();
    }
    if (layout.variance() == 0) {
      return cells;
    }
    double ratio = Quantiles.Z / Quantiles.t(layout.degreesOfFreedom());
    return Math.min(cells, mean * (1 - mean) / layout.variance() * ratio * ratio);
  }

  /** {@code estimate} on another scale; {@code scale} rises. */
  static Estimate transformed(Estimate estimate, DoubleUnaryOperator scale) {
    return switch (estimate) {
      case Estimate.Interval(
              double value,
              double low,
              double high,
              int seeds,
              int prompts,
              Coverage coverage) ->
          new Estimate.Interval(
              scale.applyAsDouble(value),
              scale.applyAsDouble(low),
              scale.applyAsDouble(high),
              seeds,
              prompts,
              coverage);
      case Estimate.Point(double value, int seeds, int prompts, String reason) ->
          new Estimate.Point(scale.applyAsDouble(value), seeds, prompts, reason);
      case Estimate.Unmeasured unmeasured -> unmeasured;
    };
  }

  static void requireShares(Crossed shares) {
    for (int seed = 0; seed < shares.seeds(); seed++) {
      for (int prompt = 0; prompt < shares.prompts(); prompt++) {
        double share = shares.value(seed, prompt);
        if (share < 0 || share > 1) {
          throw new IllegalArgumentException(
              "the share of seed %d and prompt %d is %s, outside [0, 1]"
                  .formatted(seed, prompt, share));
        }
      }
    }
  }

  private static double logOfPositive(double value) {
    if (value <= 0) {
      throw new IllegalArgumentException("the log scale needs positive numbers, got " + value);
    }
    return Math.log(value);
  }
}
