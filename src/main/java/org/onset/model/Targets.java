package org.onset.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which tokens of a batch are to be predicted, and from where in its [batch, time] inputs. */
final class Targets {
  private final int time;
  private final int[] positions;
  private final int[] tokens;

  private Targets(int time, int[] positions, int[] tokens) {
    this.time = time;
    this.positions = positions;
    this.tokens = tokens;
  }

  /** The tokens marked in {@code trained}, save the first of each row. */
  static Targets marked(int[][] tokens, boolean[][] trained) {
    if (tokens.length != trained.length) {
      throw new IllegalArgumentException(
          "%d rows of tokens, but %d of marks".formatted(tokens.length, trained.length));
    }
    for (int row = 0; row < tokens.length; row++) {
      if (tokens[row].length != trained[row].length) {
        throw new IllegalArgumentException(
            "row %d has %d tokens, but %d marks"
                .formatted(row, tokens[row].length, trained[row].length));
      }
    }
    return of(tokens, trained);
  }

  /** Every token but the first of each row. */
  static Targets all(int[][] tokens) {
    return of(tokens, null);
  }

  private static Targets of(int[][] tokens, boolean @Nullable [][] trained) {
    int longest = Arrays.stream(tokens).mapToInt(row -> row.length).max().orElse(0);
    int time = Math.max(0, longest - 1);
    int[] positions = new int[tokens.length * time];
    int[] wanted = new int[positions.length];
    int count = 0;
    for (int row = 0; row < tokens.length; row++) {
      for (int t = 1; t < tokens[row].length; t++) {
        if (trained == null || trained[row][t]) {
          positions[count] = row * time + t - 1;
          wanted[count++] = tokens[row][t];
        }
      }
    }
    return new Targets(time, Arrays.copyOf(positions, count), Arrays.copyOf(wanted, count));
  }

  /** The length of the inputs: that of the longest row, without its last token. */
  int time() {
    return time;
  }

  int count() {
    return tokens.length;
  }

  /** Where each target is predicted from: row · time + t. */
  int[] positions() {
    return positions;
  }

  int[] tokens() {
    return tokens;
  }
}
