package org.onset.stats;

/** A number with its 95% interval, or as much of that as the data allow and the reason why. */
public sealed interface Estimate {
  /**
   * {@code low <= value <= high}; {@code prompts} are those the number rests on, 0 where it isn't
   * made of prompts.
   */
  record Interval(double value, double low, double high, int seeds, int prompts, Coverage coverage)
      implements Estimate {}

  /** The number is known, how far another study would differ from it is not. */
  record Point(double value, int seeds, int prompts, String reason) implements Estimate {}

  /** Not even the number is known. */
  record Unmeasured(String reason) implements Estimate {}
}
