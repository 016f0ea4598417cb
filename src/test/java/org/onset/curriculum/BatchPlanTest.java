package org.onset.curriculum;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.BadInput;
import org.onset.Repetitions;
import org.onset.Seeds;
import org.onset.curriculum.Phase.Hold;

class BatchPlanTest {
  private static final Mixture SAFE_ONLY = new Mixture(Map.of("safe", 1.0));
  private static final Mixture INTERVENED =
      mixture("safe", 0.57, "tagged", 0.2, "rephrased", 0.08, "refusal", 0.1, "moral", 0.05);
  private static final TrainingSize SIZE = new TrainingSize(614_400, 64, 16);
  private static final Map<String, StreamSize> STREAMS =
      sizes("safe", 900, "tagged", 300, "rephrased", 70, "refusal", 100, "moral", 41);

  @ParameterizedTest
  @Repetitions(400)
  void noStreamIsEverFurtherThanOneAndAHalfRowsFromItsQuota(SplittableRandom random) {
    TrainingSize size = RandomSchedules.size(random);
    List<String> streams = RandomSchedules.streams(random);
    Schedule schedule = RandomSchedules.schedule(random, streams, size.tokenBudget());
    BatchPlan plan = randomPlan(schedule, size, streams, random);

    Map<String, Double> quotas = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    double furthest = 0;
    for (long step = 0; step < size.steps(); step++) {
      Mixture mixture = schedule.mixtureAt(step * size.tokensPerStep());
      for (Row row : plan.rows(step)) {
        counts.merge(row.stream(), 1L, Long::sum);
        for (String stream : streams) {
          double quota = quotas.merge(stream, mixture.weight(stream), Double::sum);
          furthest = Math.max(furthest, Math.abs(counts.getOrDefault(stream, 0L) - quota));
        }
      }
    }
    assertThat(furthest).isLessThan(1.5);
  }

  @ParameterizedTest
  @Repetitions(200)
  void rowsAreThoseOfTheRuleWrittenPlainly(SplittableRandom random) {
    TrainingSize size = RandomSchedules.size(random);
    List<String> streams = RandomSchedules.streams(random);
    Schedule schedule = RandomSchedules.schedule(random, streams, size.tokenBudget());
    Map<String, StreamSize> sizes = RandomSchedules.sizes(random, streams, size.contextLength());
    Seeds seeds = new Seeds(random.nextLong());

    assertThat(allRows(new BatchPlan(schedule, size, sizes, seeds)))
        .isEqualTo(PlainBatchPlan.rows(schedule, size, sizes, seeds));
  }

  @ParameterizedTest
  @Repetitions(200)
  void anyStepCanBeReadInAnyOrder(SplittableRandom random) {
    TrainingSize size = RandomSchedules.size(random);
    List<String> streams = RandomSchedules.streams(random);
    Schedule schedule = RandomSchedules.schedule(random, streams, size.tokenBudget());
    Map<String, StreamSize> sizes = RandomSchedules.sizes(random, streams, size.contextLength());
    List<List<Row>> sequential = allRows(new BatchPlan(schedule, size, sizes, new Seeds(7)));
    BatchPlan plan = new BatchPlan(schedule, size, sizes, new Seeds(7));

    for (int i = 0; i < 20; i++) {
      int step = random.nextInt(Math.toIntExact(size.steps()));
      assertThat(plan.rows(step)).isEqualTo(sequential.get(step));
      assertThat(plan.drawn(step)).isEqualTo(tally(streams, sequential.subList(0, step)));
    }
    assertThat(plan.drawn(size.steps())).isEqualTo(tally(streams, sequential));
  }

  @Test
  void stepsCanBeReadFromManyThreads() {
    BatchPlan plan = plan(SAFE_ONLY, INTERVENED, 122_880, 3);
    List<List<Row>> sequential = allRows(plan);

    List<List<Row>> parallel =
        LongStream.range(0, SIZE.steps()).parallel().mapToObj(plan::rows).toList();

    assertThat(parallel).isEqualTo(sequential);
  }

