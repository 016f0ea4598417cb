package org.onset.tensor;

/** The loss of rows of logits [count, vocab] against one target a row, in nats. */
public final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * Returns the sum of the losses, and turns the logits into their own gradient, divided by {@code
   * normaliser}: a token's probability, less 1 for the target.
   */
  public static double lossAndGradient(Tensor logits, int[] targets, double normaliser) {
    int vocab = Math.toIntExact(logits.size(1));
    Rows memory = Rows.of(logits);
    double[] losses = new double[targets.length];
    Parallel.run(
        targets.length,
        vocab,
        (_, from, until) -> {
          float[] row = Floats.zeros(vocab);
          for (int r = from; r < until; r++) {
            long at = (long) r * vocab;
            memory.read(at, vocab, row, 0);
            float max = Floats.max(row, 0, vocab);
            float target = row[targets[r]];
            float sum = Floats.exponentials(row, 0, vocab, 1, max);
            losses[r] = Math.log(sum) + max - target;
            Floats.multiply(row, 0, vocab, (float) (1 / (sum * normaliser)));
            row[targets[r]] -= (float) (1 / normaliser);
            memory.write(at, vocab, row, 0);
          }
        });
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    return sum;
  }

  /** The log-probability of each target; the logits are used up. */
  public static double[] logProbabilities(Tensor logits, int[] targets) {
    int vocab = Math.toIntExact(logits.size(1));
    Rows memory = Rows.of(logits);
    double[] result = new double[targets.length];
    Parallel.run(
        targets.length,
        vocab,
        (_, from, until) -> {
          float[] row = Floats.zeros(vocab);
          for (int r = from; r < until; r++) {
            memory.read((long) r * vocab, vocab, row, 0);
            float max = Floats.max(row, 0, vocab);
            double target = row[targets[r]];
            result[r] = target - max - Math.log(Floats.exponentials(row, 0, vocab, 1, max));
          }
        });
    return result;
  }
}
