package org.onset.study.spec;

import org.onset.Checked;
import org.onset.Problems;
import org.onset.spec.Share;

/**
 * Instruction tuning, the same for every arm. In arms with tag completions, {@code tagCompletions}
 * of the rows are completions of unsafe text in place of rows of the dialogue set {@code everyday}.
 */
public record InstructionSpec(TuningSpec tuning, Share tagCompletions, String everyday)
    implements Checked {
  @Override
  public void check(Problems problems) {
    Share share = tuning.mixture().get(everyday);
    problems.require(
        share != null,
        "everyday",
        "must be one of the dialogue sets in tuning.mixture, %s, was '%s'",
        tuning.mixture().keySet(),
        everyday);
    problems.require(
        share == null || share.value() >= tagCompletions.value(),
        "everyday",
        "the dialogue set '%s' has %s in tuning.mixture, less than the tag completions (%s) that"
            + " take its place",
        everyday,
        share,
        tagCompletions);
  }
}
