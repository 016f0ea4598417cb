package org.onset.corpus.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.github.luben.zstd.Zstd;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.Repetitions;
import org.onset.corpus.RowFilter;
import org.onset.corpus.source.SourceRecord.Damaged;
import org.onset.corpus.source.SourceRecord.NotWanted;
import org.onset.corpus.source.SourceRecord.Text;
import org.onset.spec.Share;

class CsvTableTest {
  private static final int LONGEST = 1_000;
  private static final String[] PIECES = {
    "a", "word ", ",", "\"", "\"\"", "\n", "\r\n", "\r", "é", "漢字", "😀", "\u2028", " ", "\t", "'"
  };

  @TempDir private Path folder;

  @ParameterizedTest
  @Repetitions(200)
  void whateverTextsAreWrittenComeBackWithTheLinesTheyBeginOn(SplittableRandom random)
      throws IOException {
    String end = random.nextBoolean() ? "\n" : "\r\n";
    StringBuilder csv = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
    csv.append(quoted("body", random)).append(",\"a, b\",").append(quoted("key", random));
    List<SourceRecord> expected = new ArrayList<>();
    int rows = random.nextInt(12);
    for (int i = 0; i < rows; i++) {
      csv.append(end).append(random.nextInt(5) == 0 ? end : "");
      long line = csv.chars().filter(character -> character == '\n').count();
      String text = text(random) + "x";
      csv.append(quoted(text, random)).append(',');
      csv.append(quoted(text(random), random)).append(',').append(quoted("k" + i, random));
      expected.add(new Text(line, "k" + i, text, OptionalInt.empty()));
    }
    csv.append(random.nextBoolean() ? end : "");
    byte[] bytes = csv.toString().getBytes(UTF_8);
    String name =
        switch (random.nextInt(3)) {
          case 0 -> "a.csv";
          case 1 -> "a.csv.gz";
          default -> "a.csv.zst";
        };
    byte[] packed =
        switch (name) {
          case "a.csv" -> bytes;
          case "a.csv.gz" -> gzip(bytes);
          default -> Zstd.compress(bytes);
        };
    Path file = Files.write(folder.resolve(name), packed);

    assertThat(read(source(file, "key", "body"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @Repetitions(100)
  void howTheBytesArriveChangesNothing(SplittableRandom random) throws IOException {
    StringBuilder csv = new StringBuilder("id,text\n");
    for (int i = 0; i < 40; i++) {
      csv.append(PIECES[random.nextInt(PIECES.length)]);
      csv.append(random.nextInt(4) == 0 ? "," : "").append(random.nextInt(4) == 0 ? "\"" : "");
    }
    byte[] bytes = csv.toString().getBytes(UTF_8);
    InputStream dripping =
        new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(5)));
          }
        };

    assertThat(read(dripping)).isEqualTo(read(new ByteArrayInputStream(bytes)));
  }

  @Test
  void columnsScoresAndFiltersAreReadByTheirNamesInTheHeader() throws IOException {
    Path file =
        write(
            "a.csv",
            """
            harm,lang,content,key
            4,en,one,x
            0,de,zwei,y
            9,en,three,z
            ,en,four,w
            1,en,five,
            """);
    TextSource source =
        new TextSource(
            List.of(file.toString()),
            null,
            "key",
            "content",
            "harm",
            new RowFilter("lang", "en"),
            new Share(1));

    List<SourceRecord> records = read(source);

    assertThat(records.get(0)).isEqualTo(new Text(1, "x", "one", OptionalInt.of(4)));
    assertThat(records.get(1)).isEqualTo(new NotWanted(2));
    assertThat(records.get(2))
        .isEqualTo(new Damaged(3, "`harm` must be a whole number from 0 to 5, was 9", "three"));
    assertThat(records.get(3)).isInstanceOf(Damaged.class);
    assertThat(records.get(4)).isEqualTo(new Text(5, "", "five", OptionalInt.of(1)));
  }

