package org.onset.decode;

import java.util.Locale;

/** Why a completion ended. */
public enum Finish {
  /** A stop token was generated; it is the last of the completion's tokens. */
  STOP,
  /** The limit of new tokens, or the model's context, was reached. */
  LENGTH,
  /** The harmfulness tag was the most likely next token, and the decoder stops on that. */
  SHORT_CIRCUIT;

  /** The word in results and answers: {@code stop}, {@code length} or {@code short_circuit}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