  @ParameterizedTest
  @Repetitions(200)
  void schedulesWithEqualPastsHaveEqualRows(SplittableRandom random) {
    TrainingSize size = RandomSchedules.size(random);
    List<String> streams = RandomSchedules.streams(random);
    Schedule schedule = RandomSchedules.schedule(random, streams, size.tokenBudget());
    long branch = 1 + random.nextLong(size.tokenBudget());
    Schedule branched = branchedAt(branch, schedule, RandomSchedules.mixture(random, streams));
    Map<String, StreamSize> sizes = RandomSchedules.sizes(random, streams, size.contextLength());

    BatchPlan one = new BatchPlan(schedule, size, sizes, new Seeds(7));
    BatchPlan other = new BatchPlan(branched, size, sizes, new Seeds(7));

    int shared = Math.toIntExact(size.firstStepAt(branch));
    assertThat(allRows(other).subList(0, shared)).isEqualTo(allRows(one).subList(0, shared));
  }

  @ParameterizedTest
  @Repetitions(200)
  void cuttingAPhaseInTwoChangesNothing(SplittableRandom random) {
    TrainingSize size = RandomSchedules.size(random);
    List<String> streams = RandomSchedules.streams(random);
    Schedule schedule = RandomSchedules.schedule(random, streams, size.tokenBudget());
    long cut = 1 + random.nextLong(size.tokenBudget());
    List<Phase> phases = new ArrayList<>(schedule.phases());
    if (phases.stream().noneMatch(phase -> phase.startTokens() == cut)) {
      phases.add(new Hold(cut, schedule.mixtureAt(cut)));
      phases.sort((a, b) -> Long.compare(a.startTokens(), b.startTokens()));
    }
    Map<String, StreamSize> sizes = RandomSchedules.sizes(random, streams, size.contextLength());

    assertThat(allRows(new BatchPlan(new Schedule(phases), size, sizes, new Seeds(1))))
        .isEqualTo(allRows(new BatchPlan(schedule, size, sizes, new Seeds(1))));
  }

