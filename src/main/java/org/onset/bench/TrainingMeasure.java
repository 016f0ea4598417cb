package org.onset.bench;

import org.jspecify.annotations.Nullable;

/** What {@code onset bench train} measured; in JSON its components are in snake case. */
public record TrainingMeasure(String shape, GemmPeak gemmPeakGflops, Side ours, Side eagerPlain) {

  /** 10⁹ operations per second of a large square matrix product. */
  public record GemmPeak(double f32, double bf16) {
    /** The peak in the dtype of that name. */
    public double of(String dtype) {
      return dtype.equals("bfloat16") ? bf16 : f32;
    }
  }

  /**
   * One side.
   *
   * @param gflops 10⁹ floating-point operations per second that the model takes by its sizes
   * @param peakMemoryBytes of the side's process; null where the system doesn't tell
   */
  public record Side(
      double tokensPerSecond, double gflops, @Nullable Long peakMemoryBytes, String dtype) {}
}
