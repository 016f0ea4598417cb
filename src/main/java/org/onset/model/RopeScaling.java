package org.onset.model;

import com.google.errorprone.annotations.Immutable;
import org.onset.Checked;
import org.onset.Problems;

/**
 * How the angles of rotary positions are stretched so that a model reaches further than it was
 * trained: Hugging Face's {@code rope_type}. A frequency is an angle per position.
 */
@Immutable
public sealed interface RopeScaling extends Checked {
  RopeScaling NONE = new None();

  /** The frequency to use in place of {@code frequency}, in radians per position. */
  double scaled(double frequency);

  /** Angles as they are ({@code default}). */
  @Immutable
  record None() implements RopeScaling {
    @Override
    public double scaled(double frequency) {
      return frequency;
    }

    @Override
    public void check(Problems problems) {}
  }

  /** All positions drawn together by one factor ({@code linear}). */
  @Immutable
  record Linear(double factor) implements RopeScaling {
    @Override
    public double scaled(double frequency) {
      return frequency / factor;
    }

    @Override
    public void check(Problems problems) {
      problems.positive("factor", factor);
    }
  }

  /**
   * Slow turns are drawn together by the factor, fast ones stay, those between are blended ({@code
   * llama3}). What is slow and fast is a wavelength against {@code originalContextLength}.
   */
  @Immutable
  record Llama3(
      double factor,
      double lowFrequencyFactor,
      double highFrequencyFactor,
      int originalContextLength)
      implements RopeScaling {
    @Override
    public double scaled(double frequency) {
      double turns = originalContextLength * frequency / (2 * Math.PI); // over the whole context
      if (turns > highFrequencyFactor) {
        return frequency;
      }
      if (turns < lowFrequencyFactor) {
        return frequency / factor;
      }
      double kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
      return (1 - kept) * frequency / factor + kept * frequency;
    }

    @Override
    public void check(Problems problems) {
      problems.positive("factor", factor);
      problems.positive("lowFrequencyFactor", lowFrequencyFactor);
      problems.positive("originalContextLength", originalContextLength);
      problems.require(
          highFrequencyFactor > lowFrequencyFactor,
          "highFrequencyFactor",
          "must be above lowFrequencyFactor (%s), was %s",
          lowFrequencyFactor,
          highFrequencyFactor);
    }
  }
}
