package org.onset.token;

import java.util.List;

/**
 * The special tokens that every tokenizer made here holds, at the ids 0 to 4 in this order. Only
 * {@link ChatTemplate}, {@link TrainingSequence#document}, {@link WindowWriter} and {@link
 * Tokenizer#encodeTagged} ever make their ids; the same characters in a text are text.
 */
public final class SpecialTokens {
  /** Ends a document; also fills windows up, where it carries no loss. */
  public static final String END_OF_TEXT = "<|endoftext|>";

  public static final String USER = "<|user|>";
  public static final String ASSISTANT = "<|assistant|>";

  /** Ends what a user or the assistant says. */
  public static final String END_OF_TURN = "<|end|>";

  /** The harmfulness tag: marks unsafe text as such, word by word. */
  public static final String TAG = "<potentially unsafe content>";

  private static final List<String> ALL = List.of(END_OF_TEXT, USER, ASSISTANT, END_OF_TURN, TAG);

  private SpecialTokens() {}

  public static List<String> all() {
    return ALL;
  }
}
