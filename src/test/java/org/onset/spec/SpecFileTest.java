package org.onset.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.Checked;
import org.onset.Problems;

class SpecFileTest {
  private static final SpecFile<Garden> GARDENS =
      new SpecFile<>(
          Garden.class,
          new SpecFile.Kind("garden", "garden.yaml"),
          "{beds: {'*': {rows: 1}}, tools: [], water: {litres: 1}}",
          (_, _) -> {});

  @TempDir private Path folder;

  record Garden(
      Map<String, Bed> beds, List<Tool> tools, Water water, Optional<Bed> spare, @Nullable Path map)
      implements Checked {
    @Override
    public void check(Problems problems) {
      problems.require(beds.size() == tools.size(), "", "needs a tool for each bed");
    }
  }

  record Bed(int rows, @Nullable Path seeds) implements Checked {
    @Override
    public void check(Problems problems) {
      problems.positive("rows", rows);
    }
  }

  record Tool(int weight, List<String> files) implements Checked {
    @Override
    public void check(Problems problems) {
      problems.positive("weight", weight);
    }
  }

  record Water(@Nullable Integer litres, @Nullable Integer buckets) implements Checked {
    @Override
    public void check(Problems problems) {
      problems.require(litres == null || litres > 1, "litres", "isn't enough");
    }
  }

  @Test
  void valuesOfSoundPartsAreCheckedThoughTheFormOfOthersIsWrong() throws IOException {
    assertThat(
            problems(
                """
                beds:
                  herbs: {rows: 0}
                  roots: {rows: many}
                tools:
                  - {weight: 0, files: []}
                  - {weigth: 0, files: []}
                spare: {rows: 0}
                """))
        .containsExactly(
            "2: beds.herbs.rows: must be above 0, was 0",
            "3: beds.roots.rows: must be a whole number, such as 2_000_000, was \"many\"",
            "5: tools[0].weight: must be above 0, was 0",
            "6: tools[1].weight: is missing; it must be a whole number, such as 2_000_000",
            "6: tools[1].weigth: is not a key that is known here; known are files, weight",
            "7: spare.rows: must be above 0, was 0");
  }

  @Test
  void aPathIsLookedAtWhateverElseIsWrong() throws IOException {
    assertThat(
            problems(
                """
                beds:
                  roots: {rows: many, seeds: "${SEEDS}/a"}
                tools:
                  - {weight: 1, files: ["${TOOLS}/b", 5, [c]]}
                map: "a\\0b"
                unknown: {files: ["${NOBODY}"], map: "${NOBODY}"}
                """))
        .containsExactly(
            "2: beds.roots.rows: must be a whole number, such as 2_000_000, was \"many\"",
            "2: beds.roots.seeds: the environment variable SEEDS is not set; set it to the folder"
                + " that holds the data",
            "4: tools[0].files[1]: must be text, in quotes where it looks like a number, was 5",
            "4: tools[0].files[2]: must be text, in quotes where it looks like a number, was [\"c\"]",
            "4: tools[0].files[0]: the environment variable TOOLS is not set; set it to the folder"
                + " that holds the data",
            "5: map: is no path: Nul character not allowed",
            "6: unknown: is not a key that is known here; known are beds, map, spare, tools,"
                + " water");
  }

  @Test
  void whatFollowsFromAMisspeltKeyIsNotSaidBesideIt() throws IOException {
    assertThat(problems("watr: {litres: 5}\n"))
        .containsExactly(
            "1: watr: is not a key that is known here; known are beds, map, spare, tools, water");
    assertThat(problems("water: {litres: 0}\nbeds: 1\n"))
        .containsExactly(
            "1: water.litres: isn't enough", "2: beds: must be a mapping of keys to values, was 1");
  }

  @Test
  void whatARecordSaysOfItsPartsTogetherIsSaidOnceAllCanBeRead() throws IOException {
    assertThat(problems("beds: {herbs: {}}\nwater: {litres: 2}\ntools: [{weight: a, files: []}]\n"))
        .hasSize(1);
    assertThat(problems("beds: {herbs: {}}\nwater: {litres: 2}\n"))
        .containsExactly("1: needs a tool for each bed");
  }

  @Test
  void namesWithDotsAndBracketsHideNothingFromTheBinder() throws IOException {
    assertThat(problems("beds: {a.rows: {rows: x}, a: {rows: 0}, 'b[0]': {rows: 0}}\n"))
        .containsExactly(
            "1: beds.a.rows.rows: must be a whole number, such as 2_000_000, was \"x\"",
            "1: beds.b[0].rows: must be above 0, was 0");
  }

  @Test
  void aListOfTextsIsShownByTexts() throws IOException {
    assertThat(problems("tools: [{weight: 1, files: a.txt}]\n"))
        .containsExactly("1: tools[0].files: must be a list, such as [a, b], was \"a.txt\"");
  }

  private List<String> problems(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("garden.yaml"), text);
    BadInput refused = catchThrowableOfType(BadInput.class, () -> GARDENS.read(file, _ -> null));
    return refused.problems().stream().map(problem -> problem.replace(file + ":", "")).toList();
  }
}
