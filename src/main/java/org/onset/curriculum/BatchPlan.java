package org.onset.curriculum;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.onset.BadInput;
import org.onset.Seeds;

/**
 * Which window sits in which row of which step: a pure function of the seed and the step, read in
 * any order from any thread. Making one counts the rows of the whole run once.
 */
public final class BatchPlan {
  private final TrainingSize size;
  private final Map<String, StreamSize> streams;
  private final Seeds seeds;
  private final RowCounts counts;

  /**
   * @param streams a size for every stream that the schedule draws from
   * @throws BadInput naming each stream that is missing or repeated more often than it may be
   */
  public BatchPlan(
      Schedule schedule, TrainingSize size, Map<String, StreamSize> streams, Seeds seeds) {
    this.size = size;
    this.streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
    this.seeds = seeds;
    this.counts = new RowCounts(schedule, size);
    refuseMissingAndRepeated();
  }

  private BatchPlan(BatchPlan other, Seeds seeds) {
    this.size = other.size;
    this.streams = other.streams;
    this.seeds = seeds;
    this.counts = other.counts;
  }

  /** The same plan for another seed: its rows have the same streams, so nothing is counted anew. */
  public BatchPlan withSeeds(Seeds other) {
    return new BatchPlan(this, other);
  }

  private void refuseMissingAndRepeated() {
    List<String> problems = new ArrayList<>();
    drawn(size.steps())
        .forEach(
            (stream, draws) -> {
              StreamSize streamSize = streams.get(stream);
              if (streamSize == null) {
                if (draws > 0) {
                  problems.add(
                      ("stream %s: the schedule draws %d windows, but the corpus has none of it: too"
                              + " little text came into it to fill one; the corpus's card says what"
                              + " did. Give it more, or take it out of the mixture")
                          .formatted(stream, draws));
                }
                return;
              }
              OptionalInt cap = streamSize.maxEpochs();
              if (cap.isPresent() && draws > (long) cap.getAsInt() * streamSize.windows()) {
                problems.add(
                    String.format(
                        Locale.ROOT,
                        "stream %s: the schedule draws %d windows of %d, %.2f epochs, above the cap"
                            + " of %d; add documents, lower its weight or the token budget, or"
                            + " raise its maxEpochs",
                        stream,
                        draws,
                        streamSize.windows(),
                        (double) draws / streamSize.windows(),
                        cap.getAsInt()));
              }
            });
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }

  public TrainingSize size() {
    return size;
  }

  /** The rows of {@code step}, counted from 0. */
  public List<Row> rows(long step) {
    counts.checkStep(step);
    RowCounts.Tally tally = counts.after(step);
    List<Row> rows = new ArrayList<>(size.sequencesPerStep());
    Permutation[] orders = new Permutation[counts.streams().size()];
    counts.takeStep(
        step,
        tally,
        index -> {
          String stream = counts.streams().get(index);
          StreamSize streamSize = sizeOf(stream);
          long draw = tally.drawn(index) - 1; // the tally already holds this row
          long epoch = draw / streamSize.windows();
          int position = (int) (draw % streamSize.windows());
          if (orders[index] == null || position == 0) {
            orders[index] = Permutation.of(seeds, stream, epoch, streamSize.windows());
          }
          rows.add(new Row(stream, draw, epoch, orders[index].at(position)));
        });
    return rows;
  }

  /** Rows of each stream in the first {@code steps} steps, in declared order. */
  public Map<String, Long> drawn(long steps) {
    RowCounts.Tally tally = counts.after(steps);
    Map<String, Long> drawn = new LinkedHashMap<>();
    for (int i = 0; i < counts.streams().size(); i++) {
      drawn.put(counts.streams().get(i), tally.drawn(i));
    }
    return drawn;
  }

  RowCounts counts() {
    return counts;
  }

  StreamSize sizeOf(String stream) {
    StreamSize streamSize = streams.get(stream);
    if (streamSize == null) {
      throw new IllegalStateException("stream " + stream + " is never drawn from");
    }
    return streamSize;
  }
}
