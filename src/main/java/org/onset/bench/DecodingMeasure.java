package org.onset.bench;

import java.util.List;

/**
 * What {@code onset bench decode} measured; in JSON its components are in snake case.
 *
 * @param promptTokens of every prompt
 * @param newTokens that every prompt is continued by
 * @param readBytesPerSecond of summing memory beyond any cache: what bounds decoding few rows
 */
public record DecodingMeasure(
    String model,
    long parameters,
    int promptTokens,
    int newTokens,
    double readBytesPerSecond,
    TrainingMeasure.GemmPeak gemmPeakGflops,
    List<Rows> decoding,
    List<SafeBeam> safebeam) {
  public DecodingMeasure {
    decoding = List.copyOf(decoding);
    safebeam = List.copyOf(safebeam);
  }

  /**
   * Prompts continued together, {@code batch} of them. All rates are of the batch, not of a row.
   *
   * @param generateTokensPerSecond new tokens by the time of the whole call, prefill and choice of
   *     tokens included
   * @param limitTokensPerSecond of decoding, were the weights read once a step at the memory's
   *     speed, or the products made at the peak's, whichever takes longer
   * @param earlySecondsPerToken median of the first quarter of the steps
   * @param lateSecondsPerToken median of the last quarter
   */
  public record Rows(
      String dtype,
      int batch,
      double prefillTokensPerSecond,
      double decodeTokensPerSecond,
      double generateTokensPerSecond,
      double limitTokensPerSecond,
      double earlySecondsPerToken,
      double lateSecondsPerToken) {}

  /**
   * A step of SafeBeam on one prompt beside a plain step of as many rows as it has candidates.
   *
   * @param ratio of the two, below or near 1 where looking ahead costs no more than decoding
   */
  public record SafeBeam(
      String dtype,
      int beams,
      int extensions,
      double secondsPerStep,
      double plainSecondsPerStep,
      double ratio) {}
}
