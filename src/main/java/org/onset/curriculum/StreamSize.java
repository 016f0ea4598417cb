package org.onset.curriculum;

import java.util.OptionalInt;

/**
 * What a plan needs to know of a stream.
 *
 * @param trainedTokens tokens that carry loss, in all windows together
 * @param maxEpochs how often the stream may be passed; empty for as often as the schedule asks
 */
public record StreamSize(int windows, long trainedTokens, OptionalInt maxEpochs) {
  public StreamSize {
    if (windows <= 0 || trainedTokens < 0) {
      throw new IllegalArgumentException(
          "a stream of %d windows and %d trained tokens".formatted(windows, trainedTokens));
    }
  }

  /** Trained tokens in the first {@code draws} windows; a part of an epoch counts by its share. */
  public long trainedTokensIn(long draws) {
    long epochs = draws / windows;
    long rest = draws % windows;
    return epochs * trainedTokens + Math.round((double) rest * trainedTokens / windows);
  }

  public double trainedTokensPerWindow() {
    return (double) trainedTokens / windows;
  }
}
