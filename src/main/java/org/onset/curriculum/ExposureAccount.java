package org.onset.curriculum;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongToDoubleFunction;

/**
 * What an arm consumes.
 *
 * @param plannedTokens the token budget as written
 * @param realisedTokens the budget in whole steps
 * @param interventionTokens tokens that carry loss, of every stream but safe and unsafe
 * @param interventionLearningRate mean learning rate over those tokens; empty where there are none
 */
public record ExposureAccount(
    long plannedTokens,
    long realisedTokens,
    long interventionTokens,
    OptionalDouble interventionLearningRate,
    List<Stream> streams) {
  public ExposureAccount {
    streams = List.copyOf(streams);
  }

  /**
   * What an arm consumes of one stream.
   *
   * @param share of all rows, by quota
   * @param plannedTokens by quota, padding and masked tokens included
   * @param realisedTokens in whole rows, padding and masked tokens included
   * @param trainedTokens those of the rows that carry loss
   * @param epochs passes over the stream's windows, 1.5 being one and a half
   */
  public record Stream(
      String stream,
      double share,
      long plannedTokens,
      long rows,
      long realisedTokens,
      long trainedTokens,
      double epochs) {}

  /**
   * Adds up all steps of {@code plan}.
   *
   * @param learningRateAt the learning rate of the step that begins at that many tokens seen
   */
  public static ExposureAccount of(BatchPlan plan, LongToDoubleFunction learningRateAt) {
    TrainingSize size = plan.size();
    RowCounts.Tally end = plan.counts().after(size.steps());
    List<Stream> streams = new ArrayList<>();
    long interventionTokens = 0;
    for (int i = 0; i < plan.counts().streams().size(); i++) {
      Stream stream = account(plan, end, i);
      streams.add(stream);
      if (Schedule.isIntervention(stream.stream())) {
        interventionTokens += stream.trainedTokens();
      }
    }
    return new ExposureAccount(
        size.tokenBudget(),
        size.realisedTokens(),
        interventionTokens,
        meanLearningRate(plan, learningRateAt),
        streams);
  }

  private static Stream account(BatchPlan plan, RowCounts.Tally end, int index) {
    TrainingSize size = plan.size();
    String name = plan.counts().streams().get(index);
    long rows = end.drawn(index);
    double quota = end.quota(index);
    return new Stream(
        name,
        quota / (size.steps() * size.sequencesPerStep()),
        Math.round(quota * size.contextLength()),
        rows,
        rows * size.contextLength(),
        rows == 0 ? 0 : plan.sizeOf(name).trainedTokensIn(rows),
        rows == 0 ? 0 : (double) rows / plan.sizeOf(name).windows());
  }

  private static OptionalDouble meanLearningRate(
      BatchPlan plan, LongToDoubleFunction learningRateAt) {
    MeanLearningRate mean = new MeanLearningRate(plan, learningRateAt);
    mean.add(plan.size().steps(), plan.counts().walk(mean::add));
    return mean.tokens == 0 ? OptionalDouble.empty() : OptionalDouble.of(mean.sum / mean.tokens);
  }

  /** Told the counts at every step, adds what the step before drew. */
  private static final class MeanLearningRate {
    private final BatchPlan plan;
    private final LongToDoubleFunction learningRateAt;
    private final long[] drawn;
    private double tokens;
    private double sum;

    MeanLearningRate(BatchPlan plan, LongToDoubleFunction learningRateAt) {
      this.plan = plan;
      this.learningRateAt = learningRateAt;
      this.drawn = new long[plan.counts().streams().size()];
    }

    void add(long step, RowCounts.Tally before) {
      double stepTokens = 0;
      for (int i = 0; i < drawn.length; i++) {
        long rows = before.drawn(i) - drawn[i];
        String stream = plan.counts().streams().get(i);
        if (rows > 0 && Schedule.isIntervention(stream)) {
          stepTokens += rows * plan.sizeOf(stream).trainedTokensPerWindow();
        }
        drawn[i] = before.drawn(i);
      }
      if (stepTokens > 0) {
        tokens += stepTokens;
        sum += stepTokens * learningRateAt.applyAsDouble((step - 1) * plan.size().tokensPerStep());
      }
    }
  }
}
