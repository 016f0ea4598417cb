package org.onset.decode;

/** What generating needs of a language model: in use the transformer, in tests a table. */
interface LanguageModel {
  int vocabSize();

  int maxContextLength();

  /** Memory that one token of one row takes in the cache. */
  long cacheBytesPerToken();

  /** Room for {@code count} rows of text of at most {@code maxLength} tokens each. */
  Rows rows(int count, int maxLength);

  /**
   * Texts in the middle of being continued. {@link #prefill} comes first, once. Logits returned are
   * the caller's, and unnormalised.
   */
  interface Rows extends AutoCloseable {
    /** Starts the rows; returns the logits after each prompt's last token, [row][vocab]. */
    float[][] prefill(int[][] prompts);

    /** Appends one token to each row; returns the logits after it, [row][vocab]. */
    float[][] step(int[] tokens);

    /**
     * Row i becomes a copy of what row {@code sourceRows[i]} was; rows may become more or fewer.
     */
    void reorder(int[] sourceRows);

    /**
     * The logits after each of the candidate next tokens, [row][candidate][vocab], all rows having
     * equally many; the rows stay as they are.
     */
    float[][][] lookahead(int[][] candidates);

    /**
     * Row i becomes what row {@code sourceRows[i]} was, with the token that stood at {@code
     * candidateIndex[i]} in the latest {@link #lookahead} appended.
     */
    void advance(int[] sourceRows, int[] candidateIndex);

    @Override
    void close();
  }
}
