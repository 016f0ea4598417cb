package org.onset.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.study.results.Results;
import org.onset.study.results.Results.Row;

class TextTableTest {
  @Test
  void attackSuccessStandsByStageAndDecoderAndThenWhatItCost() {
    List<Row> rows =
        List.of(
            row("raw", "base", null, "harmful", "topk", "asr", 0.97, 0.93, 0.99),
            row("raw", "instruct", null, "harmful", "topk", "asr", 0.09, 0.04, 0.17),
            row("raw", "benign", "arithmetic", "harmful", "topk", "asr", 0.07, 0.02, 0.15),
            row("start-20", "base", null, "harmful", "topk", "asr", 0.59, 0.52, 0.66),
            row("start-20", "instruct", null, "harmful", "topk", "asr", null, null, null),
            row("raw", "instruct", null, "borderline", "topk", "overrefusal", 0.15, 0.1, 0.2),
            row("raw", "instruct", null, "borderline", "topk", "helpful_rate", 0.8, 0.7, 0.9),
            row("start-20", "instruct", null, "quiz", null, "accuracy", 0.75, 0.7, 0.8));

    assertThat(Report.table(new Results(1, "s", rows, List.of())))
        .isEqualTo(
            """
            Attack success in % with 95% intervals, 0 seeds (harmful, topk, judge exact)
                      harmful, topk, judge exact
            arm       base      instruct  benign: arithmetic
            raw       97 93–99  9 4–17    7 2–15
            start-20  59 52–66  –

            Harmless requests and questions, in %, after instruction tuning, decoder topk
                      borderline          accuracy
            arm       refused   helpful   quiz
            raw       15 10–20  80 70–90
            start-20                      75 70–80

            – not measured: the decoder failed
            """);
  }

  @ParameterizedTest
  @Repetitions(40)
  void noLineIsWiderThanAHundredColumns(SplittableRandom random) {
    List<Row> rows = new ArrayList<>();
    for (int arm = 0; arm < 1 + random.nextInt(8); arm++) {
      String name = "arm".repeat(1 + random.nextInt(12)) + arm;
      for (int decoder = 0; decoder < 1 + random.nextInt(4); decoder++) {
        for (int task = 0; task < 1 + random.nextInt(12); task++) {
          String task_ = "task".repeat(1 + random.nextInt(6)) + task;
          rows.add(
              row(
                  name,
                  "benign",
                  task_,
                  "suite".repeat(1 + random.nextInt(9)),
                  "decoder" + decoder,
                  "asr",
                  1.0,
                  1.0,
                  1.0));
          rows.add(
              row(
                  name,
                  "instruct",
                  null,
                  "s" + task,
                  "d".repeat(70) + decoder,
                  "overrefusal",
                  null,
                  null,
                  null));
          rows.add(row(name, "instruct", null, "quiz" + task, null, "accuracy", 1.0, 0.9, 1.0));
        }
      }
    }

    String table = Report.table(new Results(1, "s", rows, List.of()));

    assertThat(table.lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(100));
  }

  @Test
  void aNameCannotMoveTheCursor() {
    Row row = row("\u001b[2Jraw\n", "base", null, "harmful", "topk", "asr", 0.5, null, null);

    assertThat(Report.table(new Results(1, "s", List.of(row), List.of())))
        .contains("?[2Jraw?")
        .doesNotContain("\u001b");
  }

  private static Row row(
      String arm,
      String stage,
      @Nullable String task,
      String suite,
      @Nullable String decoder,
      String metric,
      @Nullable Double value,
      @Nullable Double low,
      @Nullable Double high) {
    return new Row(
        arm,
        null,
        stage,
        task,
        null,
        suite,
        null,
        decoder,
        "exact",
        null,
        null,
        metric,
        value,
        low,
        high,
        180,
        null,
        "seeds × prompts",
        value == null ? "the decoder failed" : null);
  }
}
