package org.onset.curriculum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.onset.curriculum.BatchPlanTest.mixture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Problems;
import org.onset.Repetitions;
import org.onset.curriculum.Phase.Hold;

class ScheduleTest {
  private static final Mixture SAFE = mixture("safe", 1.0);
  private static final Mixture WITH_REFUSALS = mixture("safe", 0.7, "refusal", 0.2, "moral", 0.1);

  @Test
  void theOnsetItselfBelongsToTheNewPhase() {
    Schedule schedule = Schedule.onset(SAFE, WITH_REFUSALS, 1_000, 5_000);

    assertThat(schedule.mixtureAt(0)).isEqualTo(SAFE);
    assertThat(schedule.mixtureAt(999)).isEqualTo(SAFE);
    assertThat(schedule.mixtureAt(1_000)).isEqualTo(WITH_REFUSALS);
    assertThat(schedule.mixtureAt(9_000)).isEqualTo(WITH_REFUSALS);
  }

  @Test
  void anOnsetAtZeroHasNoBefore() {
    assertThat(Schedule.onset(SAFE, WITH_REFUSALS, 0, 5_000).phases())
        .containsExactly(new Hold(0, WITH_REFUSALS));
  }

  @Test
  void anOnsetAtTheBudgetNeverComes() {
    assertThat(Schedule.onset(SAFE, WITH_REFUSALS, 5_000, 5_000).phases())
        .containsExactly(new Hold(0, SAFE));
  }

  @Test
  void anOnsetBeyondTheBudgetIsRefused() {
    assertThatThrownBy(() -> Schedule.onset(SAFE, WITH_REFUSALS, 5_001, 5_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5000")
        .hasMessageContaining("5001");
  }

  @Test
  void streamsComeInTheOrderOfTheirFirstAppearance() {
    Schedule schedule =
        new Schedule(
            List.of(
                new Hold(0, mixture("unsafe", 0.3, "safe", 0.7)),
                new Hold(10, WITH_REFUSALS),
                new Hold(20, mixture("tagged", 1.0))));

    assertThat(schedule.streams()).containsExactly("unsafe", "safe", "refusal", "moral", "tagged");
    assertThat(schedule.interventions()).containsExactly("refusal", "moral", "tagged");
  }

  @Test
  void phasesMustFollowEachOtherFromTokenZero() {
    assertThatThrownBy(() -> new Schedule(List.of())).hasMessageContaining("token 0");
    assertThatThrownBy(() -> new Schedule(List.of(new Hold(1, SAFE))))
        .hasMessageContaining("token 0");
    assertThatThrownBy(
            () -> new Schedule(List.of(new Hold(0, SAFE), new Hold(5, SAFE), new Hold(5, SAFE))))
        .hasMessageContaining("one after another");
  }

  @Test
  void weightsThatAreNoMixtureAreReportedTogether() {
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("safe", 0.5);
    weights.put("moral", -0.1);
    weights.put("tagged", Double.NaN);
    Problems problems = new Problems();

    Mixture.check(weights, problems.in("after"));

    assertThat(problems.found())
        .extracting(Problems.Problem::field)
        .containsExactly("after.moral", "after.tagged", "after");
    assertThatThrownBy(() -> new Mixture(weights)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void weightsMaySumToOneWithinABillionth() {
    assertThat(mixture("safe", 0.9999999995, "moral", 0.0).weight("safe")).isLessThan(1);
    assertThatThrownBy(() -> mixture("safe", 0.999999998))
        .hasMessageContaining("sum to 0.999999998");
  }

  @ParameterizedTest
  @Repetitions(200)
  void scalingLeavesTheRestToTheFiller(SplittableRandom random) {
    double factor = random.nextDouble() * 2.5;

    Mixture scaled = WITH_REFUSALS.scaled(Set.of("refusal", "moral"), factor, "safe");

    assertThat(scaled.weights().keySet()).containsExactly("safe", "refusal", "moral");
    assertThat(scaled.weight("refusal")).isEqualTo(0.2 * factor);
    assertThat(scaled.weight("moral")).isEqualTo(0.1 * factor);
    assertThat(scaled.weights().values().stream().mapToDouble(w -> w).sum())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void scalingBeyondOneIsRefused() {
    assertThatThrownBy(() -> WITH_REFUSALS.scaled(Set.of("refusal", "moral"), 3.4, "safe"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 1");
  }

  @Test
  void budgetsAndBoundariesBecomeWholeStepsRoundedUp() {
    TrainingSize size = new TrainingSize(1_001, 10, 5);

    assertThat(size.tokensPerStep()).isEqualTo(50);
    assertThat(size.steps()).isEqualTo(21);
    assertThat(size.realisedTokens()).isEqualTo(1_050);
    assertThat(size.firstStepAt(0)).isZero();
    assertThat(size.firstStepAt(100)).isEqualTo(2);
    assertThat(size.firstStepAt(101)).isEqualTo(3);
    assertThat(new TrainingSize(1_000, 10, 5).steps()).isEqualTo(20);
  }

  @Test
  void sizesThatAreNoSizesAreReportedTogether() {
    Problems problems = new Problems();

    new TrainingSize(0, -1, 0).check(problems);

    assertThat(problems.found())
        .extracting(Problems.Problem::field)
        .containsExactly("tokenBudget", "contextLength", "sequencesPerStep");
  }
}
