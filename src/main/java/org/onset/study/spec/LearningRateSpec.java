package org.onset.study.spec;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;
import org.onset.spec.Share;
import org.onset.train.LearningRate;

/**
 * Exactly one schedule of the learning rate; shares are of the token budget, {@code floor} is a
 * share of the peak.
 */
public record LearningRateSpec(
    @Nullable WarmupStableDecay warmupStableDecay,
    @Nullable Cosine cosine,
    @Nullable Constant constant)
    implements Checked {

  /** A schedule as the study file writes it, and as the trainer knows it. */
  public sealed interface Form extends Checked {
    LearningRate rate();

    /** The trainer says {@code warmupShare} where the study file says {@code warmup}. */
    @Override
    default void check(Problems problems) {
      Problems found = new Problems();
      rate().check(found);
      for (Problems.Problem problem : found.found()) {
        problems.add(problem.field().replace("Share", ""), problem.message().replace("Share", ""));
      }
    }
  }

  public record WarmupStableDecay(double peak, Share warmup, Share decay, Share floor)
      implements Form {
    @Override
    public LearningRate rate() {
      return new LearningRate.WarmupStableDecay(peak, warmup.value(), decay.value(), floor.value());
    }
  }

  public record Cosine(double peak, Share warmup, Share floor) implements Form {
    @Override
    public LearningRate rate() {
      return new LearningRate.Cosine(peak, warmup.value(), floor.value());
    }
  }

  public record Constant(double peak, Share warmup) implements Form {
    @Override
    public LearningRate rate() {
      return new LearningRate.Constant(peak, warmup.value());
    }
  }

  /** The schedule that is given. */
  public LearningRate rate() {
    return forms().findFirst().orElseThrow().rate();
  }

  private Stream<Form> forms() {
    return Stream.<@Nullable Form>of(warmupStableDecay, cosine, constant).filter(Objects::nonNull);
  }

  @Override
  public void check(Problems problems) {
    problems.require(
        forms().count() == 1, "", "needs exactly one of warmupStableDecay, cosine and constant");
  }
}
