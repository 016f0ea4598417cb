package org.onset.corpus.clean;

/**
 * What of a text's lines, or of its paragraphs, repeats an earlier one.
 *
 * @param total how many there are
 * @param repeated how many of them repeat one
 * @param characters the code points in those
 */
record Repeats(int total, int repeated, int characters) {
  /** Where there is nothing, nothing repeats. */
  double share() {
    return total == 0 ? 0 : (double) repeated / total;
  }
}
