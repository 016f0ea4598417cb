package org.onset.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.Problems;

/** What is said of sources that can't be used. */
class SourceProblemsTest {
  @TempDir Path folder;

  @Test
  void aLabelThatNeverOccursIsATypingMistake() throws IOException {
    Path file = write("labels.csv", "t,l\none,unsafe\ntwo,safe\n");

    assertThat(
            problems(
                () ->
                    Sources.labelled(
                        List.of(LabelledSource.of(file, "t", "l", Map.of("unsaef", 3))))))
        .containsExactly(file + ": no row has the label `unsaef`; `l` holds `safe`, `unsafe`");
  }

  @Test
  void everyProblemOfEveryFileIsSaidAtOnce() throws IOException {
    Path missing = folder.resolve("missing.csv");
    Path columns = write("columns.csv", "goal,target\na,b\n");
    Path filtered = write("filtered.csv", "text,label\na,safe\nb,unsafe\n");
    Path empty = write("empty.json", "[]");
    Path odd = write("odd.parquet", "x");

    List<String> problems =
        problems(
            () ->
                Sources.requests(
                    List.of(
                        RequestSource.of(missing, "a", true, "text"),
                        RequestSource.of(columns, "b", true, "text"),
                        new RequestSource(
                            filtered,
                            "c",
                            true,
                            "text",
                            Optional.of("id"),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(new RowFilter("label", "Safe")),
                            OptionalInt.empty()),
                        RequestSource.of(empty, "d", true, "text"),
                        RequestSource.of(folder, "e", true, "text"),
                        RequestSource.of(odd, "f", true, "text"))));

    assertThat(problems)
        .containsExactly(
            missing + ": there is no such file",
            columns + ":2: has no column `text`; there are `goal`, `target`",
            filtered + ": no row has a column `id`; there are `text`, `label`",
            filtered + ": no row has `Safe` in the column `label`; it holds `safe`, `unsafe`",
            empty + ": holds nothing",
            folder + ": is not a file; name each file, not its folder",
            odd
                + ": has an unknown ending; Onset reads .jsonl, .json, .csv and .txt, also with"
                + " .gz");
  }

  @Test
  void theBeginningsAloneTellMissingFilesAndColumns() throws IOException {
    Path missing = folder.resolve("missing.jsonl");
    Path columns = write("columns.csv", "goal,target\na,b\n");
    Path damagedLater = write("later.jsonl", row("a", "t") + "{");
    Path empty = write("empty.txt", "\n\n");

    assertThat(
            problems(
                () ->
                    Sources.check(
                        List.of(
                            LabelledSource.of(missing, "text", "label", Map.of("a", 3)),
                            withIds(damagedLater),
                            DialogueSource.of(columns, "k", "question", "answer"),
                            RequestSource.of(empty, "s", true, "text")))))
        .containsExactly(
            missing + ": there is no such file",
            columns + ":2: has no column `question`; there are `goal`, `target`",
            columns + ":2: has no column `answer`; there are `goal`, `target`",
            empty + ": holds nothing");
  }

  @Test
  void rowsThatLackAColumnAreCounted() throws IOException {
    Path file =
        write(
            "some.jsonl",
            "{\"q\": \"a\", \"a\": \"b\"}\n{\"q\": \"c\"}\n{\"q\": \"d\"}\n{\"q\": \"e\", \"a\": \"f\"}");

    assertThat(problems(() -> Sources.dialogues(List.of(DialogueSource.of(file, "k", "q", "a")))))
        .containsExactly(file + ":2: has no column `a`; there are `q`; rows that lack it: 2");
  }

  @Test
  void anInputColumnThatNoRowHasIsMissing() throws IOException {
    Path file = write("a.json", "[{\"instruction\": \"x\", \"output\": \"y\", \"inputs\": \"z\"}]");

    assertThat(problems(() -> Sources.dialogues(List.of(alpaca(file)))))
        .containsExactly(
            file + ": no row has a column `input`; there are `instruction`, `output`, `inputs`");
  }

  @Test
  void idsMustBeThereAndOccurOnce() throws IOException {
    Path first = write("first.jsonl", row("a", "x") + row("b", "x") + row("a", "y"));
    Path second = write("second.jsonl", row("b", "z") + row("", "z") + row("c", " "));

    assertThat(problems(() -> Sources.requests(List.of(withIds(first), withIds(second)))))
        .containsExactly(
            first + ":3: the id `s/a` is there already, at " + first + ":1",
            second + ":1: the id `s/b` is there already, at " + first + ":2",
            second + ":2: `id` is empty",
            second + ":3: `text` is empty");
  }

  @Test
  void afterTenProblemsAFilesRestIsCounted() throws IOException {
    Path file = write("bad.jsonl", "oops\n".repeat(25));
    Path other = folder.resolve("other.jsonl");

    List<String> problems =
        problems(() -> Sources.requests(List.of(withIds(file), withIds(other))));

    assertThat(problems).hasSize(12);
    assertThat(problems.get(10)).isEqualTo(file + ": and 15 more");
    assertThat(problems.get(11)).isEqualTo(other + ": there is no such file");
  }

  @Test
  void anUnusableSpecSaysEverythingAtOnce() {
    Problems problems = new Problems();

    new LabelledSource(
            Path.of("x"),
            "",
            "l",
            Map.of("a", 7),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.of(0))
        .check(problems.in("labelled"));
    LabelledSource.of(Path.of("x"), "t", "l", Map.of("a", 0)).check(problems.in("zero"));
    DialogueSource.of(Path.of("x"), "", "q", "q").check(problems.in("dialogues"));
    RequestSource.of(Path.of("x"), " ", true, "text").check(problems.in("requests"));

    assertThat(problems.found())
        .extracting(Problems.Problem::field)
        .containsExactly(
            "labelled",
            "labelled.max",
            "labelled.scores.a",
            "zero.scores",
            "dialogues.kind",
            "dialogues.assistantColumn",
            "requests.suite");
  }

  private interface ReadingOf {
    void run();
  }

  private static List<String> problems(ReadingOf reading) {
    return catchThrowableOfType(BadInput.class, reading::run).problems();
  }

  private static DialogueSource alpaca(Path file) {
    return new DialogueSource(
        file,
        "everyday",
        "instruction",
        Optional.of("input"),
        "output",
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  private static RequestSource withIds(Path file) {
    return new RequestSource(
        file,
        "s",
        true,
        "text",
        Optional.of("id"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  private static String row(String id, String text) {
    return "{\"id\": \"%s\", \"text\": \"%s\"}\n".formatted(id, text);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }
}
