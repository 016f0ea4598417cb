package org.onset.train;

import org.onset.Checked;
import org.onset.Problems;

/**
 * The learning rate over the tokens seen. Shares are fractions of the token budget. Every schedule
 * rises from 0 to {@code peak} in a straight line over {@code warmupShare}.
 */
public sealed interface LearningRate extends Checked {
  double peak();

  double warmupShare();

  /** The learning rate of the step that starts at {@code tokensSeen}. */
  default double at(long tokensSeen, long tokenBudget) {
    double progress = Math.clamp((double) tokensSeen / tokenBudget, 0.0, 1.0);
    return progress < warmupShare()
        ? peak() * progress / warmupShare()
        : peak() * shareOfPeakAt(progress);
  }

  /** What of the peak is left at {@code progress}, which is at or past the warmup. */
  private double shareOfPeakAt(double progress) {
    return switch (this) {
      case Constant _ -> 1;
      case Cosine(_, double warmup, double floor) -> {
        double passed = warmup < 1 ? (progress - warmup) / (1 - warmup) : 0;
        yield floor + (1 - floor) * (1 + StrictMath.cos(Math.PI * passed)) / 2;
      }
      case WarmupStableDecay(_, _, double decay, double floor) -> {
        double left = 1 - progress;
        yield left < decay ? floor + (1 - floor) * left / decay : 1;
      }
    };
  }

  @Override
  default void check(Problems problems) {
    problems.require(
        peak() > 0 && peak() <= 1, "peak", "must lie above 0 and at most 1, was %s", peak());
    problems.within("warmupShare", warmupShare(), 0, 1);
    switch (this) {
      case Constant _ -> {}
      case Cosine(_, _, double floor) -> problems.within("floorShare", floor, 0, 1);
      case WarmupStableDecay(_, double warmup, double decay, double floor) -> {
        problems.within("decayShare", decay, 0, 1);
        problems.within("floorShare", floor, 0, 1);
        problems.require(
            warmup + decay <= 1 + 1e-9,
            "decayShare",
            "warmupShare and decayShare must sum to at most 1, were %s and %s",
            warmup,
            decay);
      }
    }
  }

  /** Stays at the peak until the last {@code decayShare}, then falls in a straight line. */
  record WarmupStableDecay(double peak, double warmupShare, double decayShare, double floorShare)
      implements LearningRate {}

  /** Falls from the end of the warmup on as half a cosine, to {@code floorShare} of the peak. */
  record Cosine(double peak, double warmupShare, double floorShare) implements LearningRate {}

  /** Stays at the peak. */
  record Constant(double peak, double warmupShare) implements LearningRate {}
}
