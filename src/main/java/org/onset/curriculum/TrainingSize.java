package org.onset.curriculum;

import org.onset.Checked;
import org.onset.Problems;

/** How much is trained, in whole steps. */
public record TrainingSize(long tokenBudget, int contextLength, int sequencesPerStep)
    implements Checked {

  @Override
  public void check(Problems problems) {
    problems.positive("tokenBudget", tokenBudget);
    problems.positive("contextLength", contextLength);
    problems.positive("sequencesPerStep", sequencesPerStep);
  }

  /** The steps that the budget takes, rounded up. */
  public long steps() {
    return Math.ceilDiv(tokenBudget, tokensPerStep());
  }

  public long tokensPerStep() {
    return (long) contextLength * sequencesPerStep;
  }

  /** The budget in whole steps: at least {@code tokenBudget}. */
  public long realisedTokens() {
    return steps() * tokensPerStep();
  }

  /** The first step that begins with at least {@code tokens} seen. */
  public long firstStepAt(long tokens) {
    return Math.ceilDiv(tokens, tokensPerStep());
  }
}
