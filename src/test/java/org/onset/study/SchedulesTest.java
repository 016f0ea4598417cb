package org.onset.study;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.BadInput;
import org.onset.Seeds;
import org.onset.curriculum.BatchPlan;
import org.onset.curriculum.Schedule;
import org.onset.curriculum.StreamSize;
import org.onset.curriculum.TrainingSize;
import org.onset.study.spec.Draft;
import org.onset.study.spec.StudySpec;

/** Of the draft's 12,800 tokens, 256 a step, four windows of 64 tokens in each. */
class SchedulesTest {
  private static final String ONSET = "{before: safe-only, after: with-interventions, onset: %s}";
  private static final String DOSED =
      "{before: safe-only, after: with-interventions, onset: %s, dose: match(%s)}";

  @Test
  void everyArmHasItsScheduleInTheOrderOfTheStudy() {
    assertThat(Schedules.of(Draft.small().spec()).keySet()).containsExactly("early", "late", "raw");
  }

  @Test
  void anOnsetSplitsTheBudgetAtItsShare() {
    assertThat(phases(Draft.small(), "early"))
        .containsExactly(
            "0: {safe=1.0}",
            "2560: {safe=0.57, tagged=0.2, rephrased=0.08, refusal=0.1, moral=0.05}");
    assertThat(phases(Draft.small(), "raw")).containsExactly("0: {safe=0.72, unsafe=0.28}");
  }

  @Test
  void phasesBeginAtTheirShares() {
    Draft draft =
        Draft.small()
            .withArm(
                "steps: {phases: [{start: 0%, mixture: as-found}, {start: 12.5%, mixture: safe-only}]}");

    assertThat(phases(draft, "steps"))
        .containsExactly("0: {safe=0.72, unsafe=0.28}", "1600: {safe=1.0}");
  }

  @ParameterizedTest
  @CsvSource({"0%, 0", "20%, 2560", "60%, 7680", "98%, 12544"})
  void theOnsetIsWhereTheFirstInterventionEnters(String onset, long tokens) {
    Draft draft = Draft.small().withArm("arm: " + ONSET.formatted(onset));

    assertThat(onsetTokens(draft, "arm")).isEqualTo(tokens);
  }

  @ParameterizedTest
  @CsvSource({"98.01%", "99.9%", "100%"})
  void anOnsetAfterTheLastStepHasBegunNeverComes(String onset) {
    Draft draft = Draft.small().withArm("arm: " + ONSET.formatted(onset));

    assertThat(onsetTokens(draft, "arm")).isNull();
  }

  @Test
  void unsafeTextAndAWeightOfZeroAreNoIntervention() {
    Draft draft =
        Draft.small()
            .with("as-found: {safe: 72%", "as-found: {refusal: 0%, safe: 72%")
            .withArm(
                "steps: {phases: [{start: 0%, mixture: as-found}, {start: 50%, mixture: with-interventions}]}");

    assertThat(onsetTokens(draft, "raw")).isNull();
    assertThat(onsetTokens(draft, "steps")).isEqualTo(6_400);
  }

  @ParameterizedTest
  @CsvSource({"0%, late", "20%, late", "60%, early", "0%, early"})
  void aDosedArmConsumesAsManyInterventionsAsItsTarget(String onset, String target) {
    // Declared before the arm that it is matched to: the order doesn't matter.
    Draft draft =
        Draft.small()
            .with("arms:\n", "arms:\n  dosed: " + DOSED.formatted(onset, target) + "\n")
            .with(
                "{safe: 57%, tagged: 20%, rephrased: 8%, refusal: 10%, moral: 5%}",
                "{safe: 79%, tagged: 10%, rephrased: 4%, refusal: 5%, moral: 2%}");

    Map<String, Long> dosed = rows(draft.spec(), "dosed");
    Map<String, Long> matched = rows(draft.spec(), target);

    assertThat(dosed.keySet()).containsExactlyInAnyOrderElementsOf(matched.keySet());
    for (String stream : List.of("tagged", "rephrased", "refusal", "moral")) {
      assertThat(dosed.get(stream)).as(stream).isCloseTo(matched.get(stream), within(1L));
    }
    assertThat(interventions(dosed)).isCloseTo(interventions(matched), within(1L));
    assertThat(dosed.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(200);
  }

  @Test
  void aDosedArmDiffersFromItsTargetInItsFirstInterventionAndNotBefore() {
    Draft draft = Draft.small().withArm("dosed: " + DOSED.formatted("20%", "late"));

    assertThat(phases(draft, "dosed").getFirst()).isEqualTo("0: {safe=1.0}");
    assertThat(onsetTokens(draft, "dosed")).isEqualTo(2_560);
    assertThat(phases(draft, "dosed").get(1)).isNotEqualTo(phases(draft, "early").get(1));
  }

  @Test
  void everyDoseThatCanNotBeMatchedIsSaidWithItsArm() {
    Draft draft =
        Draft.small()
            .withArm("one: " + DOSED.formatted("20%", "raw"))
            .withArm("two: " + DOSED.formatted("90%", "early"))
            .withArm("three: " + DOSED.formatted("100%", "early"));

    assertThatThrownBy(() -> Schedules.of(draft.spec()))
        .isInstanceOfSatisfying(
            BadInput.class,
            failure ->
                assertThat(failure.problems())
                    .hasSize(3)
                    .anySatisfy(
                        problem ->
                            assertThat(problem)
                                .isEqualTo(
                                    "arms.one.dose: match(raw) has nothing to match: that arm"
                                        + " trains on no intervention; name another"))
                    .anySatisfy(
                        problem ->
                            assertThat(problem)
                                .startsWith("arms.two.dose: the dose can't be matched: ")
                                .contains("use an earlier onset here"))
                    .anySatisfy(
                        problem ->
                            assertThat(problem)
                                .startsWith("arms.three.dose: the dose can't be matched: ")));
  }

  private static List<String> phases(Draft draft, String arm) {
    Schedule schedule = schedule(draft.spec(), arm);
    return schedule.phases().stream()
        .map(phase -> phase.startTokens() + ": " + phase.mixtureAt(phase.startTokens()).weights())
        .toList();
  }

  private static @Nullable Long onsetTokens(Draft draft, String arm) {
    StudySpec spec = draft.spec();
    return Schedules.onsetTokens(schedule(spec, arm), spec.pretrained().training().size());
  }

  private static Schedule schedule(StudySpec spec, String arm) {
    return requireNonNull(Schedules.of(spec).get(arm));
  }

  private static Map<String, Long> rows(StudySpec spec, String arm) {
    Schedule schedule = schedule(spec, arm);
    TrainingSize size = spec.pretrained().training().size();
    Map<String, StreamSize> sizes = new LinkedHashMap<>();
    schedule.streams().forEach(s -> sizes.put(s, new StreamSize(1, 64, OptionalInt.empty())));
    return new BatchPlan(schedule, size, sizes, new Seeds(1)).drawn(size.steps());
  }

  private static long interventions(Map<String, Long> rows) {
    return rows.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(Schedule.SAFE))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
