package org.onset.study.spec;

import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.curriculum.TrainingSize;

/**
 * How every arm is pretrained. {@code tokenBudget} is rounded up to whole steps; where {@code
 * keepEveryTokens} is given, the model is kept and evaluated each time that it has seen as many
 * more, at the end of a step.
 */
public record PretrainingSpec(
    long tokenBudget,
    int contextLength,
    int sequencesPerStep,
    LearningRateSpec learningRate,
    AdamWSpec optimizer,
    int checkpointEverySteps,
    int keepCheckpoints,
    int stopAfterSkippedSteps,
    @Nullable Long keepEveryTokens)
    implements Checked {

  private static final int MOST_KEPT = 1_000;

  public TrainingSize size() {
    return new TrainingSize(tokenBudget, contextLength, sequencesPerStep);
  }

  @Override
  public void check(Problems problems) {
    TrainingLimits.checkStep(problems, contextLength, sequencesPerStep);
    problems.positive("checkpointEverySteps", checkpointEverySteps);
    problems.positive("keepCheckpoints", keepCheckpoints);
    problems.positive("stopAfterSkippedSteps", stopAfterSkippedSteps);
    if (keepEveryTokens != null) {
      problems.positive("keepEveryTokens", keepEveryTokens);
      problems.require(
          keepEveryTokens <= 0 || tokenBudget / keepEveryTokens <= MOST_KEPT,
          "keepEveryTokens",
          "keeps and evaluates more than %d models of each arm and seed, was %d",
          MOST_KEPT,
          keepEveryTokens);
    }
    problems.positive("tokenBudget", tokenBudget);
    long stepTokens = size().tokensPerStep();
    if (tokenBudget > 0 && stepTokens > 0) {
      problems.require(
          tokenBudget >= stepTokens,
          "tokenBudget",
          "must hold a step of %d tokens (contextLength times sequencesPerStep), was %d",
          stepTokens,
          tokenBudget);
      problems.require(
          tokenBudget / stepTokens < TrainingLimits.STEPS,
          "tokenBudget",
          "makes more than %d steps of %d tokens; raise sequencesPerStep or lower it",
          TrainingLimits.STEPS,
          stepTokens);
    }
  }
}
