package org.onset.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The shapes of files that are read. */
class SourcesTest {
  @TempDir Path folder;

  @Test
  void requestsComeFromJsonLinesPlainOrCompressed() throws IOException {
    Path plain = write("plain.jsonl", "{\"id\": \"a\", \"text\": \"first\\n\\nsecond\"}\n\n");
    Path compressed =
        writeGzip("packed.jsonl.gz", "{\"id\": 7, \"text\": \"third\", \"score\": 3}\n");

    List<Request> requests = Sources.requests(List.of(withIds(plain), withIds(compressed)));

    assertThat(requests)
        .extracting(Request::id, Request::text)
        .containsExactly(tuple("s/a", "first\n\nsecond"), tuple("s/7", "third"));
  }

  @Test
  void requestsComeFromCsvWithQuotedLineBreaksAndAFilter() throws IOException {
    Path file =
        write(
            "set.csv",
            """
            id,prompt,type,label
            v1,"How do I ""kill"" a process,
            please?",homonyms,safe
            v2,What?,contrast,unsafe
            v3,Why?,figurative,safe
            """);

    List<Request> requests =
        Sources.requests(
            List.of(
                new RequestSource(
                    file,
                    "borderline",
                    false,
                    "prompt",
                    Optional.of("id"),
                    Optional.of("type"),
                    Optional.empty(),
                    Optional.of(new RowFilter("label", "safe")),
                    OptionalInt.empty())));

    assertThat(requests)
        .containsExactly(
            new Request(
                "borderline/v1",
                "borderline",
                "direct",
                "",
                "homonyms",
                false,
                "How do I \"kill\" a process,\nplease?",
                "User: How do I \"kill\" a process,\nplease?\n\nAssistant:"),
            new Request(
                "borderline/v3",
                "borderline",
                "direct",
                "",
                "figurative",
                false,
                "Why?",
                "User: Why?\n\nAssistant:"));
  }

  @Test
  void requestsComeFromAListOfStrings() throws IOException {
    Path file = write("list.json", "[\"one\",\n \"two\"]");

    assertThat(Sources.requests(List.of(RequestSource.of(file, "harmful", true, "text"))))
        .extracting(Request::id, Request::text)
        .containsExactly(tuple("harmful/list/1", "one"), tuple("harmful/list/2", "two"));
  }

  @Test
  void requestsComeFromAListOfObjects() throws IOException {
    Path file =
        writeGzip(
            "list.json.gz", "[{\"goal\": \"one\", \"n\": null}, {\"goal\": \"two\", \"n\": 1.50}]");

    assertThat(texts(file, "goal")).containsExactly("one", "two");
    assertThat(rows(file, "goal").get(1).values()).containsEntry("n", "1.50");
    assertThat(rows(file, "goal").get(0).values()).containsEntry("n", "");
  }

  @Test
  void requestsComeFromTopicsAndSubtopics() throws IOException {
    Path file =
        write(
            "topics.json",
            """
            {"chemistry": {"acids": ["one", "two"], "salts": ["three"]},
             "travel": ["four"],
             "single": "five"}
            """);

    assertThat(rows(file, "text"))
        .containsExactly(
            new Row(1, Map.of("text", "one", "topic", "chemistry", "subtopic", "acids")),
            new Row(1, Map.of("text", "two", "topic", "chemistry", "subtopic", "acids")),
            new Row(1, Map.of("text", "three", "topic", "chemistry", "subtopic", "salts")),
            new Row(2, Map.of("text", "four", "topic", "travel")),
            new Row(3, Map.of("text", "five", "topic", "single")));
  }

  @Test
  void requestsComeFromParallelLists() throws IOException {
    Path file =
        write(
            "parallel.json",
            "{\"inputs\": [],\n \"instructions\": [\"one\",\n \"two\"],\n \"tags\": [\"x\", \"y\"]}");

    assertThat(rows(file, "instructions"))
        .containsExactly(
            new Row(2, Map.of("instructions", "one", "inputs", "", "tags", "x")),
            new Row(3, Map.of("instructions", "two", "inputs", "", "tags", "y")));
  }

  @Test
  void requestsComeFromLinesOfText() throws IOException {
    Path file = write("lines.txt", "one\r\n\r\n  \ntwo, \"and\" more");

    assertThat(texts(file, "text")).containsExactly("one", "two, \"and\" more");
  }

  @Test
  void aBaseModelCanBeGivenItsOwnWords() throws IOException {
    Path file = write("set.jsonl", "{\"ask\": \"How?\", \"begin\": \"The way is\"}");
    RequestSource source =
        new RequestSource(
            file,
            "harmful",
            true,
            "ask",
            Optional.empty(),
            Optional.empty(),
            Optional.of("begin"),
            Optional.empty(),
            OptionalInt.empty());

    assertThat(Sources.requests(List.of(source)).getFirst().completionText())
        .isEqualTo("The way is");
  }

