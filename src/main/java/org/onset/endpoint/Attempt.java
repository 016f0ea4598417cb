package org.onset.endpoint;

import java.util.Optional;

/**
 * What came of sending a request once.
 *
 * @param repeatable whether another attempt may fare better
 * @param retryAfter the header of this name, as the server wrote it
 */
record Attempt(Answer answer, boolean repeatable, Optional<String> retryAfter, Cost cost) {

  /** What the attempt took from the budget. */
  sealed interface Cost {
    /** As the server said. */
    record Reported(long promptTokens, long completionTokens) implements Cost {}

    /** No connection, so nothing was sent. */
    record Nothing() implements Cost {}

    /** The server read the request and answered with an error, so the model wrote nothing. */
    record Prompt() implements Cost {}

    /** The model may have written an answer to its last token, for all that is known. */
    record Everything() implements Cost {}

    default long tokens(ChatRequest request) {
      return switch (this) {
        case Reported(long promptTokens, long completionTokens) -> promptTokens + completionTokens;
        case Nothing() -> 0;
        case Prompt() -> request.estimatedPromptTokens();
        case Everything() -> request.estimatedPromptTokens() + request.maxTokens();
      };
    }
  }

  static Attempt settled(Answer answer, Cost cost) {
    return new Attempt(answer, false, Optional.empty(), cost);
  }

  static Attempt repeatable(Answer answer, Cost cost) {
    return new Attempt(answer, true, Optional.empty(), cost);
  }
}
