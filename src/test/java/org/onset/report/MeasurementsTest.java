package org.onset.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.onset.study.results.Results;
import org.onset.study.results.Results.Row;

class MeasurementsTest {
  @Test
  void rowsOverAllAttacksSpeakForTheirSuite() {
    Measurements measurements =
        measurements(
            row("a", 1L, "base", "harmful", null, null, 0.4),
            row("a", null, "base", "harmful", null, null, 0.5),
            row("a", null, "base", "harmful", "wrapper", null, 0.6),
            row("a", null, "base", "harmful", null, "held-out", 0.7),
            row("a", null, "base", "advbench", "direct", null, 0.8));

    List<Setting> headline = measurements.headline(Metric.ASR::equals);

    assertThat(headline.stream().map(Setting::details))
        .containsExactly("harmful, topk, judge exact", "advbench, direct, topk, judge exact");
    assertThat(measurements.all(Metric.ASR::equals)).hasSize(4);
    assertThat(measurements.seedValues(headline.getFirst(), "a", new Stage("base", null), null))
        .containsExactly(0.4);
  }

  @Test
  void armsKeepTheirDeclaredOrderAndStagesTheirs() {
    Measurements measurements =
        new Measurements(
            new Results(
                1,
                "s",
                List.of(
                    row("z", null, "instruct", "harmful", null, null, 0.1),
                    row("b", null, "base", "harmful", null, null, 0.1),
                    row("a", null, "base", "harmful", null, null, 0.1)),
                List.of()),
            List.of("a", "b"));

    assertThat(measurements.arms()).containsExactly("a", "b", "z");
    assertThat(measurements.stages().stream().map(Stage::title))
        .containsExactly("base", "instruct");
  }

  private static Measurements measurements(Row... rows) {
    return new Measurements(new Results(1, "s", List.of(rows), List.of()), List.of());
  }

  private static Row row(
      String arm,
      @Nullable Long seed,
      String stage,
      String suite,
      @Nullable String attack,
      @Nullable String variant,
      double value) {
    return new Row(
        arm, seed, stage, null, null, suite, attack, "topk", "exact", variant, null, "asr", value,
        null, null, 60, null, null, null);
  }
}
