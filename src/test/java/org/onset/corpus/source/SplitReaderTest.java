package org.onset.corpus.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.BadInput;
import org.onset.Repetitions;
import org.onset.corpus.RowFilter;
import org.onset.corpus.source.SourceRecord.Damaged;
import org.onset.corpus.source.SourceRecord.NotWanted;
import org.onset.corpus.source.SourceRecord.Text;
import org.onset.spec.Share;

class SplitReaderTest {
  private static final int LONGEST = 1_000;

  @TempDir private Path folder;

  @Test
  void aRecordEndsAtLineFeedsOnlyWhateverElseUnicodeCallsALineEnd() throws IOException {
    Path file =
        write("a.jsonl", "{\"id\":\"1\",\"text\":\"a\u2028b\u0085c\\nd\"}\n{\"text\":\"e\"}");

    assertThat(read(file))
        .extracting(SplitReaderTest::text)
        .containsExactly("a\u2028b\u0085c\nd", "e");
  }

  @Test
  void damagedRecordsAreHandedOnWithTheirLines() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("{\"text\":\"good\"}\n\n{\"text\":\n[1]\n{\"other\":1}\n".getBytes(UTF_8));
    bytes.writeBytes(
        "{\"text\":\" \"}\n{\"text\":\"\\ud800\"}\n{\"text\":\"a\",\"text\":\"b\"}\n{\"text\":\""
            .getBytes(UTF_8));
    bytes.writeBytes(new byte[] {(byte) 0xff, (byte) 0xfe});
    bytes.writeBytes("\"}\n{\"text\":\"a\"} {}\n".getBytes(UTF_8));
    bytes.writeBytes(
        ("{\"text\":\"" + "x".repeat(LONGEST) + "\"}\n{\"text\":\"last\"}").getBytes(UTF_8));
    Path file = Files.write(folder.resolve("a.jsonl"), bytes.toByteArray());

    List<SourceRecord> records = read(file);