  @ParameterizedTest
  @Repetitions(200)
  void pairedArmsDrawTheSameNthWindowOfAStream(SplittableRandom random) {
    TrainingSize size = RandomSchedules.size(random);
    List<String> streams = RandomSchedules.streams(random);
    Map<String, StreamSize> sizes = RandomSchedules.sizes(random, streams, size.contextLength());
    Seeds seeds = new Seeds(random.nextLong());

    Set<Row> rows = new HashSet<>();
    for (int arm = 0; arm < 3; arm++) {
      Schedule schedule = RandomSchedules.schedule(random, streams, size.tokenBudget());
      allRows(new BatchPlan(schedule, size, sizes, seeds)).forEach(rows::addAll);
    }

    assertThat(rows.stream().map(row -> row.stream() + "/" + row.draw())).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @Repetitions(200)
  void everyEpochIsAPermutationAndEpochsAreCounted(SplittableRandom random) {
    TrainingSize size = RandomSchedules.size(random);
    List<String> streams = RandomSchedules.streams(random);
    Schedule schedule = RandomSchedules.schedule(random, streams, size.tokenBudget());
    Map<String, StreamSize> sizes = RandomSchedules.sizes(random, streams, size.contextLength());
    List<Row> rows =
        allRows(new BatchPlan(schedule, size, sizes, new Seeds(random.nextLong()))).stream()
            .flatMap(List::stream)
            .toList();

    for (String stream : streams) {
      List<Row> drawn = rows.stream().filter(row -> row.stream().equals(stream)).toList();
      int windows = requireNonNull(sizes.get(stream)).windows();
      assertThat(drawn.stream().map(Row::draw).toList())
          .isEqualTo(LongStream.range(0, drawn.size()).boxed().toList());
      assertThat(drawn.stream().map(Row::epoch).toList())
          .isEqualTo(LongStream.range(0, drawn.size()).mapToObj(i -> i / windows).toList());
      for (int start = 0; start < drawn.size(); start += windows) {
        List<Row> epoch = drawn.subList(start, Math.min(start + windows, drawn.size()));
        Set<Integer> distinct = new TreeSet<>(epoch.stream().map(Row::window).toList());
        assertThat(distinct).hasSameSizeAs(epoch);
        assertThat(distinct).allMatch(window -> window >= 0 && window < windows);
      }
    }
  }

  @Test
  void epochsDifferInTheirOrder() {
    List<Integer> windows =
        allRows(plan(SAFE_ONLY, SAFE_ONLY, 0, 3)).stream()
            .flatMap(List::stream)
            .map(Row::window)
            .toList();

    assertThat(windows.subList(900, 1_800)).isNotEqualTo(windows.subList(0, 900));
    assertThat(Set.copyOf(windows.subList(900, 1_800)))
        .isEqualTo(Set.copyOf(windows.subList(0, 900)));
  }

  @Test
  void seedsDifferInTheirOrderButNotInTheirStreams() {
    BatchPlan one = plan(SAFE_ONLY, INTERVENED, 122_880, 1);
    BatchPlan two = plan(SAFE_ONLY, INTERVENED, 122_880, 2);

    assertThat(allRows(one.withSeeds(new Seeds(2)))).isEqualTo(allRows(two));
    assertThat(streamsOf(one.rows(300))).isEqualTo(streamsOf(two.rows(300)));
    assertThat(one.rows(300)).isNotEqualTo(two.rows(300));
  }

  @Test
  void theFirstStepAtOrPastTheOnsetIsWhollyOfTheNewMixture() {
    Mixture after = mixture("refusal", 0.5, "moral", 0.5);
    long onset = 100 * SIZE.tokensPerStep();

    BatchPlan atAStep = plan(SAFE_ONLY, after, onset, 3);
    BatchPlan oneTokenEarlier = plan(SAFE_ONLY, after, onset - 1, 3);
    BatchPlan oneTokenLater = plan(SAFE_ONLY, after, onset + 1, 3);

    assertThat(distinctStreams(atAStep.rows(99))).containsExactly("safe");
    assertThat(distinctStreams(atAStep.rows(100))).containsExactly("moral", "refusal");
    assertThat(allRows(oneTokenEarlier)).isEqualTo(allRows(atAStep));
    assertThat(distinctStreams(oneTokenLater.rows(100))).containsExactly("safe");
    assertThat(distinctStreams(oneTokenLater.rows(101))).containsExactly("moral", "refusal");
  }

  @ParameterizedTest
  @Repetitions(200)
  void fromTheOnsetOnRowsFollowTheNewMixtureAlone(SplittableRandom random) {
    long onset = random.nextLong(1, SIZE.tokenBudget());
    BatchPlan plan = plan(SAFE_ONLY, INTERVENED, onset, 3);
    long first = SIZE.firstStepAt(onset);

    assertThat(plan.drawn(first)).containsEntry("safe", first * 16).containsEntry("refusal", 0L);
    plan.drawn(SIZE.steps())
        .forEach(
            (stream, rows) -> {
              double quota =
                  (SIZE.steps() - first) * 16 * INTERVENED.weight(stream)
                      + (stream.equals("safe") ? first * 16 : 0);
              assertThat((double) rows).describedAs(stream).isCloseTo(quota, within(1.5));
            });
  }

  @Test
  void tiesGoInDeclaredOrder() {
    Mixture thirds = mixture("a", 0.1, "b", 0.2, "c", 0.7);
    BatchPlan plan =
        new BatchPlan(
            new Schedule(List.of(new Hold(0, thirds))),
            new TrainingSize(10, 1, 10),
            sizes("a", 1, "b", 2, "c", 3),
            new Seeds(0));

    // The second row is owed 0.4 to b and to c, the fifth 0.5 to a and to c, the eighth 0.6 again
    // to b and to c; in doubles none of the three pairs is equal.
    assertThat(streamsOf(plan.rows(0)))
        .containsExactly("c", "b", "c", "c", "a", "c", "c", "b", "c", "c");
  }

  @Test
  void repetitionWithinTheCapIsFine() {
    TrainingSize size = new TrainingSize(1_000, 10, 10);

    BatchPlan plan = new BatchPlan(always(SAFE_ONLY), size, capped("safe", 50, 2), new Seeds(0));

    assertThat(plan.rows(9).getLast().epoch()).isEqualTo(1);
  }

  @Test
  void repetitionAboveTheCapIsRefusedByName() {
    TrainingSize size = new TrainingSize(1_001, 10, 10);

    assertThatThrownBy(
            () -> new BatchPlan(always(SAFE_ONLY), size, capped("safe", 50, 2), new Seeds(0)))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "stream safe: the schedule draws 110 windows of 50, 2.20 epochs, above the cap of 2;"
                + " add documents, lower its weight or the token budget, or raise its maxEpochs");
  }

