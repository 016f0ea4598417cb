package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.Seeds;
import org.onset.curriculum.BatchPlan;
import org.onset.curriculum.Mixture;
import org.onset.curriculum.Phase;
import org.onset.curriculum.Phase.Hold;
import org.onset.curriculum.Schedule;
import org.onset.curriculum.StreamSize;
import org.onset.curriculum.TrainingSize;
import org.onset.train.LearningRate;

class StateChainTest {
  private static final TrainingSize SIZE = new TrainingSize(800, 10, 4); // 20 steps of 40 tokens
  private static final LearningRate RATE = new LearningRate.Constant(0.1, 0);
  private static final Mixture SAFE = mixture("safe", 1.0);
  private static final Mixture MIXED = mixture("safe", 0.5, "refusal", 0.5);

  @Test
  void armsAgreeUpToTheStepThatTheyTakeDifferently() {
    StateChain late = follow(onset(400));
    StateChain never = follow(new Schedule(List.of(new Hold(0, SAFE))));

    assertThat(late.names()).hasSize(21).doesNotHaveDuplicates();
    assertThat(late.names().subList(0, 11)).isEqualTo(never.names().subList(0, 11));
    assertThat(late.name(11)).isNotEqualTo(never.name(11));
    assertThat(StateChain.parting(List.of(late, never), 0)).isEqualTo(10);
  }

  @Test
  void anOnsetWithinAStepEntersWithTheNext() {
    assertThat(follow(onset(361)).names()).isEqualTo(follow(onset(400)).names());
    assertThat(follow(onset(360)).names()).isNotEqualTo(follow(onset(400)).names());
  }

  @Test
  void chainsThatPartedNeverMeetAgain() {
    Schedule detour =
        new Schedule(List.of(new Hold(0, SAFE), new Hold(200, MIXED), new Hold(240, SAFE)));

    StateChain straight = follow(new Schedule(List.of(new Hold(0, SAFE))));
    assertThat(follow(detour).names().subList(6, 21)).doesNotContainAnyElementsOf(straight.names());
  }

  @Test
  void aPhaseThatChangesNothingRenamesNothing() {
    Schedule cut = new Schedule(List.of(new Hold(0, SAFE), new Hold(200, SAFE)));

    assertThat(follow(cut).names())
        .isEqualTo(follow(new Schedule(List.of(new Hold(0, SAFE)))).names());
  }

  @Test
  void aLongerBudgetSharesEverythingBeforeTheDecay() {
    LearningRate decaying = new LearningRate.WarmupStableDecay(0.1, 0, 0.5, 0);
    TrainingSize longer = new TrainingSize(1_600, 10, 4);
    Schedule schedule = new Schedule(List.of(new Hold(0, SAFE)));

    List<String> names = StateChain.follow("start", schedule, SIZE, decaying).names();
    List<String> longerNames = StateChain.follow("start", schedule, longer, decaying).names();

    assertThat(longerNames).hasSize(41);
    assertThat(longerNames.subList(0, 12)).isEqualTo(names.subList(0, 12));
    assertThat(longerNames.get(12)).isNotEqualTo(names.get(12));
  }

  @Test
  void anotherStartRenamesEveryState() {
    Schedule schedule = onset(400);

    assertThat(StateChain.follow("other", schedule, SIZE, RATE).names())
        .doesNotContainAnyElementsOf(follow(schedule).names());
  }

  /** The rows are what a state is trained on, so equal names must stand for equal rows. */
  @ParameterizedTest
  @Repetitions(200)
  void whereNamesAgreeTheRowsBeforeAgree(SplittableRandom random) {
    Schedule one = schedule(random, List.of());
    Schedule other = schedule(random, beginning(random, one));

    long parting = StateChain.parting(List.of(follow(one), follow(other)), 0);

    BatchPlan rows = plan(one);
    BatchPlan otherRows = plan(other);
    for (long step = 0; step < parting; step++) {
      assertThat(otherRows.rows(step)).as("step %d", step).isEqualTo(rows.rows(step));
    }
  }

  @ParameterizedTest
  @Repetitions(200)
  void armsThatBeginAlikeShareTheirBeginning(SplittableRandom random) {
    Schedule one = schedule(random, List.of());
    Schedule other = schedule(random, beginning(random, one));

    long parting = StateChain.parting(List.of(follow(one), follow(other)), 0);

    long equalSteps = 0;
    while (equalSteps < SIZE.steps()
        && inOrder(one, equalSteps).equals(inOrder(other, equalSteps))) {
      equalSteps++;
    }
    assertThat(parting).isGreaterThanOrEqualTo(equalSteps);
  }

  private static List<Map.Entry<String, Double>> inOrder(Schedule schedule, long step) {
    return List.copyOf(schedule.mixtureAt(step * SIZE.tokensPerStep()).weights().entrySet());
  }

  private static StateChain follow(Schedule schedule) {
    return StateChain.follow("start", schedule, SIZE, RATE);
  }

  private static Schedule onset(long tokens) {
    return Schedule.onset(SAFE, MIXED, tokens, SIZE.tokenBudget());
  }

  /** Begins with {@code phases}; some mixtures have the same weights in another order. */
  private static Schedule schedule(SplittableRandom random, List<Phase> phases) {
    List<Mixture> mixtures =
        List.of(
            SAFE,
            mixture("safe", 1.0, "tagged", 0.0, "refusal", 0.0),
            mixture("safe", 0.5, "refusal", 0.25, "tagged", 0.25),
            mixture("safe", 0.5, "tagged", 0.25, "refusal", 0.25));
    List<Phase> all = new ArrayList<>(phases);
    long start = all.isEmpty() ? 0 : all.getLast().startTokens() + 40;
    while (start < SIZE.tokenBudget()) {
      boolean first = all.isEmpty();
      all.add(new Hold(start, mixtures.get(random.nextInt(first ? 2 : mixtures.size()))));
      start += 40L * (4 + random.nextInt(8));
    }
    return new Schedule(all);
  }

  private static List<Phase> beginning(SplittableRandom random, Schedule schedule) {
    return schedule.phases().subList(0, random.nextInt(schedule.phases().size() + 1));
  }

  private static BatchPlan plan(Schedule schedule) {
    Map<String, StreamSize> sizes = new LinkedHashMap<>();
    for (String stream : schedule.streams()) {
      sizes.put(stream, new StreamSize(7, 70, OptionalInt.empty()));
    }
    return new BatchPlan(schedule, SIZE, sizes, new Seeds(5));
  }

  private static Mixture mixture(Object... streamsAndWeights) {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (int i = 0; i < streamsAndWeights.length; i += 2) {
      weights.put((String) streamsAndWeights[i], (Double) streamsAndWeights[i + 1]);
    }
    return new Mixture(weights);
  }
}
