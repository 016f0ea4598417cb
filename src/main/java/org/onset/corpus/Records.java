package org.onset.corpus;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads the records of a file, one after another: {@code .jsonl} (an object a line), {@code .json}
 * (see {@link JsonRows}), {@code .csv} with a header, or {@code .txt} (a text a line), each plain
 * or compressed by gzip. JSON lines and plain text stream; JSON and CSV, which are request and
 * finetuning sets, are held whole. All text is UTF-8, with or without a byte order mark.
 *
 * <p>What is wrong goes to the complaints, and reading goes on where it can.
 */
final class Records {
  private static final int GZIP_MAGIC = 0x1f8b;

  private final Path file;
  private final Complaints complaints;
  private final Predicate<Row> consumer;

  private Records(Path file, Complaints complaints, Predicate<Row> consumer) {
    this.file = file;
    this.complaints = complaints;
    this.consumer = row -> !isUnicode(row) || consumer.test(row);
  }

  /**
   * Hands each record to the consumer until that has enough (returns false).
   *
   * @param columns the columns wanted: they tell an object of parallel lists from topics
   */
  static void read(Path file, Set<String> columns, Complaints complaints, Predicate<Row> consumer) {
    new Records(file, complaints, consumer).read(columns);
  }

  private void read(Set<String> columns) {
    if (Files.notExists(file)) {
      complaints.add(file, "there is no such file");
      return;
    }
    if (!Files.isRegularFile(file)) {
      complaints.add(file, "is not a file; name each file, not its folder");
      return;
    }
    String name = nameWithoutGzip(file);
    try (InputStream in = open()) {
      if (name.endsWith(".jsonl")) {
        readLines(in, JsonRows.OF_A_LINE);
      } else if (name.endsWith(".txt")) {
        readLines(in, (text, line) -> new Row(line, Map.of(Row.TEXT, text)));
      } else if (name.endsWith(".json")) {
        new JsonRows(whole(in), columns, consumer).read();
      } else if (name.endsWith(".csv")) {
        CsvRows.read(whole(in), consumer, (line, reason) -> complaints.add(file, line, reason));
      } else {
        complaints.add(
            file, "has an unknown ending; Onset reads .jsonl, .json, .csv and .txt, also with .gz");
      }
    } catch (Damage damage) {
      complaints.add(file, damage.line, damage.reason);
    } catch (EOFException e) {
      complaints.add(file, "the gzip stream ends too early; copy the file again");
    } catch (ZipException e) {
      complaints.add(file, "is not sound gzip (" + e.getMessage() + "); copy it again");
    } catch (IOException e) {
      complaints.add(file, "can't be read: " + e);
    }
  }

  /** What the file is called, without folders and endings. */
  static String stem(Path file) {
    String name = nameWithoutGzip(file);
    int dot = name.lastIndexOf('.');
    return dot > 0 ? file.getFileName().toString().substring(0, dot) : name;
  }

  private static String nameWithoutGzip(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
  }

  /** A file that can't be read on from the given line. */
  static final class Damage extends Exception {
    final long line;
    final String reason;

    Damage(long line, String reason) {
      super(reason);
      this.line = line;
      this.reason = reason;
    }
  }

  /** Makes a row of a line; throws when the line is damaged. */
  interface LineReader {
    Row read(String text, long line) throws Damage;
  }

  /** The bytes, unpacked when they are gzip's, whatever the file is called. */
  private InputStream open() throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    in.mark(2);
    int magic = in.read() << 8 | in.read();
    in.reset();
    if (magic == GZIP_MAGIC) {
      return new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16);
    }
    if (file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gz")) {
      in.close();
      throw new ZipException("it does not begin like one");
    }
    return in;
  }

  private void readLines(InputStream in, LineReader reader) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);
    boolean more = true;
    for (long line = 1; more; line++) {
      bytes.reset();
      int next = in.read();
      while (next >= 0 && next != '\n') {
        bytes.write(next);
        next = in.read();
      }
      more = next >= 0;
      try {
        String text = decode(bytes.toByteArray(), line);
        if (!text.isBlank() && !consumer.test(reader.read(text, line))) {
          return;
        }
      } catch (Damage damage) {
        complaints.add(file, damage.line, damage.reason);
      }
    }
  }

  /** Whether the values are text; a lone half of a surrogate pair has no UTF-8. */
  private boolean isUnicode(Row row) {
    for (Map.Entry<String, String> value : row.values().entrySet()) {
      if (value.getValue().codePoints().anyMatch(Records::isHalfOfAPair)) {
        complaints.add(
            file,
            row.line(),
            "`"
                + value.getKey()
                + "` holds half a surrogate pair, which is no character; repair it");
        return false;
      }
    }
    return true;
  }

  private static boolean isHalfOfAPair(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static String whole(InputStream in) throws IOException, Damage {
    byte[] bytes = in.readAllBytes();
    try {
      return decode(bytes, 1);
    } catch (Damage damage) {
      throw new Damage(lineOfDamage(bytes), damage.reason);
    }
  }

  private static long lineOfDamage(byte[] bytes) {
    long line = 1;
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '\n') {
        try {
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, i - start));
        } catch (CharacterCodingException e) {
          return line;
        }
        start = i + 1;
        line++;
      }
    }
    return line;
  }

  /** The text of bytes, without a byte order mark on line 1 and without a carriage return. */
  private static String decode(byte[] bytes, long line) throws Damage {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Damage(line, "is not UTF-8; convert the file, for example with iconv");
    }
    int start = line == 1 && text.startsWith("\uFEFF") ? 1 : 0;
    int end = text.endsWith("\r") ? text.length() - 1 : text.length();
    return text.substring(start, Math.max(start, end));
  }
}