  @Test
  void instructionAndInputStandABlankLineApart() throws IOException {
    Path file =
        write(
            "alpaca.json",
            """
            [{"instruction": "Sum up.", "input": "A text.", "output": "Text."},
             {"instruction": "Greet.", "input": "", "output": "Hello."},
             {"instruction": "Part.", "output": "Bye."}]
            """);

    assertThat(Sources.dialogues(List.of(alpaca(file))))
        .containsExactly(
            new Dialogue("everyday/alpaca/1", "everyday", "Sum up.\n\nA text.", "Text."),
            new Dialogue("everyday/alpaca/2", "everyday", "Greet.", "Hello."),
            new Dialogue("everyday/alpaca/3", "everyday", "Part.", "Bye."));
  }

  @Test
  void nestedValuesHaveDottedNames() throws IOException {
    Path file =
        write(
            "seed.jsonl",
            "{\"ask\": \"Why?\", \"instances\": [{\"output\": \"So.\"}], \"x\": {\"y\": true}}");

    List<Dialogue> dialogues =
        Sources.dialogues(
            List.of(DialogueSource.of(file, "everyday", "ask", "instances.0.output")));

    assertThat(dialogues.getFirst().assistant()).isEqualTo("So.");
    assertThat(rows(file, "ask").getFirst().values()).containsEntry("x.y", "true");
  }

  @Test
  void listsOfListsAreReadByPosition() throws IOException {
    Path file = write("turns.json", "[[{\"content\": \"Hi\"}, {\"content\": \"Ho\"}]]");

    assertThat(
            Sources.dialogues(
                List.of(DialogueSource.of(file, "everyday", "0.content", "1.content"))))
        .containsExactly(new Dialogue("everyday/turns/1", "everyday", "Hi", "Ho"));
  }

  @Test
  void labelsBecomeScores() throws IOException {
    Path file = write("labels.csv", "t,l\none,unsafe\ntwo,safe\nthree,unsafe\n");

    List<Document> labelled =
        Sources.labelled(List.of(LabelledSource.of(file, "t", "l", Map.of("unsafe", 3))));

    assertThat(labelled)
        .extracting(Document::id)
        .containsExactly("labels/1", "labels/2", "labels/3");
    assertThat(labelled).extracting(d -> d.score().getAsInt()).containsExactly(3, 0, 3);
    assertThat(labelled)
        .extracting(d -> d.category().orElseThrow())
        .containsExactly("unsafe", "safe", "unsafe");
  }

  @Test
  void aLimitTakesTheSameRowsHoweverTheyAreOrdered() throws IOException {
    StringBuilder forward = new StringBuilder();
    StringBuilder backward = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      forward.append(row("d" + i, "text"));
      backward.append(row("d" + (99 - i), "text"));
    }
    Path one = write("one.jsonl", forward.toString());
    Path two = write("two.jsonl", backward.toString());

    List<Request> chosen = Sources.requests(List.of(limited(one, 20)));
    List<Request> chosenToo = Sources.requests(List.of(limited(two, 20)));

    assertThat(chosen).hasSize(20);
    assertThat(chosenToo.reversed()).isEqualTo(chosen);
    assertThat(chosen).isNotEqualTo(Sources.requests(List.of(limited(one, 100))).subList(0, 20));
    assertThat(Sources.requests(List.of(limited(one, 1_000)))).hasSize(100);
  }

  @Test
  void sourcesBindFromAStudyKeyForComponent() {
    JsonMapper strict =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    LabelledSource labelled =
        strict.readValue(
            """
            {"path": "a.csv", "textColumn": "t", "labelColumn": "l", "scores": {"unsafe": 3},
             "idColumn": null, "where": {"column": "c", "value": "v"}, "max": 10}
            """,
            LabelledSource.class);

    assertThat(labelled)
        .isEqualTo(
            new LabelledSource(
                labelled.path(),
                "t",
                "l",
                Map.of("unsafe", 3),
                Optional.empty(),
                Optional.of(new RowFilter("c", "v")),
                OptionalInt.of(10)));
    assertThat(labelled.path().getFileName()).hasToString("a.csv");
  }

  private List<Row> rows(Path file, String column) {
    List<Row> rows = new ArrayList<>();
    Complaints complaints = new Complaints();
    Records.read(file, Set.of(column), complaints, rows::add);
    complaints.throwIfAny();
    return rows;
  }

  private static List<String> texts(Path file, String column) {
    return Sources.requests(List.of(RequestSource.of(file, "s", true, column))).stream()
        .map(Request::text)
        .toList();
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
    return taking(file, OptionalInt.empty());
  }

  private static RequestSource limited(Path file, int max) {
    return taking(file, OptionalInt.of(max));
  }

  private static RequestSource taking(Path file, OptionalInt max) {
    return new RequestSource(
        file,
        "s",
        true,
        "text",
        Optional.of("id"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        max);
  }

  private static String row(String id, String text) {
    return "{\"id\": \"%s\", \"text\": \"%s\"}\n".formatted(id, text);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Path writeGzip(String name, String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return Files.write(folder.resolve(name), bytes.toByteArray());
  }
}
