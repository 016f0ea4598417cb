package org.onset.stats;

/**
 * The two-way random-effects layout of seeds × prompts: a mean, the variance that this mean has
 * over studies with other seeds and other prompts, and how well that variance is known.
 *
 * @param mean over all cells
 * @param variance of the mean; 0 where all values are equal
 * @param degreesOfFreedom of {@code variance}, Satterthwaite's
 * @param seedSd standard deviation over seeds of the mean over prompts; 0 with one seed
 */
record Layout(
    double mean,
    double variance,
    double degreesOfFreedom,
    double seedSd,
    int seeds,
    int prompts,
    Coverage coverage) {

  /**
   * The share of a mean square's variance that stays when all of it below its expectation is cut
   * off: exactly .56 at 3 degrees of freedom, .53 at 4, .34 in the limit.
   */
  private static final double SHARE_ABOVE_FLOOR = 0.5;

  /**
   * With fewer seeds the mean square between them says too little to tell whether it is at the
   * floor.
   */
  private static final int MIN_SEEDS_FOR_FLOOR = 4;

  /** {@code values} hold two seeds or two prompts at least. */
  static Layout of(Crossed values) {
    int seeds = values.seeds();
    int prompts = values.prompts();
    double[] seedMeans = new double[seeds];
    double[] promptMeans = new double[prompts];
    double sum = 0;
    double min = values.value(0, 0);
    double max = min;
    for (int seed = 0; seed < seeds; seed++) {
      for (int prompt = 0; prompt < prompts; prompt++) {
        double value = values.value(seed, prompt);
        seedMeans[seed] += value / prompts;
        promptMeans[prompt] += value / seeds;
        sum += value;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    double mean = Math.clamp(sum / ((double) seeds * prompts), min, max);
    double seedDf = seeds - 1;
    double promptDf = prompts - 1;
    if (seeds == 1) {
      double variance = squaresAround(mean, promptMeans) / promptDf / prompts;
      return new Layout(
          mean, equal(min, max) ? 0 : variance, promptDf, 0, seeds, prompts, Coverage.PROMPTS_ONLY);
    }
    double seedVariance = equal(min, max) ? 0 : squaresAround(mean, seedMeans) / seedDf;
    double seedSd = Math.sqrt(seedVariance);
    if (prompts == 1) {
      return new Layout(
          mean, seedVariance / seeds, seedDf, seedSd, seeds, prompts, Coverage.SEEDS_ONLY);
    }
    if (equal(min, max)) {
      return new Layout(mean, 0, seedDf, 0, seeds, prompts, Coverage.SEEDS_AND_PROMPTS);
    }
    MeanSquares squares =
        new MeanSquares(
            prompts * seedVariance,
            seeds * squaresAround(mean, promptMeans) / promptDf,
            residualSquares(values, mean, seedMeans, promptMeans) / (seedDf * promptDf));
    return new Layout(
        mean,
        squares.total() / ((double) seeds * prompts),
        squares.degreesOfFreedom(seeds, prompts),
        seedSd,
        seeds,
        prompts,
        Coverage.SEEDS_AND_PROMPTS);
  }

  /** Differences of rounding are no differences. */
  private static boolean equal(double min, double max) {
    return max - min <= 1e-12 * Math.max(Math.abs(min), Math.abs(max));
  }

  /** Mean squares between seeds, between prompts, and of what neither explains. */
  private record MeanSquares(double seed, double prompt, double residual) {
    /** Seeds × prompts times the variance of the mean; never below the residual's own. */
    double total() {
      return Math.max(seed + prompt - residual, residual);
    }

    /** Satterthwaite's, of the floored {@link #total}. */
    double degreesOfFreedom(int seeds, int prompts) {
      double seedDf = seeds - 1;
      double promptDf = prompts - 1;
      double cut = seeds < MIN_SEEDS_FOR_FLOOR ? 0 : 1 - SHARE_ABOVE_FLOOR;
      double halfVariance =
          aboveFloor(seed, cut) / seedDf
              + aboveFloor(prompt, cut) / promptDf
              + residual * residual / (seedDf * promptDf);
      return Math.max(total() * total() / halfVariance, Math.min(seedDf, promptDf));
    }

    private double aboveFloor(double meanSquare, double cut) {
      double below = Math.min(meanSquare, residual);
      return meanSquare * meanSquare - cut * below * below;
    }
  }

  private static double residualSquares(
      Crossed values, double mean, double[] seedMeans, double[] promptMeans) {
    double sum = 0;
    for (int seed = 0; seed < seedMeans.length; seed++) {
      for (int prompt = 0; prompt < promptMeans.length; prompt++) {
        double residual = values.value(seed, prompt) - seedMeans[seed] - promptMeans[prompt] + mean;
        sum += residual * residual;
      }
    }
    return sum;
  }

  private static double squaresAround(double mean, double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum;
  }
}
