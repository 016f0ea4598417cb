package org.onset.corpus.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.onset.BadInput;

/** Reads the records of a split, one after another. */
public final class SplitReader {
  private final TextSource source;
  private final Configuration hadoop;
  private final int longestLineBytes;

  /**
   * A line, or record of CSV, of more than {@code longestLineBytes} is damaged; a whole file may be
   * as long.
   */
  public SplitReader(TextSource source, Configuration hadoop, int longestLineBytes) {
    this.source = source;
    this.hadoop = hadoop;
    this.longestLineBytes = longestLineBytes;
  }

  /**
   * Hands on every record of the split that isn't a blank line; returns how many lines, or rows,
   * the split has.
   *
   * @throws BadInput where the file can't be read to its end
   */
  public long read(FileSplit split, Consumer<SourceRecord> consumer) {
    try {
      return switch (split.format()) {
        case JSON_LINES -> {
          JsonLine json = new JsonLine(new Columns(source));
          yield readLines(
              split, (lines, line) -> json.read(lines.bytes(), lines.length(), line), consumer);
        }
        case LINES -> readLines(split, SplitReader::line, consumer);
        case CSV -> readTable(split, consumer);
        case WHOLE_FILES -> readWhole(split, consumer);
        case PARQUET ->
            new ParquetRows(split.file(), hadoop)
                .read(
                    new Columns(source),
                    split.start(),
                    split.end(),
                    record -> handOn(record, consumer));
      };
    } catch (IOException e) {
      throw new BadInput(split.shownFile() + ": " + Decompression.reason(e));
    } catch (NotTheFilesFault e) {
      throw e.failure;
    } catch (RuntimeException e) {
      if (split.format() == Format.PARQUET && !(e instanceof BadInput)) {
        throw new BadInput(
            "%s: is no sound Parquet (%s); copy it again"
                .formatted(split.shownFile(), e.getMessage()));
      }
      throw e;
    }
  }

  /** Carries what went wrong with a record past those who would blame the file. */
  private static final class NotTheFilesFault extends RuntimeException {
    private final RuntimeException failure;

    NotTheFilesFault(RuntimeException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  private static void handOn(SourceRecord record, Consumer<SourceRecord> consumer) {
    try {
      consumer.accept(record);
    } catch (RuntimeException e) {
      throw new NotTheFilesFault(e);
    }
  }

  static String tooLong(int longestBytes) {
    return String.format(Locale.ROOT, "is longer than %,d bytes", longestBytes);
  }

  private interface LineToRecord {
    SourceRecord read(Lines lines, long line);
  }

  private long readLines(FileSplit split, LineToRecord reader, Consumer<SourceRecord> consumer)
      throws IOException {
    Path path = new Path(split.file());
    try (FSDataInputStream file = path.getFileSystem(hadoop).open(path)) {
      // The line that holds a split's first byte belongs to the split before, unless it begins
      // there.
      long position = split.beginsInside() ? split.start() - 1 : 0;
      file.seek(position);
      InputStream plain = split.beginsInside() ? file : Decompression.open(file);
      Lines lines = new Lines(plain, longestLineBytes);
      if (split.beginsInside() && !lines.next()) {
        return 0;
      }
      long line = 0;
      while (position + lines.read() < split.end() && lines.next()) {
        if (lines.isTooLong()) {
          consumer.accept(
              new SourceRecord.Damaged(line, tooLong(longestLineBytes), beginning(lines)));
        } else if (!lines.isBlank()) {
          consumer.accept(reader.read(lines, line));
        }
        line++;
      }
      return line;
    }
  }

  private static SourceRecord line(Lines lines, long line) {
    int length = lines.length();
    if (length > 0 && lines.bytes()[length - 1] == '\r') {
      length--;
    }
    return text(ByteBuffer.wrap(lines.bytes(), 0, length), line);
  }

  private static SourceRecord text(ByteBuffer bytes, long line) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return text.isBlank()
          ? new SourceRecord.Damaged(line, "is empty", "")
          : new SourceRecord.Text(line, "", text, OptionalInt.empty());
    } catch (CharacterCodingException e) {
      return new SourceRecord.Damaged(line, "is not text in UTF-8", "");
    }
  }

  private long readTable(FileSplit split, Consumer<SourceRecord> consumer) throws IOException {
    Path path = new Path(split.file());
    try (FSDataInputStream file = path.getFileSystem(hadoop).open(path);
        InputStream plain = Decompression.open(file)) {
      return new CsvTable(split.shownFile(), new Columns(source))
          .read(new CsvRecords(plain, longestLineBytes), consumer);
    }
  }

  private long readWhole(FileSplit split, Consumer<SourceRecord> consumer) throws IOException {
    Path path = new Path(split.file());
    try (FSDataInputStream file = path.getFileSystem(hadoop).open(path);
        InputStream plain = Decompression.open(file)) {
      byte[] bytes = plain.readNBytes(longestLineBytes + 1);
      consumer.accept(
          bytes.length > longestLineBytes
              ? new SourceRecord.Damaged(0, tooLong(longestLineBytes), "")
              : text(ByteBuffer.wrap(bytes), 0));
      return 1;
    }
  }

  private static String beginning(Lines lines) {
    int shown = Math.min(lines.length(), 1_000);
    return Columns.excerpt(new String(lines.bytes(), 0, shown, StandardCharsets.UTF_8));
  }
}
