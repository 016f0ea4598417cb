package org.onset.decode;

import java.util.Arrays;

/**
 * A text to be continued. The {@code id} keys its random numbers, so it tells prompts of one study
 * apart; the array is not copied and must not change.
 */
@SuppressWarnings("ArrayRecordComponent") // tokens stay primitive; equality below goes by content
public record Prompt(String id, int[] tokens) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Prompt(String otherId, int[] otherTokens)
        && id.equals(otherId)
        && Arrays.equals(tokens, otherTokens);
  }

  @Override
  public int hashCode() {
    return 31 * id.hashCode() + Arrays.hashCode(tokens);
  }

  @Override
  public String toString() {
    return "Prompt[id=" + id + ", tokens=" + Arrays.toString(tokens) + "]";
  }
}
