package org.onset.decode;

import java.util.Arrays;

/**
 * What a model made of a prompt: the new tokens only, the stop token included where there is one.
 *
 * @param logProbability the sum of the tokens' natural-log probabilities under the model as it is,
 *     whatever the decoder's temperature
 */
@SuppressWarnings("ArrayRecordComponent") // tokens stay primitive; equality below goes by content
public record Completion(int[] tokens, double logProbability, Finish finish) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Completion(int[] otherTokens, double otherSum, Finish otherFinish)
        && Arrays.equals(tokens, otherTokens)
        && Double.compare(logProbability, otherSum) == 0
        && finish == otherFinish;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(tokens) + Double.hashCode(logProbability);
  }

  @Override
  public String toString() {
    return "Completion[tokens="
        + Arrays.toString(tokens)
        + ", logProbability="
        + logProbability
        + ", finish="
        + finish
        + "]";
  }
}
