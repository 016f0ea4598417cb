package org.onset.curriculum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Which stream each row belongs to. Rows go by cumulative quota: the mixture's weights are summed
 * from the first row on, never reset, and a row goes to the stream whose sum, this row included,
 * exceeds its count most; ties go in declared order. A stream whose weight has just become 0 may
 * thus still be owed one row.
 *
 * <p>Only the difference between quota and count is kept: it stays small, so that its rounding
 * error does too, and it doesn't depend on how equal mixtures are cut into phases.
 */
final class RowCounts {
  /** Differences below this are rounding, so the quotas count as equal. */
  private static final double TIE = 1e-9;

  private static final int STEPS_PER_SNAPSHOT = 32;

  private final Schedule schedule;
  private final TrainingSize size;
  private final List<String> streams;
  private final List<Tally> snapshots = new ArrayList<>(); // before steps 0, 32, 64, …
  private final Tally last;

  RowCounts(Schedule schedule, TrainingSize size) {
    this.schedule = schedule;
    this.size = size;
    this.streams = schedule.streams();
    this.last =
        walk(
            (step, tally) -> {
              if (step % STEPS_PER_SNAPSHOT == 0) {
                snapshots.add(tally.copy());
              }
            });
  }

  interface StepVisitor {
    void visit(long step, Tally before);
  }

  /** What each stream has been given so far, and what it is owed. */
  static final class Tally {
    private final double[] owed; // quota minus count
    private final long[] drawn;

    private Tally(double[] owed, long[] drawn) {
      this.owed = owed;
      this.drawn = drawn;
    }

    long drawn(int stream) {
      return drawn[stream];
    }

    double quota(int stream) {
      return drawn[stream] + owed[stream];
    }

    private Tally copy() {
      return new Tally(owed.clone(), drawn.clone());
    }

    private int next(double[] weights) {
      int chosen = 0;
      for (int i = 0; i < owed.length; i++) {
        owed[i] += weights[i];
        if (owed[i] > owed[chosen] + TIE) {
          chosen = i;
        }
      }
      owed[chosen] -= 1;
      drawn[chosen]++;
      return chosen;
    }
  }

  List<String> streams() {
    return streams;
  }

  /** Rows of {@code stream} when all is done; 0 for a stream that the schedule doesn't know. */
  long endRows(String stream) {
    int index = streams.indexOf(stream);
    return index < 0 ? 0 : last.drawn(index);
  }

  /** What those rows are a rounding of. */
  double endQuota(String stream) {
    int index = streams.indexOf(stream);
    return index < 0 ? 0 : last.quota(index);
  }

  /** The state after {@code steps} steps. */
  Tally after(long steps) {
    if (steps == size.steps()) {
      return last.copy();
    }
    checkStep(steps);
    Tally tally = snapshots.get(Math.toIntExact(steps / STEPS_PER_SNAPSHOT)).copy();
    for (long step = steps - steps % STEPS_PER_SNAPSHOT; step < steps; step++) {
      takeStep(step, tally, _ -> {});
    }
    return tally;
  }

  /** Calls {@code rows} with the stream of each row of the step, {@code before} being its start. */
  void takeStep(long step, Tally before, IntConsumer rows) {
    double[] weights = weightsAt(step);
    for (int row = 0; row < size.sequencesPerStep(); row++) {
      rows.accept(before.next(weights));
    }
  }

  /** Visits every step with the state before it, and returns the state after the last. */
  Tally walk(StepVisitor visitor) {
    Tally tally = new Tally(new double[streams.size()], new long[streams.size()]);
    for (long step = 0; step < size.steps(); step++) {
      visitor.visit(step, tally);
      takeStep(step, tally, _ -> {});
    }
    return tally;
  }

  void checkStep(long step) {
    if (step < 0 || step >= size.steps()) {
      throw new IllegalArgumentException(
          "step %d lies outside of the plan's %d steps".formatted(step, size.steps()));
    }
  }

  /** Weights in declared order; divided by their sum, so that quotas add up to rows for ever. */
  private double[] weightsAt(long step) {
    Mixture mixture = schedule.mixtureAt(step * size.tokensPerStep());
    double[] weights = streams.stream().mapToDouble(mixture::weight).toArray();
    double sum = Arrays.stream(weights).sum();
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }
}
