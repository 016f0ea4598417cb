package org.onset.corpus.intervene;

import java.io.Serializable;
import org.onset.Checked;
import org.onset.Problems;

/**
 * How a model is asked for words. Characters are Unicode code points.
 *
 * @param maxTokens the longest answer; one that reaches it is a failure
 * @param partCharacters a longer document is cut at the ends of paragraphs (of sentences, or of
 *     words, where there are none): to be rephrased, each part is asked for by itself; to be
 *     refused or moralised, only its first part is shown; of a reflection's passage, the last
 * @param maxCharacters a longer document is not rephrased, and not reflected on
 */
public record Asking(int maxTokens, double temperature, int partCharacters, int maxCharacters)
    implements Checked, Serializable {
  private static final int MOST_TOKENS = 1_000_000;
  private static final int FEWEST_CHARACTERS = 200;

  @Override
  public void check(Problems problems) {
    problems.within("maxTokens", maxTokens, 1, MOST_TOKENS);
    problems.within("temperature", temperature, 0, 2);
    problems.require(
        partCharacters >= FEWEST_CHARACTERS,
        "partCharacters",
        "must be at least %d, was %d",
        FEWEST_CHARACTERS,
        partCharacters);
    problems.require(
        maxCharacters >= partCharacters,
        "maxCharacters",
        "must be at least partCharacters (%d), was %d",
        partCharacters,
        maxCharacters);
  }
}
