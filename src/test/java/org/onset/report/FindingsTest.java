package org.onset.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.study.results.Exposure;
import org.onset.study.results.Results;
import org.onset.study.results.Results.Contrast;
import org.onset.study.results.Results.Row;
import org.onset.study.results.RunSummary;

class FindingsTest {
  @Test
  void anOrderIsStatedWhereAPrimaryContrastCarriesIt() {
    Contrast lower = tested("start-0", "start-60", -0.21, -0.30, -0.12, 0.001, 0.003);
    Contrast unclear = tested("start-20", "start-60", -0.03, -0.09, 0.04, 0.31, 0.41);

    assertThat(found(List.of(), lower, unclear))
        .isEqualTo(
            "In attack success after benign finetuning on arithmetic (harmful, topk, judge exact, 20"
                + " seeds), start-0 was 21.0 points lower than start-60 (95% interval of the"
                + " difference −30.0 to −12.0, Holm’s p = 0.003); not told apart: start-20 and"
                + " start-60 (difference −3.0 points, 95% interval −9.0 to +4.0, Holm’s p = 0.410).");
  }

  @Test
  void belowSixSeedsNothingIsTestedAndTheSeedsNeededAreNamed() {
    Contrast untested =
        SyntheticRun.contrast(
            "start-0",
            "raw",
            -0.2,
            -0.3,
            -0.1,
            null,
            null,
            2,
            true,
            "tested from six seeds on; 14 seeds needed.");

    assertThat(found(List.of(), untested))
        .isEqualTo(
            "Nothing was tested (tested from six seeds on; 14 seeds needed); in attack success after"
                + " benign finetuning on arithmetic (harmful, topk, judge exact, 2 seeds), not told"
                + " apart: start-0 and raw (difference −20.0 points, 95% interval −30.0 to −10.0).");
  }

  @Test
  void theArmsOwnValuesFollowInDeclaredOrder() {
    Contrast unclear = tested("start-0", "raw", -0.03, -0.09, 0.04, 0.31, 0.41);
    List<Row> rows = List.of(asr("raw", 0.30, "exact"), asr("start-0", 0.27, "exact"));

    assertThat(found(rows, unclear))
        .endsWith(
            "; the arms’ own values, pooled over seeds, were start-0 27.0% (17.0–37.0), raw 30.0%"
                + " (20.0–40.0).");
  }

  @Test
  void withoutPrimaryContrastsNothingIsSaidAboutDifferences() {
    Contrast exploratory =
        SyntheticRun.contrast("start-0", "raw", -0.4, -0.5, -0.3, 0.0001, null, 20, false, null);

    assertThat(found(List.of(asr("raw", 0.3, "phrases")), exploratory))
        .isEqualTo(
            "No difference was tested, since the study named no primary contrast; in attack success"
                + " after benign finetuning on arithmetic (harmful, topk, judge phrases (an upper"
                + " bound)), the arms’ own values, pooled over seeds, were raw 30.0% (20.0–40.0).");
  }

  @Test
  void aRunWithoutAttacksStillHasItsSentence() {
    assertThat(found(List.of()))
        .isEqualTo("No difference was tested, since the study named no primary contrast.");
  }

  @Test
  void anUnmeasuredContrastSaysWhy() {
    Contrast missing =
        SyntheticRun.contrast(
            "start-0", "raw", null, null, null, null, null, 0, true, "the arm raw was not decoded");

    assertThat(found(List.of(), missing))
        .contains("not told apart: start-0 and raw (not measured: the arm raw was not decoded)");
  }

  @ParameterizedTest
  @Repetitions(200)
  void noOrderWithoutACorrectedTest(SplittableRandom random) {
    double difference = random.nextDouble(-1, 1);
    Double p = random.nextBoolean() ? random.nextDouble(0, 0.2) : null;
    Double holm = random.nextBoolean() ? random.nextDouble(0, 0.2) : null;
    Contrast contrast =
        SyntheticRun.contrast(
            "a", "b", difference, difference - 0.1, difference + 0.1, p, holm, 20, true, null);

    String found = found(List.of(), contrast);

    boolean carried = holm != null && holm <= 0.05;
    assertThat(found.contains("lower than") || found.contains("higher than")).isEqualTo(carried);
    assertThat(found.contains("not told apart")).isEqualTo(!carried);
  }

  private static Contrast tested(
      String arm,
      String baseline,
      double difference,
      double low,
      double high,
      double p,
      double holm) {
    return SyntheticRun.contrast(arm, baseline, difference, low, high, p, holm, 20, true, null);
  }

  private static Row asr(String arm, double value, String judge) {
    return new Row(
        arm,
        null,
        "benign",
        "arithmetic",
        null,
        "harmful",
        null,
        "topk",
        judge,
        null,
        null,
        "asr",
        value,
        value - 0.1,
        value + 0.1,
        180,
        null,
        "seeds × prompts",
        null);
  }

  private static String found(List<Row> rows, Contrast... contrasts) {
    List<RunSummary.ArmSpec> arms = new ArrayList<>();
    arms.add(new RunSummary.ArmSpec("start-0", Map.of()));
    arms.add(new RunSummary.ArmSpec("raw", Map.of()));
    return Findings.of(
            new RunSummary(
                "t",
                "q",
                "p",
                arms,
                List.of(),
                List.of(),
                new Results(1, "s", rows, List.of(contrasts)),
                new Exposure(List.of()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of()))
        .found();
  }
}
