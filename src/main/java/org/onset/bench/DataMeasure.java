package org.onset.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code onset bench data} measured; in JSON its components are in snake case. Bytes and MB
 * (10^6 bytes) are of the input's texts in UTF-8, unpacked.
 *
 * @param documents that the input holds
 * @param tokens of all streams made of them, ends of text counted
 * @param startSeconds until Spark was up, which the other figures leave out
 * @param mbPerSecond of all steps together, the second time
 * @param peakMemoryBytes of the process until then; absent where the system doesn't tell
 */
public record DataMeasure(
    long inputBytes,
    long documents,
    long tokens,
    double startSeconds,
    double mbPerSecond,
    List<Step> steps,
    Tokenizing tokenizer,
    @Nullable Long peakMemoryBytes) {
  public DataMeasure {
    steps = List.copyOf(steps);
  }

  /**
   * A step of the pipeline; {@code other} is what belongs to none, such as publishing.
   *
   * @param share of the time of all
   */
  public record Step(String name, double seconds, double share) {}

  /**
   * Encoding alone, of texts in memory, on all processors.
   *
   * @param oursMbPerSecond texts one by one
   * @param hfMbPerSecond Hugging Face's library through its Java binding, in batches
   * @param identicalIds whether all texts of the input got the same ids from both
   */
  public record Tokenizing(double oursMbPerSecond, double hfMbPerSecond, boolean identicalIds) {}
}
