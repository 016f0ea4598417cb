package org.onset.study.results;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code exposure.json}: what each arm trains on, stream by stream, planned and
 * realised.
 */
public record Exposure(List<Arm> arms) {
  public Exposure {
    arms = List.copyOf(arms);
  }

  /**
   * What one arm consumes.
   *
   * @param onsetTokens tokens seen when the interventions enter; null where they never do
   * @param interventionTokens loss-carrying tokens of every stream but safe and unsafe
   * @param interventionLearningRate mean learning rate over those tokens; null where there are none
   */
  public record Arm(
      String arm,
      @Nullable Long seed,
      long plannedTokens,
      long realisedTokens,
      @Nullable Long onsetTokens,
      long interventionTokens,
      @Nullable Double interventionLearningRate,
      List<Stream> streams) {
    public Arm {
      streams = List.copyOf(streams);
    }
  }

  /**
   * {@code epochs} is the number of times the stream's windows were passed, 1.5 being one and a
   * half.
   */
  public record Stream(
      String stream,
      double share,
      long plannedTokens,
      long realisedTokens,
      @Nullable Double epochs) {}
}
