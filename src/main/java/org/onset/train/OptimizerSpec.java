package org.onset.train;

import org.onset.Checked;
import org.onset.Problems;

/**
 * AdamW. Weight decay is decoupled and applies to matrices only; the gradient's norm over all that
 * is trained is cut to {@code clipNorm}; {@code freezeEmbedding} leaves the embedding as it is (and
 * with it the output matrix where they are tied).
 */
public record OptimizerSpec(
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double clipNorm,
    boolean freezeEmbedding)
    implements Checked {

  @Override
  public void check(Problems problems) {
    requireBelowOne(problems, "beta1", beta1);
    requireBelowOne(problems, "beta2", beta2);
    problems.positive("epsilon", epsilon);
    problems.within("weightDecay", weightDecay, 0, 1);
    problems.positive("clipNorm", clipNorm);
  }

  private static void requireBelowOne(Problems problems, String field, double value) {
    problems.require(
        value >= 0 && value < 1, field, "must be at least 0 and below 1, was %s", value);
  }
}