    assertThat(records)
        .filteredOn(Text.class::isInstance)
        .extracting(SplitReaderTest::text)
        .containsExactly("good", "last");
    assertThat(records)
        .filteredOn(Damaged.class::isInstance)
        .extracting(SourceRecord::line)
        .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    assertThat(records)
        .filteredOn(Damaged.class::isInstance)
        .extracting(record -> ((Damaged) record).reason())
        .satisfiesExactly(
            r -> assertThat(r).startsWith("is not valid JSON"),
            r -> assertThat(r).isEqualTo("is not a JSON object"),
            r -> assertThat(r).isEqualTo("has no `text`"),
            r -> assertThat(r).isEqualTo("`text` is empty"),
            r -> assertThat(r).contains("half a surrogate pair"),
            r -> assertThat(r).isEqualTo("holds `text` twice"),
            r -> assertThat(r).startsWith("is not valid JSON"),
            r -> assertThat(r).contains("more follows"),
            r -> assertThat(r).contains("longer than 1,000 bytes"));
  }

  @Test
  void gzipOfManyMembersAndZstandardOfManyFramesAreReadWhole() throws IOException {
    byte[] first = "{\"text\":\"a\"}\n{\"te".getBytes(UTF_8);
    byte[] second = "xt\":\"b\"}\n".getBytes(UTF_8);
    Path gzip = Files.write(folder.resolve("a.jsonl.gz"), joined(gzip(first), gzip(second)));
    Path zstd =
        Files.write(
            folder.resolve("a.jsonl.zst"), joined(Zstd.compress(first), Zstd.compress(second)));

    assertThat(read(gzip)).extracting(SplitReaderTest::text).containsExactly("a", "b");
    assertThat(read(zstd)).extracting(SplitReaderTest::text).containsExactly("a", "b");
  }

  @Test
  void longTextsUnpackWholeWhateverTheirFrames() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append((char) ('a' + random.nextInt(4)));
    }
    byte[] lines = ("{\"text\":\"" + text + "\"}\n").repeat(4).getBytes(UTF_8);
    Path file =
        Files.write(
            folder.resolve("a.jsonl.zst"),
            joined(joined(Zstd.compress(lines), Zstd.compress(new byte[0])), Zstd.compress(lines)));
    List<SourceRecord> records = new ArrayList<>();

    new SplitReader(source(file), new Configuration(), 1 << 20)
        .read(split(file, Format.JSON_LINES, 0, Long.MAX_VALUE), records::add);

    assertThat(records).extracting(SplitReaderTest::text).hasSize(8).containsOnly(text.toString());
  }

  @ParameterizedTest
  @Repetitions(40)
  void aPackedFileCutShortAnywhereIsAnErrorAndNoShortFile(SplittableRandom random)
      throws IOException {
    byte[] lines = "{\"text\":\"some words that pack\"}\n".repeat(50).getBytes(UTF_8);
    byte[] first = random.nextBoolean() ? gzip(lines) : Zstd.compress(lines);
    byte[] whole = random.nextBoolean() ? joined(first, first) : first;
    int cut = 1 + random.nextInt(whole.length - 1);
    if (cut == first.length || cut < 4) {
      return; // a whole file, or too short to be known as packed
    }
    Path file = Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(whole, cut));

    assertThatThrownBy(() -> read(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("cut.jsonl.gz")
        .hasMessageContaining("copy it again");
  }

  @ParameterizedTest
  @Repetitions(60)
  void everyLineIsInExactlyOneSplitWhereverAFileIsCut(SplittableRandom random) throws IOException {
    StringBuilder lines = new StringBuilder();
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      lines.append("line ").append(i).append("é".repeat(random.nextInt(8))).append('\n');
    }
    if (random.nextBoolean()) {
      lines.setLength(lines.length() - 1);
    }
    Path file = write("a.txt", lines.toString());
    long size = Files.size(file);

    List<SourceRecord> inParts = new ArrayList<>();
    long linesInParts = 0;
    long start = 0;
    while (start < size) {
      long end = Math.min(size, start + 1 + random.nextInt(40));
      linesInParts +=
          new SplitReader(source(file), new Configuration(), LONGEST)
              .read(split(file, Format.LINES, start, end), inParts::add);
      start = end;
    }

    assertThat(inParts)
        .extracting(SplitReaderTest::text)
        .isEqualTo(read(file).stream().map(SplitReaderTest::text).toList());
    assertThat(linesInParts).isEqualTo(count);
  }

  @Test
  void nestedColumnsScoresAndFiltersAreRead() throws IOException {
    Path file =
        write(
            "a.jsonl",
            """
            {"meta": {"key": "x", "lang": "en"}, "body": {"text": "one"}, "score": 4}
            {"meta": {"key": "y", "lang": "de"}, "body": {"text": "zwei"}, "score": 0}
            {"meta": {"key": "z", "lang": "en"}, "body": {"text": "three"}, "score": 9}
            {"meta": {"key": "w", "lang": "en"}, "body": {"text": "four"}, "score": null}
            """);
    TextSource source =
        new TextSource(
            List.of(file.toString()),
            null,
            "meta.key",
            "body.text",
            "score",
            new RowFilter("meta.lang", "en"),
            new Share(1));

    List<SourceRecord> records = records(source);

    assertThat(records.get(0))
        .isInstanceOfSatisfying(
            Text.class,
            text -> {
              assertThat(text.id()).isEqualTo("x");
              assertThat(text.text()).isEqualTo("one");
              assertThat(text.score()).hasValue(4);
            });
    assertThat(records.get(1)).isInstanceOf(NotWanted.class);
    assertThat(records.get(2))
        .isInstanceOfSatisfying(
            Damaged.class, damaged -> assertThat(damaged.reason()).contains("from 0 to 5, was 9"));
    assertThat(records.get(3))
        .isInstanceOfSatisfying(
            Damaged.class,
            damaged -> assertThat(damaged.reason()).contains("from 0 to 5, was null"));
  }

  @Test
  void parquetGivesItsRowsGroupByGroupAndSaysWhatItLacks() throws IOException {
    Path file = folder.resolve("a.parquet");
    MessageType form =
        MessageTypeParser.parseMessageType(
            "message m { optional binary text (STRING); optional int32 score; required group meta {"
                + " required binary url (STRING); } }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withType(form)
            .withRowGroupSize(1L)
            .withMinRowCountForPageSizeCheck(1)
            .build()) {
      for (int i = 0; i < 300; i++) {
        Group row = new SimpleGroupFactory(form).newGroup();
        if (i != 7) {
          row.append("text", "text " + i);
        }
        row.append("score", i % 6);
        row.addGroup("meta").append("url", "u" + i);
        writer.write(row);
      }
    }
    TextSource source =
        new TextSource(
            List.of(file.toString()), null, "meta.url", "text", "score", null, new Share(1));

    List<FileSplit> splits = SourceFiles.splits(Map.of("p", source), new Configuration());
    List<SourceRecord> records = new ArrayList<>();
    for (FileSplit split : splits) {
      new SplitReader(source, new Configuration(), LONGEST).read(split, records::add);
    }

    assertThat(splits).hasSizeGreaterThan(1);
    assertThat(records).hasSize(300);
    assertThat(records).filteredOn(Damaged.class::isInstance).hasSize(1);
    assertThat(records.getLast())
        .isInstanceOfSatisfying(
            Text.class,
            text -> assertThat(text.id() + text.score()).isEqualTo("u299OptionalInt[5]"));
    TextSource wrong =
        new TextSource(List.of(file.toString()), null, "id", "content", null, null, new Share(1));
    assertThatThrownBy(
            () ->
                new SplitReader(wrong, new Configuration(), LONGEST)
                    .read(splits.getFirst(), records::add))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("[content, id]")
        .hasMessageContaining("[text, score, meta]");
  }

  @Test
  void foldersAndGlobsAreListedByNameAndAllThatIsWrongIsSaidAtOnce() throws IOException {
    write("in/b.jsonl", "{\"text\":\"b\"}");
    write("in/deep/a.txt", "a");
    write("in/_hidden/x.txt", "x");
    write("in/notes.md", "no text of a known form");
    write("empty.txt", "");
    TextSource all = source(folder.resolve("in"));

    List<FileSplit> splits = SourceFiles.splits(Map.of("all", all), new Configuration());

    assertThat(splits)
        .extracting(split -> Path.of(java.net.URI.create(split.file())).getFileName().toString())
        .containsExactly("b.jsonl", "a.txt");
    TextSource wrong =
        new TextSource(
            List.of(
                folder.resolve("nowhere*.txt").toString(),
                folder.resolve("empty.txt").toString(),
                folder.resolve("in/notes.md").toString()),
            null,
            "id",
            "text",
            null,
            null,
            new Share(1));
    assertThatThrownBy(() -> SourceFiles.splits(Map.of("wrong", wrong), new Configuration()))
        .isInstanceOf(BadInput.class)
        .extracting(e -> ((BadInput) e).problems())
        .satisfies(
            problems ->
                assertThat(problems)
                    .hasSize(3)
                    .anySatisfy(p -> assertThat(p).contains("no such file"))
                    .anySatisfy(p -> assertThat(p).contains("holds nothing"))
                    .anySatisfy(p -> assertThat(p).contains("unknown ending")));
  }

  @Test
  void localFilesAreShownAsAUserWritesThem() throws IOException {
    Path empty = write("empty.txt", "");
    Path broken = write("broken.parquet", "PAR1 and no more of it, PAR1 again");
    TextSource wrong =
        new TextSource(
            List.of(empty.toString(), broken.toString(), empty.toUri().toString()),
            null,
            "id",
            "text",
            null,
            null,
            new Share(1));

    assertThatThrownBy(() -> SourceFiles.splits(Map.of("wrong", wrong), new Configuration()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(empty + ": holds nothing")
        .hasMessageContaining(broken + ": can't be read (")
        .hasMessageContaining(empty + ": is named twice, by the sources wrong and wrong")
        .hasMessageNotContaining("file:");
    assertThat(FileSplit.shown("file:///a/b and file:/c, hdfs://host/d, x/file:/y"))
        .isEqualTo("/a/b and /c, hdfs://host/d, x/file:/y");
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static TextSource source(Path file) {
    return new TextSource(List.of(file.toString()), null, "id", "text", null, null, new Share(1));
  }

  private static List<SourceRecord> read(Path file) {
    return records(source(file));
  }

  private static List<SourceRecord> records(TextSource source) {
    List<SourceRecord> records = new ArrayList<>();
    for (FileSplit split : SourceFiles.splits(Map.of("s", source), new Configuration())) {
      new SplitReader(source, new Configuration(), LONGEST).read(split, records::add);
    }
    return records;
  }

  private static FileSplit split(Path file, Format format, long start, long end) {
    return new FileSplit(
        "s", file.toUri().toString(), file.getFileName().toString(), format, 0, 0, start, end);
  }

  private static String text(SourceRecord record) {
    return ((Text) record).text();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
