package org.onset.corpus.clean;

import java.io.Serializable;
import org.onset.Checked;
import org.onset.Problems;

/**
 * Which texts count as near-duplicates, and how they are found among many: each text gets {@code
 * bands * rowsPerBand} minima of hash functions, and two texts that agree on all minima of a band
 * are candidates, whose Jaccard index is then compared with the threshold itself (Leskovec,
 * Rajaraman and Ullman, Mining of Massive Datasets, section 3.4).
 *
 * @param threshold texts are near-duplicates from this Jaccard index of their shingles on
 * @param wordsPerShingle how many words a shingle is made of
 */
public record MinHashSpec(double threshold, int wordsPerShingle, int bands, int rowsPerBand)
    implements Checked, Serializable {

  /**
   * How much worse a missed pair is than a candidate that turns out not to be one. Candidates are
   * verified, so a false one costs a comparison, a missed pair stays in the corpus.
   */
  private static final double MISSED_WEIGHT = 9;

  private static final int STEPS = 200;
  private static final int MOST_FUNCTIONS = 2_048;
  private static final int MOST_WORDS = 100;

  /**
   * 14 bands of 8 rows over runs of 5 words, as Hugging Face's datatrove has it; the threshold is
   * near the steepest place of their curve, (1/14)^(1/8). They find 65% of the pairs at the
   * threshold itself, 92% of those at 0.8 and over 99.9% at 0.9.
   */
  public static MinHashSpec standard() {
    return new MinHashSpec(0.72, 5, 14, 8);
  }

  /**
   * The bands and rows that fit a threshold best with at most {@code permutations} functions: those
   * with the least weighted area between the curve of {@link #candidateProbability} and a step at
   * the threshold, a missed pair weighing nine times a candidate for nothing.
   */
  public static MinHashSpec forThreshold(double threshold, int wordsPerShingle, int permutations) {
    if (permutations < 1 || permutations > MOST_FUNCTIONS) {
      throw new IllegalArgumentException(
          "permutations must lie within 1 and %d, was %d".formatted(MOST_FUNCTIONS, permutations));
    }
    MinHashSpec best = new MinHashSpec(threshold, wordsPerShingle, 1, 1);
    double least = best.errorArea();
    for (int rows = 1; rows <= permutations; rows++) {
      for (int bands = 1; bands * rows <= permutations; bands++) {
        MinHashSpec other = new MinHashSpec(threshold, wordsPerShingle, bands, rows);
        double area = other.errorArea();
        if (area < least) {
          best = other;
          least = area;
        }
      }
    }
    return best;
  }

  /** How likely two texts of this Jaccard index are to become candidates. */
  public double candidateProbability(double jaccard) {
    return -Math.expm1(bands * Math.log1p(-Math.pow(jaccard, rowsPerBand)));
  }

  @Override
  public void check(Problems problems) {
    problems.require(
        threshold > 0 && threshold <= 1,
        "threshold",
        "must be above 0 and at most 1, was %s",
        threshold);
    problems.within("wordsPerShingle", wordsPerShingle, 1, MOST_WORDS);
    problems.positive("bands", bands);
    problems.positive("rowsPerBand", rowsPerBand);
    if (bands > 0 && rowsPerBand > 0) {
      problems.require(
          (long) bands * rowsPerBand <= MOST_FUNCTIONS,
          "bands",
          "times rowsPerBand must be at most %d, was %d; fewer bands do for a higher threshold",
          MOST_FUNCTIONS,
          (long) bands * rowsPerBand);
    }
  }

  private double errorArea() {
    double area = 0;
    for (int i = 0; i < STEPS; i++) {
      double inside = (i + 0.5) / STEPS;
      area += threshold * candidateProbability(threshold * inside);
      double above = threshold + (1 - threshold) * inside;
      area += MISSED_WEIGHT * (1 - threshold) * (1 - candidateProbability(above));
    }
    return area / STEPS;
  }
}
