package org.onset.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.Repetitions;

/** Damaged and odd files end in rows or in a message with file and line, never in a crash. */
class HostileInputTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.csv", "a.txt", "a.json"})
  void aByteOrderMarkIsNoPartOfTheText(String name) throws IOException {
    String content =
        switch (name) {
          case "a.jsonl" -> "{\"text\": \"x\"}";
          case "a.csv" -> "text\nx";
          case "a.txt" -> "x";
          default -> "[{\"text\": \"x\"}]";
        };

    assertThat(values(write(name, "\uFEFF" + content))).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.csv", "a.txt", "a.json"})
  void carriageReturnsEndLinesToo(String name) throws IOException {
    String content =
        switch (name) {
          case "a.jsonl" -> "{\"text\": \"x\"}\n{\"text\": \"y\"}\n";
          case "a.csv" -> "text\nx\ny\n";
          case "a.txt" -> "x\ny\n";
          default -> "[\n{\"text\": \"x\"},\n{\"text\": \"y\"}\n]\n";
        };

    assertThat(values(write(name, content.replace("\n", "\r\n")))).containsExactly("x", "y");
  }

  @Test
  void damagedJsonLinesAreNamedAndTheOthersRead() throws IOException {
    Path file =
        write(
            "a.jsonl",
            """
            {"text": "good"}
            {"text": "cut
            ["not", "an object"]
            {"text": "one", "text": "two"}
            {"text": "one"} {"text": "two"}
            {"text": NaN}
            {"text": "half \\ud83d"}
            {"text": "good too"}
            {"a": {"b": 1}, "a.b": 2}
            """);
    List<String> values = new ArrayList<>();

    List<String> problems = problemsOf(file, values);

    assertThat(values).containsExactly("good", "good too");
    assertThat(problems).hasSize(7);
    assertThat(problems.get(0)).startsWith(file + ":2: is not valid JSON");
    assertThat(problems.get(1)).isEqualTo(file + ":3: is not a JSON object; each line must be one");
    assertThat(problems.get(2)).startsWith(file + ":4: ").containsIgnoringCase("duplicate");
    assertThat(problems.get(3)).isEqualTo(file + ":5: more follows behind the JSON object");
    assertThat(problems.get(4)).startsWith(file + ":6: is not valid JSON");
    assertThat(problems.get(5))
        .isEqualTo(
            file + ":7: `text` holds half a surrogate pair, which is no character; repair it");
    assertThat(problems.get(6)).isEqualTo(file + ":9: two values are called `a.b`");
  }

  @Test
  void aWholeSurrogatePairIsACharacter() throws IOException {
    assertThat(values(write("a.jsonl", "{\"text\": \"\\ud83d\\ude00\"}"))).containsExactly("😀");
  }

  @Test
  void bytesThatAreNotUtf8AreNamedByLine() throws IOException {
    byte[] latin = "text\nfine\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    String message = "is not UTF-8; convert the file, for example with iconv";

    for (String name : List.of("a.csv", "a.txt", "a.jsonl.txt")) {
      Path file = Files.write(folder.resolve(name), latin);
      assertThat(problemsOf(file, new ArrayList<>())).containsExactly(file + ":3: " + message);
    }
    Path json =
        Files.write(
            folder.resolve("a.json"), "[\"x\",\n\"\u00e9\"]".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(problemsOf(json, new ArrayList<>())).containsExactly(json + ":2: " + message);
  }

  @Test
  void aLineOfTenMegabytesIsALine() throws IOException {
    String text = "word ".repeat(2_000_000).strip();
    Path lines = write("a.jsonl", "{\"text\": \"" + text + "\"}\n{\"text\": \"next\"}\n");
    Path table = write("a.csv", "text\n\"" + text + "\"\nnext\n");

    assertThat(values(lines)).containsExactly(text, "next");
    assertThat(values(table)).containsExactly(text, "next");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.csv", "a.txt", "a.json", "b.jsonl.gz"})
  void anEmptyFileHoldsNothing(String name) throws IOException {
    Path file =
        name.endsWith(".gz") ? Files.write(folder.resolve(name), gzip("")) : write(name, "");

    List<String> problems =
        catchThrowableOfType(
                BadInput.class,
                () -> Sources.requests(List.of(RequestSource.of(file, "s", true, "text"))))
            .problems();

    assertThat(problems).containsExactly(file + ": holds nothing");
  }

  @Test
  void aFileThatOnlyClaimsToBeGzipIsNamed() throws IOException {
    Path plain = write("a.jsonl.gz", "{\"text\": \"x\"}");
    Path empty = write("b.jsonl.gz", "");

    assertThat(problemsOf(plain, new ArrayList<>()))
        .containsExactly(plain + ": is not sound gzip (it does not begin like one); copy it again");
    assertThat(problemsOf(empty, new ArrayList<>()))
        .containsExactly(empty + ": is not sound gzip (it does not begin like one); copy it again");
  }

  @Test
  void gzipUnderAPlainNameIsUnpacked() throws IOException {
    Path file = Files.write(folder.resolve("a.jsonl"), gzip("{\"text\": \"x\"}\n"));

    assertThat(values(file)).containsExactly("x");
  }

  @Test
  void gzipInSeveralMembersIsOneText() throws IOException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.write(gzip("{\"text\": \"x\"}\n"));
    joined.write(gzip("{\"text\": \"y\"}\n"));
    Path file = Files.write(folder.resolve("a.jsonl.gz"), joined.toByteArray());

    assertThat(values(file)).containsExactly("x", "y");
  }

  @Test
  void aGzipStreamThatEndsTooEarlyIsNamed() throws IOException {
    byte[] whole = gzip("{\"text\": \"x\"}\n".repeat(1_000));
    Path file = Files.write(folder.resolve("a.jsonl.gz"), Arrays.copyOf(whole, whole.length - 9));

    assertThat(problemsOf(file, new ArrayList<>()))
        .containsExactly(file + ": the gzip stream ends too early; copy the file again");
  }

  @Test
  void aGzipStreamWithAWrongChecksumIsNamed() throws IOException {
    byte[] bytes = gzip("{\"text\": \"x\"}\n");
    bytes[bytes.length - 6] ^= 1;
    Path file = Files.write(folder.resolve("a.jsonl.gz"), bytes);

    assertThat(problemsOf(file, new ArrayList<>()))
        .singleElement()
        .asString()
        .startsWith(file + ": is not sound gzip");
  }

  @Test
  void rowsThatDontFitTheHeaderAreNamedByTheLineTheyBeginOn() throws IOException {
    Path file = write("a.csv", "text,b\n\"x\ny\",1\none,2,3\n\nonly\nz,4\n");
    List<String> values = new ArrayList<>();

    List<String> problems = problemsOf(file, values);

    String quotes = "; a text that holds commas needs quotes";
    assertThat(problems)
        .containsExactly(
            file + ":4: has 3 values for the header's 2 columns" + quotes,
            file + ":6: has 1 values for the header's 2 columns" + quotes);
    assertThat(values).containsExactly("x\ny", "z");
  }

  @Test
  void aQuoteThatNeverClosesIsNamedByTheLineItsRowBeginsOn() throws IOException {
    Path file = write("a.csv", "text,b\nx,1\ny,\"open\nz,2\n");

    assertThat(problemsOf(file, new ArrayList<>()))
        .singleElement()
        .asString()
        .startsWith(file + ":3: the row that begins here is damaged")
        .contains("quote");
  }

  @Test
  void aHeaderThatNamesAColumnTwiceIsRefused() throws IOException {
    Path file = write("a.csv", "text,text\nx,y\n");

    assertThat(problemsOf(file, new ArrayList<>()))
        .containsExactly(file + ":1: the header names a column twice: [text, text]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"text\": \"x\"},\n{\"text\": }]",
        "[{\"text\": \"x\"},\n",
        "{\"text\": [\"x\"],\n \"text\": [\"y\"]}",
        "{\"a\": {\"text\": 1},\n",
        "{\"text\": [\"x\", \"y\"],\n \"other\": [\"z\"]}",
        "{\"text\": [\"x\"],\n \"other\": 3}",
        "{\"text\": [\"x\"],\n \"other\": [{}]}",
        "\"text\"",
        "{\"text\": \"x\"}\n{\"text\": \"y\"}",
      })
  void damagedJsonIsNamedByLine(String content) throws IOException {
    Path file = write("a.json", content);

    assertThat(problemsOf(file, new ArrayList<>()))
        .singleElement()
        .asString()
        .matches("(?s)" + Pattern.quote(file.toString()) + ":[12]: .+");
  }

  @Test
  void aFileOfJsonLinesCalledJsonIsToldItsName() throws IOException {
    Path file = write("a.json", "{\"text\": \"x\"}\n{\"text\": \"y\"}");

    assertThat(problemsOf(file, new ArrayList<>()))
        .containsExactly(
            file
                + ":2: a second JSON text begins here; a file of one object a line is called"
                + " .jsonl");
  }

  @Test
  void nestingWithoutEndIsRefused() throws IOException {
    Path lines = write("a.jsonl", "{\"text\": " + "[".repeat(100_000));
    Path whole = write("a.json", "[".repeat(100_000));

    assertThat(problemsOf(lines, new ArrayList<>())).hasSize(1);
    assertThat(problemsOf(whole, new ArrayList<>())).hasSize(1);
  }

  @ParameterizedTest
  @Repetitions(200)
  void damageAnywhereIsARowOrAMessageNeverACrash(SplittableRandom random) throws IOException {
    String[] names = {"a.jsonl", "a.csv", "a.json", "a.jsonl.gz"};
    String name = names[random.nextInt(names.length)];
    String content =
        name.endsWith(".csv")
            ? "text,b\n\"x\ny\",1\nz,\"2\"\n"
            : "{\"text\": \"x\", \"b\": {\"c\": [1, null, true]}}\n";
    byte[] bytes = content.repeat(3).getBytes(StandardCharsets.UTF_8);
    bytes = name.endsWith(".gz") ? gzip(content.repeat(3)) : bytes;
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    Path file = Files.write(folder.resolve(name), bytes);
    List<Row> rows = new ArrayList<>();
    Complaints complaints = new Complaints();

    Records.read(file, Set.of("text"), complaints, rows::add);

    assertThat(rows.size() + complaints.count()).isPositive();
  }

  private List<String> problemsOf(Path file, List<String> values) {
    Complaints complaints = new Complaints();
    Records.read(
        file, Set.of("text"), complaints, row -> values.add(row.values().getOrDefault("text", "")));
    return catchThrowableOfType(BadInput.class, complaints::throwIfAny).problems();
  }

  private static List<String> values(Path file) {
    return Sources.requests(List.of(RequestSource.of(file, "s", true, "text"))).stream()
        .map(Request::text)
        .toList();
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static byte[] gzip(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
