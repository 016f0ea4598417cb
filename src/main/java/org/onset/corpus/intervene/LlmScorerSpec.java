package org.onset.corpus.intervene;

import java.io.Serializable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.endpoint.EndpointSpec;

/**
 * Which model scores texts, and how it is asked.
 *
 * @param maxTokens the longest answer, which is a line of JSON
 * @param chunkCharacters longer texts (in Unicode code points) are scored in chunks, and the
 *     highest counts
 */
public record LlmScorerSpec(EndpointSpec endpoint, int maxTokens, int chunkCharacters)
    implements Checked, Serializable {
  private static final int MOST_TOKENS = 100_000;
  private static final int FEWEST_CHARACTERS = 200;

  /** Enough for the answer, and chunks of some 1,500 tokens. */
  public static LlmScorerSpec standard(EndpointSpec endpoint) {
    return new LlmScorerSpec(endpoint, 64, 6_000);
  }

  @Override
  public void check(Problems problems) {
    endpoint.check(problems.in("endpoint"));
    problems.within("maxTokens", maxTokens, 1, MOST_TOKENS);
    problems.require(
        chunkCharacters >= FEWEST_CHARACTERS,
        "chunkCharacters",
        "must be at least %d, was %d",
        FEWEST_CHARACTERS,
        chunkCharacters);
  }
}
