package org.onset.curriculum;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.onset.curriculum.BatchPlanTest.mixture;
import static org.onset.curriculum.BatchPlanTest.sizes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.BadInput;
import org.onset.Repetitions;
import org.onset.Seeds;
import org.onset.curriculum.Phase.Hold;

class DoseTest {
  private static final Mixture SAFE = mixture("safe", 1.0);
  private static final Mixture AFTER =
      mixture("safe", 0.57, "tagged", 0.2, "rephrased", 0.08, "refusal", 0.1, "moral", 0.05);
  private static final TrainingSize SIZE = new TrainingSize(614_400, 64, 16);
  private static final Map<String, StreamSize> STREAMS =
      sizes("safe", 900, "tagged", 300, "rephrased", 70, "refusal", 100, "moral", 41);

  private static final BatchPlan HALF =
      plan(always(mixture("safe", 0.5, "moral", 0.5)), SIZE, STREAMS);

  @Test
  void anEarlierOnsetIsThinnedToTheDoseOfALaterOne() {
    Schedule late = Schedule.onset(SAFE, AFTER, 368_640, SIZE.tokenBudget());
    Schedule early = Schedule.onset(SAFE, AFTER, 0, SIZE.tokenBudget());
    ExposureAccount target = account(late, SIZE, STREAMS);

    Schedule matched = Dose.match(early, 0, plan(late, SIZE, STREAMS), SIZE, STREAMS);

    Mixture thinned = matched.mixtureAt(0);
    assertThat(matched.phases()).hasSize(1);
    assertThat(thinned.weight("tagged")).isCloseTo(0.2 * 0.4, within(1e-3));
    assertThat(thinned.weight("refusal") / thinned.weight("moral")).isCloseTo(2, within(1e-9));
    assertThat(thinned.weight("safe")).isCloseTo(1 - 0.43 * 0.4, within(1e-3));
    assertThat(account(matched, SIZE, STREAMS).interventionTokens())
        .isCloseTo(target.interventionTokens(), within(64L));
  }

  /** Two arms of one study: the same mixtures, another onset, one of them thinned or thickened. */
  @ParameterizedTest
  @Repetitions(400)
  void everyStreamComesToWithinOneWindowOfTheOtherArms(SplittableRandom random) {
    TrainingSize size = size(random);
    Mixture after = afterMixture(random, RandomSchedules.streams(random));
    List<String> names = List.copyOf(after.weights().keySet());
    Map<String, StreamSize> streams = RandomSchedules.sizes(random, names, size.contextLength());
    Schedule other =
        Schedule.onset(SAFE, after, random.nextLong(size.tokenBudget()), size.tokenBudget());
    long onset = random.nextLong(size.tokenBudget() / 2);
    Schedule own = Schedule.onset(SAFE, after, onset, size.tokenBudget());
    BatchPlan arm = plan(other, size, streams);

    Schedule matched;
    try {
      matched = Dose.match(own, onset, arm, size, streams);
    } catch (BadInput refused) {
      assertThat(refused).hasMessageContaining("no weight is left for safe text");
      return;
    }

    Map<String, Long> drawn = plan(matched, size, streams).drawn(size.steps());
    arm.drawn(size.steps())
        .forEach(
            (stream, rows) -> {
              if (Schedule.isIntervention(stream)) {
                assertThat(drawn.get(stream)).describedAs(stream).isCloseTo(rows, within(1L));
              }
            });
  }

  /** Whatever the other arm's mixture was: only the total can be the same then. */
  @ParameterizedTest
  @Repetitions(600)
  void theTotalComesToWithinOneWindowAStream(SplittableRandom random) {
    TrainingSize size = size(random);
    List<String> names = RandomSchedules.streams(random);
    Map<String, StreamSize> streams = RandomSchedules.sizes(random, names, size.contextLength());
    Schedule own = manyPhases(random, names, size);
    long onset = random.nextBoolean() ? 0 : own.phases().get(own.phases().size() / 2).startTokens();
    BatchPlan arm = plan(manyPhases(random, names, size), size, streams);

    Schedule matched;
    try {
      matched = Dose.match(own, onset, arm, size, streams);
    } catch (BadInput refused) {
      assertThat(refused).hasMessageContaining("the dose can't be matched");
      return;
    }

    long target = ExposureAccount.of(arm, _ -> 1).interventionTokens();
    double oneWindowAStream =
        own.interventions().stream()
            .mapToDouble(stream -> requireNonNull(streams.get(stream)).trainedTokensPerWindow())
            .sum();
    assertThat((double) account(matched, size, streams).interventionTokens())
        .isCloseTo((double) target, within(oneWindowAStream));
    assertThat(matched.phases().stream().filter(phase -> phase.startTokens() < onset))
        .isEqualTo(own.phases().stream().filter(phase -> phase.startTokens() < onset).toList());
  }

  @Test
  void onlyTokensThatCarryLossCount() {
    Map<String, StreamSize> masked = new LinkedHashMap<>(STREAMS);
    masked.put("refusal", new StreamSize(100, 1_600, OptionalInt.empty()));
    Mixture refusals = mixture("safe", 0.9, "refusal", 0.1);
    Schedule own = Schedule.onset(SAFE, refusals, 0, SIZE.tokenBudget());

    BatchPlan arm = plan(always(mixture("safe", 0.95, "moral", 0.05)), SIZE, masked);

    Schedule matched = Dose.match(own, 0, arm, SIZE, masked);

    assertThat(matched.mixtureAt(0).weight("refusal")).isCloseTo(0.2, within(1e-3));
  }

