package org.onset.probe;

import org.onset.model.Transformer;

/** Reads what a model makes of texts before it answers. */
public final class Activations {
  private Activations() {}

  /**
   * The residual stream at the last token of each text: {@code [layer 0..layerCount][row][dim]}.
   *
   * @param texts already tokenized, none empty; lengths may differ
   */
  public static float[][][] atLastToken(Transformer model, int[][] texts) {
    int[] last = new int[texts.length];
    for (int row = 0; row < texts.length; row++) {
      if (texts[row].length == 0) {
        throw new IllegalArgumentException("text %d has no token".formatted(row));
      }
      last[row] = texts[row].length - 1;
    }
    return model.hiddenStates(texts, last);
  }
}
