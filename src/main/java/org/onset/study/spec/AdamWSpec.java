package org.onset.study.spec;

import org.onset.Checked;
import org.onset.Problems;
import org.onset.train.OptimizerSpec;

/** AdamW with clipping by the global norm. */
public record AdamWSpec(
    double beta1, double beta2, double epsilon, double weightDecay, double clipNorm)
    implements Checked {

  /** The same in the trainer's terms. */
  public OptimizerSpec optimizer(boolean freezeEmbedding) {
    return new OptimizerSpec(beta1, beta2, epsilon, weightDecay, clipNorm, freezeEmbedding);
  }

  @Override
  public void check(Problems problems) {
    optimizer(false).check(problems);
  }
}
