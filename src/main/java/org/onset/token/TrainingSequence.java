package org.onset.token;

import java.util.Arrays;

/**
 * Token ids, and for each whether the model is trained to predict it. The arrays are neither copied
 * nor to be changed. The first token is never predicted, whatever its mark says.
 */
@SuppressWarnings("ArrayRecordComponent") // millions are made and none is ever compared
public record TrainingSequence(int[] tokens, boolean[] trained) {
  public TrainingSequence {
    if (tokens.length != trained.length) {
      throw new IllegalArgumentException(
          "one mark a token: %d tokens, %d marks".formatted(tokens.length, trained.length));
    }
  }

  /** A whole document under loss, the end-of-text token put behind it included. */
  public static TrainingSequence document(int[] tokens, int endOfText) {
    int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
    ended[tokens.length] = endOfText;
    boolean[] trained = new boolean[ended.length];
    Arrays.fill(trained, 1, trained.length, true);
    return new TrainingSequence(ended, trained);
  }
}
