package org.onset.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one step trains on: {@code tokens} [batch][time + 1], and which of them are targets; the
 * first of a row never is.
 */
@SuppressWarnings("ArrayRecordComponent") // What the model takes; read once, and never compared.
public record Batch(int[][] tokens, boolean[][] trained) {
  public Batch {
    if (tokens.length == 0 || tokens.length != trained.length) {
      throw new IllegalArgumentException(
          "%d rows of tokens, %d rows of marks".formatted(tokens.length, trained.length));
    }
    for (int row = 0; row < tokens.length; row++) {
      int width = tokens[row].length;
      if (width != tokens[0].length || width != trained[row].length) {
        throw new IllegalArgumentException(
            "row %d has %d tokens and %d marks, row 0 has %d tokens"
                .formatted(row, width, trained[row].length, tokens[0].length));
      }
    }
  }

  /** The number of targets. */
  public int trainedTokens() {
    int count = 0;
    for (boolean[] row : trained) {
      for (int t = 1; t < row.length; t++) {
        count += row[t] ? 1 : 0;
      }
    }
    return count;
  }

  /** The positions that the model computes: batch · time. */
  int positions() {
    return tokens.length * (tokens[0].length - 1);
  }

  /**
   * Without the columns after the last target of any row: under causal attention nothing before
   * them depends on them.
   */
  public Batch trimmed() {
    int width = 1;
    for (boolean[] row : trained) {
      for (int t = width; t < row.length; t++) {
        width = row[t] ? t + 1 : width;
      }
    }
    return width == tokens[0].length ? this : cutTo(width);
  }

  private Batch cutTo(int width) {
    int[][] cutTokens = new int[tokens.length][];
    boolean[][] cutTrained = new boolean[tokens.length][];
    for (int row = 0; row < tokens.length; row++) {
      cutTokens[row] = Arrays.copyOf(tokens[row], width);
      cutTrained[row] = Arrays.copyOf(trained[row], width);
    }
    return new Batch(cutTokens, cutTrained);
  }

  /** In pieces of at most {@code rows} rows, each trimmed for itself. */
  List<Batch> split(int rows) {
    List<Batch> pieces = new ArrayList<>();
    for (int from = 0; from < tokens.length; from += rows) {
      int to = Math.min(from + rows, tokens.length);
      pieces.add(
          new Batch(Arrays.copyOfRange(tokens, from, to), Arrays.copyOfRange(trained, from, to))
              .trimmed());
    }
    return pieces;
  }
}
