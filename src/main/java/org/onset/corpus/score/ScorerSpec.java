package org.onset.corpus.score;

import org.onset.Checked;
import org.onset.Problems;

/**
 * How a safety scorer reads texts and learns.
 *
 * @param hashBits n-grams share 2^hashBits weights
 * @param wordGrams runs of 1 to so many words count
 * @param characterGrams runs of 3 to so many characters of a word count too; 0: none
 * @param cost what a unit of loss costs beside half the squared length of the weights; higher fits
 *     closer
 * @param unsafeWeight how much more the loss of a text at or above a score counts than that of one
 *     below; above 1 trades precision for recall
 * @param threshold a score is given from this probability on
 * @param chunkWords longer texts are scored in chunks of at most so many words, and the highest
 *     counts
 */
public record ScorerSpec(
    int hashBits,
    int wordGrams,
    int characterGrams,
    double cost,
    double unsafeWeight,
    double threshold,
    int chunkWords)
    implements Checked {

  static final int FIRST_CHARACTER_GRAM = 3;

  /** What served best on labelled tweets, comments, statements and prompts. */
  public static ScorerSpec standard() {
    return new ScorerSpec(18, 2, 4, 10, 1, 0.5, 200);
  }

  @Override
  public void check(Problems problems) {
    problems.within("hashBits", hashBits, 8, 24);
    problems.within("wordGrams", wordGrams, 1, 5);
    problems.require(
        characterGrams == 0 || (characterGrams >= FIRST_CHARACTER_GRAM && characterGrams <= 8),
        "characterGrams",
        "must be 0 (none) or lie within %d and 8, was %d",
        FIRST_CHARACTER_GRAM,
        characterGrams);
    problems.positive("cost", cost);
    problems.positive("unsafeWeight", unsafeWeight);
    problems.require(
        threshold > 0 && threshold < 1, "threshold", "must lie between 0 and 1, was %s", threshold);
    problems.positive("chunkWords", chunkWords);
  }
}