  @Test
  void noDoseAtAllIsSafeTextOnly() {
    Schedule own = Schedule.onset(SAFE, AFTER, 0, SIZE.tokenBudget());

    Schedule matched = Dose.match(own, 0, plan(always(SAFE), SIZE, STREAMS), SIZE, STREAMS);

    assertThat(matched.mixtureAt(0).weight("safe")).isEqualTo(1);
  }

  @Test
  void unsafeTextKeepsItsWeight() {
    Mixture after = mixture("safe", 0.5, "unsafe", 0.3, "refusal", 0.2);
    Schedule own = Schedule.onset(SAFE, after, 0, SIZE.tokenBudget());

    Schedule matched = Dose.match(own, 0, HALF, SIZE, STREAMS);

    assertThat(matched.mixtureAt(0).weight("unsafe")).isEqualTo(0.3);
    assertThat(matched.mixtureAt(0).weight("refusal")).isCloseTo(0.5, within(1e-3));
  }

  @Test
  void aDoseThatSafeTextCantMakeRoomForIsRefused() {
    Schedule own = Schedule.onset(SAFE, AFTER, 491_520, SIZE.tokenBudget());

    assertThatThrownBy(
            () -> Dose.match(own, 491_520, plan(always(AFTER), SIZE, STREAMS), SIZE, STREAMS))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("264192 intervention tokens need 5.0000 times the weights")
        .hasMessageContaining("at 2.3256 times no weight is left for safe text")
        .hasMessageContaining("earlier onset");
  }

  @Test
  void safeTextMayBeUsedUp() {
    Schedule own = Schedule.onset(SAFE, AFTER, 0, SIZE.tokenBudget());

    Schedule matched =
        Dose.match(own, 0, plan(always(mixture("moral", 1.0)), SIZE, STREAMS), SIZE, STREAMS);

    assertThat(matched.mixtureAt(0).weight("safe")).isCloseTo(0, within(1e-9));
    assertThat(account(matched, SIZE, STREAMS).interventionTokens()).isEqualTo(614_400);
  }

  @Test
  void aPhaseBeyondTheLastStepIsLeftAlone() {
    Mixture crowded = mixture("safe", 0.01, "moral", 0.99);
    Mixture thin = mixture("safe", 0.9, "moral", 0.1);
    Schedule own = new Schedule(List.of(new Hold(0, thin), new Hold(614_400, crowded)));

    Schedule matched = Dose.match(own, 0, HALF, SIZE, STREAMS);

    assertThat(matched.mixtureAt(0).weight("moral")).isCloseTo(0.5, within(1e-3));
    assertThat(matched.mixtureAt(614_400)).isEqualTo(crowded);
  }

  @Test
  void anArmWithoutInterventionsCantBeMatched() {
    Schedule never = Schedule.onset(SAFE, AFTER, SIZE.tokenBudget(), SIZE.tokenBudget());

    assertThatThrownBy(() -> Dose.match(never, 0, HALF, SIZE, STREAMS))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("no intervention stream");
  }

  @Test
  void interventionsBeforeTheOnsetAreCounted() {
    Schedule own = new Schedule(List.of(new Hold(0, AFTER), new Hold(307_200, AFTER)));

    BatchPlan threeQuarters = plan(Schedule.onset(SAFE, AFTER, 153_600, 614_400), SIZE, STREAMS);
    BatchPlan fewer = plan(Schedule.onset(SAFE, AFTER, 312_320, 614_400), SIZE, STREAMS);

    Schedule matched = Dose.match(own, 307_200, threeQuarters, SIZE, STREAMS);

    assertThat(matched.mixtureAt(0)).isEqualTo(AFTER);
    assertThat(matched.mixtureAt(307_200).weight("tagged")).isCloseTo(0.1, within(1e-3));
    assertThatThrownBy(() -> Dose.match(own, 307_200, fewer, SIZE, STREAMS))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("132096 intervention tokens come before the onset");
  }

  private static TrainingSize size(SplittableRandom random) {
    int contextLength = random.nextInt(1, 20);
    int sequencesPerStep = random.nextInt(1, 20);
    return new TrainingSize(
        random.nextLong(50, 500) * contextLength * sequencesPerStep,
        contextLength,
        sequencesPerStep);
  }

  /** A random mixture that holds an intervention and leaves safe text some room. */
  private static Mixture afterMixture(SplittableRandom random, List<String> names) {
    Map<String, Double> weights = new LinkedHashMap<>();
    RandomSchedules.mixture(random, names)
        .weights()
        .forEach((stream, weight) -> weights.put(stream, 0.6 * weight));
    weights.merge("safe", 0.3, Double::sum);
    weights.put("last", 0.1);
    return new Mixture(weights);
  }

  private static Schedule manyPhases(
      SplittableRandom random, List<String> names, TrainingSize size) {
    return new Schedule(
        new ArrayList<>(RandomSchedules.schedule(random, names, size.tokenBudget()).phases()));
  }

  private static Schedule always(Mixture mixture) {
    return new Schedule(List.of(new Hold(0, mixture)));
  }

  private static BatchPlan plan(
      Schedule schedule, TrainingSize size, Map<String, StreamSize> streams) {
    return new BatchPlan(schedule, size, streams, new Seeds(0));
  }

  private static ExposureAccount account(
      Schedule schedule, TrainingSize size, Map<String, StreamSize> streams) {
    return ExposureAccount.of(plan(schedule, size, streams), _ -> 1e-3);
  }
}
