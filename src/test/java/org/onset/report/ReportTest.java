package org.onset.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.study.results.Exposure;
import org.onset.study.results.Results;
import org.onset.study.results.Results.Contrast;
import org.onset.study.results.Results.Row;
import org.onset.study.results.RunSummary;

class ReportTest {
  @TempDir private Path folder;

  @Test
  void theFilesAreReplacedAndNothingElseIsLeft() throws IOException {
    Files.writeString(folder.resolve("report.html"), "old");

    Report.write(SyntheticRun.twoSeeds(), folder);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("contrasts.csv", "report.html", "results.csv");
    }
    assertThat(folder.resolve("report.html")).content().startsWith("<!doctype html>");
  }

  @Test
  void equalResultsGiveEqualBytes() {
    assertThat(Report.html(SyntheticRun.twoSeeds()))
        .isEqualTo(Report.html(SyntheticRun.twoSeeds()));
  }

  @Test
  void resultsCsvHasAHeaderOfFieldNamesAndALineForEachRow() throws IOException {
    RunSummary summary = SyntheticRun.twoSeeds();

    Report.write(summary, folder);

    List<String> lines = Files.readAllLines(folder.resolve("results.csv"));
    assertThat(lines.getFirst()).isEqualTo(componentNames(Row.class));
    assertThat(lines).hasSize(summary.results().rows().size() + 1);
    List<String> contrasts = Files.readAllLines(folder.resolve("contrasts.csv"));
    assertThat(contrasts.getFirst()).isEqualTo(componentNames(Contrast.class));
    assertThat(contrasts).hasSize(summary.results().contrasts().size() + 1);
  }

  @Test
  void commasQuotesAndLineEndsStayInTheirField() {
    Row row =
        new Row(
            "a,b",
            3L,
            "base",
            null,
            null,
            "he said \"no\"",
            null,
            null,
            null,
            null,
            0,
            "asr",
            0.5,
            null,
            null,
            7,
            null,
            "seeds × prompts",
            "two\nlines");

    assertThat(
            CommaSeparated.of(Row.class, List.of(row))
                .substring(componentNames(Row.class).length()))
        .isEqualTo(
            """

            "a,b",3,base,,,"he said ""no""\",,,,,0,asr,0.5,,,7,,seeds × prompts,"two
            lines"
            """);
  }

  @Test
  void everyNumberThatCouldNotBeMeasuredShowsItsReason() {
    assertThat(Report.html(SyntheticRun.twoSeeds()))
        .contains("Not measured: the arm has no tag")
        .contains("No interval: the two seeds agree exactly")
        .contains("below six seeds nothing is tested; about 14 seeds would be needed");
  }

  @Test
  void onlyFieldsInWhichArmsDifferAreShown() {
    String html = Report.html(SyntheticRun.twoSeeds());

    assertThat(html).contains("tagCompletions", "The other 2 fields are the same in all arms.");
    assertThat(html).doesNotContain("peakLearningRate");
  }

  @Test
  void aPhraseJudgeIsMarkedAsAnUpperBound() {
    Row row =
        new Row(
            "a",
            null,
            "base",
            null,
            null,
            "advbench",
            null,
            "topk",
            "phrases",
            null,
            null,
            "asr",
            0.5,
            0.4,
            0.6,
            100,
            null,
            "prompts only",
            null);

    assertThat(Report.html(only(new Results(1, "s", List.of(row), List.of()))))
        .contains("advbench, topk, judge phrases (an upper bound)");
  }

  @Test
  void anEmptyRunStillMakesAPage() {
    String html = Report.html(only(new Results(1, "s", List.of(), List.of())));

    assertThat(html)
        .contains("No question was stated.", "No prediction was written down before the run.")
        .endsWith("</html>\n");
  }

  @Test
  void whatModelsAndFilesSayIsEscaped() {
    String html = Report.html(SyntheticRun.hostile());

    for (String dangerous : List.of(SyntheticRun.SCRIPT, SyntheticRun.IMAGE, "\u0000", "<img")) {
      assertThat(html.contains(dangerous)).as(dangerous).isFalse();
    }
    String data = html.substring(html.indexOf("id=\"chart-data\">") + 16);
    assertThat(data.substring(0, data.indexOf("</script>")))
        .contains("\\u003cimg src=x", "never \\u2028 \\u003c!-- long")
        .doesNotContain("<", "\u2028");
  }

  @Test
  void withEnoughSeedsThePageSaysWhatIsToldApartAndWhatIsNot() {
    assertThat(Report.html(SyntheticRun.twentySeeds()))
        .contains("dose-60-0 was 21.0 points lower than raw")
        .contains("not told apart: raw-untagged and raw (difference −1.0 points");
  }

  private static RunSummary only(Results results) {
    return new RunSummary(
        "Title",
        "",
        " ",
        List.of(),
        List.of(),
        List.of(),
        results,
        new Exposure(List.of()),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Map.of());
  }

  private static String componentNames(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> component.getName())
        .collect(Collectors.joining(","));
  }
}
