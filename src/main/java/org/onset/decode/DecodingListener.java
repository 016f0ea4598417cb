package org.onset.decode;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Hears how completions come about, while they do. */
public interface DecodingListener {
  DecodingListener NONE = new DecodingListener() {};

  /** A decoder that goes on in one row has chosen a prompt's next token, stop tokens included. */
  default void chosen(Prompt prompt, int token) {}

  /**
   * A beam search has decided a step: its candidates, in their order, to be asked for during the
   * call.
   */
  default void decided(Prompt prompt, Supplier<List<Candidate>> candidates) {}

  /**
   * What could have become a beam.
   *
   * @param beam the beam that it extends, by its place among those kept a step before, best first
   * @param token what it appends; nothing where that beam had ended and competes as it is
   * @param logProbability the token's own, natural; 0 without a token
   * @param total the sum over the beam's tokens, this one included
   * @param tagProbability that the tag follows it, where the search looks for that; 0 where nothing
   *     follows since it has ended
   * @param kept whether it is a beam of the next step
   */
  record Candidate(
      int beam,
      OptionalInt token,
      double logProbability,
      double total,
      OptionalDouble tagProbability,
      boolean kept) {}
}
