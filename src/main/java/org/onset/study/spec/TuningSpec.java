package org.onset.study.spec;

import java.util.Map;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.curriculum.TrainingSize;
import org.onset.spec.Share;

/**
 * A benign finetuning task: {@code mixture} maps dialogue sets to shares; each dialogue fills one
 * window.
 */
public record TuningSpec(
    Map<String, Share> mixture,
    int steps,
    int contextLength,
    int sequencesPerStep,
    LearningRateSpec learningRate,
    AdamWSpec optimizer,
    boolean freezeEmbedding,
    boolean trainPrompts,
    int checkpointEverySteps,
    int keepCheckpoints,
    int stopAfterSkippedSteps)
    implements Checked {
  public TuningSpec {
    mixture = StudySpec.inOrder(mixture);
  }

  public TrainingSize size() {
    return new TrainingSize(
        (long) steps * contextLength * sequencesPerStep, contextLength, sequencesPerStep);
  }

  @Override
  public void check(Problems problems) {
    problems.within("steps", steps, 1, TrainingLimits.STEPS);
    TrainingLimits.checkStep(problems, contextLength, sequencesPerStep);
    problems.positive("checkpointEverySteps", checkpointEverySteps);
    problems.positive("keepCheckpoints", keepCheckpoints);
    problems.positive("stopAfterSkippedSteps", stopAfterSkippedSteps);
  }
}
