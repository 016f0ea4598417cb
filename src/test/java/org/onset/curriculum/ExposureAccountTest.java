package org.onset.curriculum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.onset.curriculum.BatchPlanTest.mixture;
import static org.onset.curriculum.BatchPlanTest.sizes;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.Seeds;

class ExposureAccountTest {
  private static final Mixture SAFE = mixture("safe", 1.0);

  @Test
  void anArmConsumesWhatItsScheduleSays() {
    TrainingSize size = new TrainingSize(9_950, 10, 10);
    Mixture after = mixture("safe", 0.5, "unsafe", 0.2, "refusal", 0.3);
    Map<String, StreamSize> streams =
        Map.of(
            "safe", new StreamSize(300, 3_000, OptionalInt.empty()),
            "unsafe", new StreamSize(50, 500, OptionalInt.empty()),
            "refusal", new StreamSize(40, 160, OptionalInt.empty()));
    BatchPlan plan =
        new BatchPlan(Schedule.onset(SAFE, after, 4_950, 9_950), size, streams, new Seeds(0));

    ExposureAccount account = ExposureAccount.of(plan, tokens -> tokens < 7_500 ? 2e-3 : 1e-3);

    assertThat(account.plannedTokens()).isEqualTo(9_950);
    assertThat(account.realisedTokens()).isEqualTo(10_000);
    assertThat(account.streams())
        .usingRecursiveFieldByFieldElementComparator(
            org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration.builder()
                .withComparatorForType(ExposureAccountTest::compareClosely, Double.class)
                .build())
        .containsExactly(
            new ExposureAccount.Stream("safe", 0.75, 7_500, 750, 7_500, 7_500, 2.5),
            new ExposureAccount.Stream("unsafe", 0.1, 1_000, 100, 1_000, 1_000, 2),
            new ExposureAccount.Stream("refusal", 0.15, 1_500, 150, 1_500, 600, 3.75));
    assertThat(account.interventionTokens()).isEqualTo(600);
    assertThat(account.interventionLearningRate().orElseThrow()).isCloseTo(1.5e-3, within(1e-12));
  }

  @Test
  void withoutInterventionsThereIsNoLearningRateOverThem() {
    TrainingSize size = new TrainingSize(1_000, 10, 10);
    Schedule never = Schedule.onset(SAFE, mixture("moral", 1.0), 1_000, 1_000);

    ExposureAccount account =
        ExposureAccount.of(new BatchPlan(never, size, sizes("safe", 7), new Seeds(0)), _ -> 1);

    assertThat(account.interventionTokens()).isZero();
    assertThat(account.interventionLearningRate()).isEmpty();
  }

  @ParameterizedTest
  @Repetitions(200)
  void accountsAddUp(SplittableRandom random) {
    TrainingSize size = RandomSchedules.size(random);
    List<String> names = RandomSchedules.streams(random);
    Schedule schedule = RandomSchedules.schedule(random, names, size.tokenBudget());
    Map<String, StreamSize> streams = RandomSchedules.sizes(random, names, size.contextLength());
    BatchPlan plan = new BatchPlan(schedule, size, streams, new Seeds(1));

    ExposureAccount account = ExposureAccount.of(plan, _ -> 0.25);

    assertThat(account.streams().stream().mapToLong(ExposureAccount.Stream::realisedTokens).sum())
        .isEqualTo(account.realisedTokens());
    assertThat(account.streams().stream().mapToDouble(ExposureAccount.Stream::share).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(account.streams())
        .allSatisfy(
            stream ->
                assertThat((double) stream.realisedTokens())
                    .isCloseTo(
                        (double) stream.plannedTokens(), within(1.5 * size.contextLength() + 1)));
    account
        .interventionLearningRate()
        .ifPresent(mean -> assertThat(mean).isCloseTo(0.25, within(1e-12)));
  }

  private static int compareClosely(Double a, Double b) {
    return Math.abs(a - b) < 1e-9 ? 0 : Double.compare(a, b);
  }
}