  @Test
  void damagedRecordsAreHandedOnWithTheLinesTheyBeginOnAndTheOthersRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("id,text\n1,good\n2\n3,\"b\nc\",d\n4,\" \n\"\n5,caf".getBytes(UTF_8));
    bytes.writeBytes("é\n6,\"".getBytes(ISO_8859_1));
    bytes.writeBytes("x\n".repeat(LONGEST).getBytes(UTF_8));
    bytes.writeBytes("\"\n7,\"a\"b,\"\nc\"\n8,say \"so\"\n9,\"last\"\r".getBytes(UTF_8));
    Path file = Files.write(folder.resolve("a.csv"), bytes.toByteArray());

    List<SourceRecord> records = read(source(file, "id", "text"));

    assertThat(records)
        .filteredOn(Text.class::isInstance)
        .extracting(record -> ((Text) record).text())
        .containsExactly("good", "say \"so\"", "last");
    String quotes = "; a text that holds commas needs quotes";
    assertThat(records)
        .filteredOn(Damaged.class::isInstance)
        .extracting(SourceRecord::line, record -> ((Damaged) record).reason())
        .containsExactly(
            tuple(2L, "has 1 values for the header's 2 columns" + quotes),
            tuple(3L, "has 3 values for the header's 2 columns" + quotes),
            tuple(5L, "`text` is empty"),
            tuple(7L, "`text` is not text in UTF-8"),
            tuple(8L, "is longer than 1,000 bytes"),
            tuple(
                1_009L,
                "has text behind a closing quote, in line 1010; quotes within quotes are doubled"));
    assertThat(((Damaged) records.get(2)).excerpt()).isEqualTo("3,\"b\nc\",d");
    assertThat(((Damaged) records.get(5)).excerpt()).startsWith("6,\"x\nx\n").endsWith("…");
  }

  @Test
  void carriageReturnsAreTextInsideQuotesAndBetweenOthers() throws IOException {
    Path file = write("a.csv", "id,text\r\n1,\"a\r\nb\r\"\r\n2,c\rd\r\n\r\n3,\"e\"\r,f\r\n");

    List<SourceRecord> records = read(source(file, "id", "text"));

    assertThat(records).hasSize(3);
    assertThat(((Text) records.get(0)).text()).isEqualTo("a\r\nb\r");
    assertThat(((Text) records.get(1)).text()).isEqualTo("c\rd");
    assertThat(((Damaged) records.get(2)).reason()).contains("behind a closing quote");
  }

  @Test
  void aQuoteThatNeverClosesCostsEveryLineBehindIt() throws IOException {
    Path file = write("a.csv", "id,text\n1,good\n2,\"open\n" + "3,lost\n".repeat(1_000));

    List<SourceRecord> all = read(source(file, "id", "text"));

    assertThat(all).hasSize(1 + 1 + 1_000);
    assertThat(all.get(0)).isInstanceOf(Text.class);
    assertThat(all.get(1))
        .isInstanceOfSatisfying(
            Damaged.class,
            damaged -> {
              assertThat(damaged.line()).isEqualTo(2);
              assertThat(damaged.reason()).isEqualTo("has a quote that never closes");
              assertThat(damaged.excerpt()).startsWith("2,\"open\n3,lost");
            });
    assertThat(all.getLast())
        .isEqualTo(new Damaged(1_002, "stands in quotes that never close, from line 3", ""));
  }

  @Test
  void aQuoteThatNeverClosesTakesNoMoreMemoryThanTheLongestRecord() throws IOException {
    byte[] bytes = ("text\n\"" + "open\n".repeat(4 << 20)).getBytes(UTF_8);
    CsvRecords records = new CsvRecords(new ByteArrayInputStream(bytes), LONGEST);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getCurrentThreadAllocatedBytes();
    List<Optional<String>> damages = new ArrayList<>();
    while (records.next()) {
      damages.add(records.damage());
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(damages)
        .containsExactly(Optional.empty(), Optional.of("has a quote that never closes"));
    assertThat(allocated).isLessThan(1 << 20);
  }

  @Test
  void aRecordOfExactlyTheLimitIsReadAndOneByteMoreIsTooLong() throws IOException {
    String longest = "x".repeat(LONGEST - 2);
    Path file = write("a.csv", "id,text\n1," + longest + "\n2," + longest + "x\n3,next\n");

    List<SourceRecord> records = read(source(file, "id", "text"));

    assertThat(((Text) records.get(0)).text()).isEqualTo(longest);
    assertThat(((Damaged) records.get(1)).reason()).isEqualTo("is longer than 1,000 bytes");
    assertThat(((Text) records.get(2)).text()).isEqualTo("next");
  }

  @Test
  void aTableWithoutIdsIsReadAndOneWithoutTextsOrNamesTwiceIsRefused() throws IOException {
    Path noIds = write("a.csv", "text\n\none\n\"\"\n");
    Path noTexts = write("b.csv", "id,body\n1,x\n");
    Path twice = write("c.csv", "text,id,text\nx,1,y\n");
    Path open = write("d.csv", "\n\"text,id\nx,1\n");

    assertThat(read(source(noIds, "id", "text")))
        .containsExactly(
            new Text(2, "", "one", OptionalInt.empty()), new Damaged(3, "`text` is empty", ""));
    assertThatThrownBy(() -> read(source(noTexts, "id", "text")))
        .isInstanceOf(BadInput.class)
        .hasMessage(noTexts + ": has no column `text`; there are [id, body]");
    assertThatThrownBy(() -> read(source(twice, "id", "text")))
        .isInstanceOf(BadInput.class)
        .hasMessage(twice + ": the header names `text` twice");
    assertThatThrownBy(() -> read(source(open, "id", "text")))
        .isInstanceOf(BadInput.class)
        .hasMessage(open + ":2: the header has a quote that never closes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv.gz", "a.csv.zst"})
  void aPackedTableCutShortIsAnError(String name) throws IOException {
    byte[] table = ("id,text\n" + "1,some words that pack\n".repeat(500)).getBytes(UTF_8);
    byte[] packed = name.endsWith(".gz") ? gzip(table) : Zstd.compress(table);
    Path file = Files.write(folder.resolve(name), Arrays.copyOf(packed, packed.length - 5));

    assertThatThrownBy(() -> read(source(file, "id", "text")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(name)
        .hasMessageContaining("copy it again");
  }

  @Test
  void aTableIsOneSplitHoweverLongAndWhateverItIsCalledWhenItsFormatIsSaid() throws IOException {
    Path file = folder.resolve("table.dat");
    try (var out = Files.newBufferedWriter(file)) {
      out.write("id,text\n");
      String row = "1,\"" + "line\n".repeat(100) + "\"\n";
      for (long written = 0; written < SourceFiles.SPLIT_BYTES; written += row.length()) {
        out.write(row);
      }
    }
    TextSource source =
        new TextSource(
            List.of(file.toString()), Format.CSV, "id", "text", null, null, new Share(1));

    assertThat(SourceFiles.splits(Map.of("s", source), new Configuration())).hasSize(1);
    assertThat(read(source)).isNotEmpty().allMatch(Text.class::isInstance);
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    int pieces = random.nextInt(8);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  /** A field as RFC 4180 has it, in quotes where it must be and sometimes where it needn't. */
  private static String quoted(String text, SplittableRandom random) {
    boolean needsQuotes = text.chars().anyMatch(character -> "\",\r\n".indexOf(character) >= 0);
    return needsQuotes || random.nextBoolean() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static TextSource source(Path file, String idColumn, String textColumn) {
    return new TextSource(
        List.of(file.toString()), null, idColumn, textColumn, null, null, new Share(1));
  }

  private static List<SourceRecord> read(TextSource source) {
    List<SourceRecord> records = new ArrayList<>();
    for (FileSplit split : SourceFiles.splits(Map.of("s", source), new Configuration())) {
      new SplitReader(source, new Configuration(), LONGEST).read(split, records::add);
    }
    return records;
  }

  private static List<SourceRecord> read(InputStream in) throws IOException {
    List<SourceRecord> records = new ArrayList<>();
    new CsvTable("a.csv", new Columns(source(Path.of("a.csv"), "id", "text")))
        .read(new CsvRecords(in, LONGEST), records::add);
    return records;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