  @Test
  void everyStreamThatIsMissingOrRepeatedIsNamedAtOnce() {
    Map<String, StreamSize> streams = capped("safe", 50, 2);

    assertThatThrownBy(() -> new BatchPlan(always(INTERVENED), SIZE, streams, new Seeds(0)))
        .isInstanceOfSatisfying(
            BadInput.class,
            e ->
                assertThat(e.problems())
                    .hasSize(5)
                    .anySatisfy(p -> assertThat(p).startsWith("stream safe: "))
                    .anySatisfy(p -> assertThat(p).startsWith("stream tagged: "))
                    .anySatisfy(
                        p ->
                            assertThat(p).contains("moral").contains("the corpus has none of it")));
  }

  @Test
  void aStreamThatNeverEntersNeedsNoWindows() {
    BatchPlan plan =
        new BatchPlan(
            Schedule.onset(SAFE_ONLY, INTERVENED, SIZE.tokenBudget(), SIZE.tokenBudget()),
            SIZE,
            sizes("safe", 10),
            new Seeds(0));

    assertThat(plan.drawn(SIZE.steps())).containsExactly(Map.entry("safe", 9_600L));
  }

  @Test
  void stepsOutsideOfThePlanAreRefused() {
    BatchPlan plan = plan(SAFE_ONLY, INTERVENED, 0, 3);

    assertThat(plan.rows(599)).hasSize(16);
    assertThatThrownBy(() -> plan.rows(600)).hasMessageContaining("600 steps");
    assertThatThrownBy(() -> plan.rows(-1)).hasMessageContaining("600 steps");
    assertThatThrownBy(() -> plan.drawn(601)).hasMessageContaining("600 steps");
  }

  private static BatchPlan plan(Mixture before, Mixture after, long onset, long seed) {
    return new BatchPlan(
        Schedule.onset(before, after, onset, SIZE.tokenBudget()), SIZE, STREAMS, new Seeds(seed));
  }

  private static BatchPlan randomPlan(
      Schedule schedule, TrainingSize size, List<String> streams, SplittableRandom random) {
    return new BatchPlan(
        schedule,
        size,
        RandomSchedules.sizes(random, streams, size.contextLength()),
        new Seeds(random.nextLong()));
  }

  private static Schedule branchedAt(long branch, Schedule schedule, Mixture after) {
    List<Phase> phases =
        new ArrayList<>(
            schedule.phases().stream().filter(phase -> phase.startTokens() < branch).toList());
    phases.add(new Hold(branch, after));
    return new Schedule(phases);
  }

  private static Schedule always(Mixture mixture) {
    return new Schedule(List.of(new Hold(0, mixture)));
  }

  private static List<List<Row>> allRows(BatchPlan plan) {
    return LongStream.range(0, plan.size().steps()).mapToObj(plan::rows).toList();
  }

  private static Map<String, Long> tally(List<String> streams, List<List<Row>> rows) {
    Map<String, Long> tally = new LinkedHashMap<>();
    streams.forEach(stream -> tally.put(stream, 0L));
    rows.forEach(step -> step.forEach(row -> tally.merge(row.stream(), 1L, Long::sum)));
    return tally;
  }

  private static List<String> streamsOf(List<Row> rows) {
    return rows.stream().map(Row::stream).toList();
  }

  private static Set<String> distinctStreams(List<Row> rows) {
    return new TreeSet<>(streamsOf(rows));
  }

  static Mixture mixture(Object... streamsAndWeights) {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (int i = 0; i < streamsAndWeights.length; i += 2) {
      weights.put((String) streamsAndWeights[i], (Double) streamsAndWeights[i + 1]);
    }
    return new Mixture(weights);
  }

  static Map<String, StreamSize> sizes(Object... streamsAndWindows) {
    Map<String, StreamSize> sizes = new LinkedHashMap<>();
    for (int i = 0; i < streamsAndWindows.length; i += 2) {
      int windows = (Integer) streamsAndWindows[i + 1];
      sizes.put(
          (String) streamsAndWindows[i],
          new StreamSize(windows, 64L * windows, OptionalInt.empty()));
    }
    return sizes;
  }

  private static Map<String, StreamSize> capped(String stream, int windows, int maxEpochs) {
    return Map.of(stream, new StreamSize(windows, windows, OptionalInt.of(maxEpochs)));
  }
}
