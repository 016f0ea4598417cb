package org.onset.study.spec;

import org.onset.Problems;

/** How much of anything a study may ask for: more than anyone trains, less than overflows. */
final class TrainingLimits {
  /** The name of every step of every arm is kept in memory. */
  static final int STEPS = 1_000_000;

  static final int CONTEXT_LENGTH = 1 << 20;
  private static final int SEQUENCES_PER_STEP = 1 << 16;

  private TrainingLimits() {}

  static void checkStep(Problems problems, int contextLength, int sequencesPerStep) {
    problems.within("contextLength", contextLength, 1, CONTEXT_LENGTH);
    problems.within("sequencesPerStep", sequencesPerStep, 1, SEQUENCES_PER_STEP);
  }
}
