package org.onset.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.onset.stats.Auroc;

/** One linear probe per layer, fitted on the training rows and measured on the test rows. */
public final class Probes {
  /** The penalty used unless a caller has a reason for another. */
  public static final double DEFAULT_L2 = 0.01;

  private Probes() {}

  /**
   * What a layer's probe reaches on the test rows.
   *
   * @param layer 0 is the embedding, ℓ the residual stream after block ℓ
   * @param auroc absent where the test rows lack a class
   * @param accuracy the share of test rows on the right side of even odds
   */
  public record LayerResult(
      int layer, OptionalDouble auroc, double accuracy, int trainRows, int testRows) {}

  /**
   * Layer by layer. The training rows must hold both classes; an untrained model's activations give
   * the baseline that lexical cues alone reach.
   *
   * @param activations {@code [layer][row][dim]}, as {@link Activations} reads them
   * @param positive per row: is it of the class that scores high (harmful)?
   * @param test per row: does it belong to the test fold?
   */
  public static List<LayerResult> run(
      float[][][] activations, boolean[] positive, boolean[] test, double l2) {
    if (positive.length != test.length) {
      throw new IllegalArgumentException(
          "%d labels, %d test marks".formatted(positive.length, test.length));
    }
    int testRows = count(test);
    if (testRows == 0) {
      throw new IllegalArgumentException("no row belongs to the test fold");
    }
    List<LayerResult> results = new ArrayList<>();
    for (int layer = 0; layer < activations.length; layer++) {
      float[][] rows = activations[layer];
      if (rows.length != positive.length) {
        throw new IllegalArgumentException(
            "layer %d has %d rows, there are %d labels"
                .formatted(layer, rows.length, positive.length));
      }
      LinearProbe probe = fitOnTraining(rows, positive, test, l2);
      double[] scores = new double[testRows];
      boolean[] labels = new boolean[testRows];
      int correct = 0;
      int next = 0;
      for (int row = 0; row < rows.length; row++) {
        if (test[row]) {
          scores[next] = probe.score(rows[row]);
          labels[next] = positive[row];
          if (scores[next] > 0 == positive[row]) {
            correct++;
          }
          next++;
        }
      }
      results.add(
          new LayerResult(
              layer,
              Auroc.of(scores, labels),
              correct / (double) testRows,
              rows.length - testRows,
              testRows));
    }
    return List.copyOf(results);
  }

  private static LinearProbe fitOnTraining(
      float[][] rows, boolean[] positive, boolean[] test, double l2) {
    int trainRows = rows.length - count(test);
    float[][] training = new float[trainRows][];
    boolean[] labels = new boolean[trainRows];
    int next = 0;
    for (int row = 0; row < rows.length; row++) {
      if (!test[row]) {
        training[next] = rows[row];
        labels[next] = positive[row];
        next++;
      }
    }
    return LinearProbe.fit(training, labels, l2);
  }

  private static int count(boolean[] marks) {
    int count = 0;
    for (boolean mark : marks) {
      if (mark) {
        count++;
      }
    }
    return count;
  }
}
