package org.onset.endpoint;

/** What became of a request. */
public sealed interface Answer {

  /**
   * A whole answer: the model stopped by itself.
   *
   * @param text not blank; as the model wrote it
   * @param promptTokens as the server reported them; where it reported none, what the budget was
   *     charged
   * @param completionTokens likewise
   */
  record Complete(String text, long promptTokens, long completionTokens) implements Answer {}

  /**
   * No usable answer.
   *
   * @param detail for people: what was seen, one short line
   */
  record Failed(Reason reason, String detail) implements Answer {}

  /** Why there is no answer. */
  enum Reason {
    /** The answer reached {@code maxTokens} before its end. */
    TRUNCATED,
    /**
     * The server withheld the answer, or part of it, for its content; or the model declined by the
     * protocol's own field.
     */
    FILTERED,
    /** The model stopped having said nothing but white space. */
    EMPTY,
    /** The server won't do it: a status of 4xx other than 408 and 429, or a redirect. */
    REFUSED_BY_SERVER,
    /** Status 429 or 5xx, to the last attempt, or a longer wait asked for than Onset waits. */
    OVERLOADED,
    /** No whole answer within {@code timeoutSeconds}, to the last attempt; status 408 likewise. */
    TIMED_OUT,
    /** No connection, or one that broke, to the last attempt. */
    UNREACHABLE,
    /** An answer that is not of the protocol: no JSON, no choices, an unknown reason to stop. */
    MALFORMED,
    /** The budget has no room for the request; it was not sent. */
    BUDGET_SPENT
  }
}
