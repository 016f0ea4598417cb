package org.onset.corpus.intervene;

import org.onset.endpoint.Answer;

/** Why there is no text, or no score. Its word, {@link #toString}, is what reports count by. */
public enum Reason {
  /** Nothing but white space and literal tags stands in the document. */
  BLANK("blank"),
  /** The files hold no text for the document, and none for any. */
  NOT_IN_FILES("not in the files"),
  /** The document is longer than {@link Asking#maxCharacters}. */
  TOO_LONG_TO_REWRITE("too long to rewrite"),
  /** The text begins as the model's refusal to write it. */
  DECLINED("declined"),
  /** The text speaks of itself, or of the model that wrote it. */
  META_TEXT("meta text"),
  /** Marks of a chat template stand in the text, and not in the document. */
  CHAT_MARKUP("chat markup"),
  /** Below {@link Lengths}. */
  TOO_SHORT("too short"),
  /** Above {@link Lengths}. */
  TOO_LONG("too long"),
  /** The text repeats the document, or the part of it that was to be rewritten. */
  UNCHANGED("unchanged"),
  /** The text is no dialogue of two speakers. */
  NO_DIALOGUE("no dialogue"),
  /** Nobody refuses in the dialogue. */
  NO_REFUSAL("no refusal"),
  /** The safety scorer gives the rephrased text no lower score than its source has. */
  SCORES_NO_LOWER("scores no lower"),
  /** The text shares words in a row with a prompt of an evaluation suite. */
  CONTAMINATED("contaminated"),
  /** An answer that should hold a score holds none. */
  NO_SCORE("no score"),
  /** {@link Answer.Reason#TRUNCATED}, and so on with those below. */
  TRUNCATED("truncated"),
  FILTERED("filtered"),
  EMPTY("empty"),
  REFUSED_BY_SERVER("refused by the server"),
  OVERLOADED("overloaded"),
  TIMED_OUT("timed out"),
  UNREACHABLE("unreachable"),
  MALFORMED("malformed"),
  BUDGET_SPENT("budget spent");

  private final String word;

  Reason(String word) {
    this.word = word;
  }

  /**
   * Whether the same plan may succeed another time, with another budget or a server that answers.
   */
  public boolean isTemporary() {
    return switch (this) {
      case OVERLOADED, TIMED_OUT, UNREACHABLE, BUDGET_SPENT -> true;
      case BLANK,
          NOT_IN_FILES,
          TOO_LONG_TO_REWRITE,
          DECLINED,
          META_TEXT,
          CHAT_MARKUP,
          TOO_SHORT,
          TOO_LONG,
          UNCHANGED,
          NO_DIALOGUE,
          NO_REFUSAL,
          SCORES_NO_LOWER,
          CONTAMINATED,
          NO_SCORE,
          TRUNCATED,
          FILTERED,
          EMPTY,
          REFUSED_BY_SERVER,
          MALFORMED ->
          false;
    };
  }

  static Reason of(Answer.Reason reason) {
    return switch (reason) {
      case TRUNCATED -> TRUNCATED;
      case FILTERED -> FILTERED;
      case EMPTY -> EMPTY;
      case REFUSED_BY_SERVER -> REFUSED_BY_SERVER;
      case OVERLOADED -> OVERLOADED;
      case TIMED_OUT -> TIMED_OUT;
      case UNREACHABLE -> UNREACHABLE;
      case MALFORMED -> MALFORMED;
      case BUDGET_SPENT -> BUDGET_SPENT;
    };
  }

  @Override
  public String toString() {
    return word;
  }
}
