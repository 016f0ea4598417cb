package org.onset.corpus.source;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;

/** Comma-separated values whose first record names the columns. */
final class CsvTable {
  private final String file;
  private final Columns columns;

  CsvTable(String file, Columns columns) {
    this.file = file;
    this.columns = columns;
  }

  /**
   * Hands on every record below the header that isn't a blank line; returns how many lines there
   * are.
   *
   * @throws BadInput where the header is damaged or lacks a column
   */
  long read(CsvRecords records, Consumer<SourceRecord> consumer) throws IOException {
    boolean header = records.next();
    while (header && records.isBlank()) {
      header = records.next();
    }
    if (!header) {
      return records.lines();
    }
    int width = records.fieldCount();
    int[] places = places(header(records));
    while (records.next()) {
      if (records.isOpen()) {
        handOnLines(records, consumer);
      } else if (!records.isBlank()) {
        consumer.accept(record(records, width, places));
      }
    }
    return records.lines();
  }

  private List<String> header(CsvRecords records) {
    if (records.damage().isPresent()) {
      throw damagedHeader(records, records.damage().get());
    }
    if (records.fieldCount() > CsvRecords.MOST_FIELDS) {
      throw damagedHeader(
          records,
          "names %,d columns; %,d are read at most"
              .formatted(records.fieldCount(), CsvRecords.MOST_FIELDS));
    }
    List<String> names = new ArrayList<>();
    try {
      for (int i = 0; i < records.fieldCount(); i++) {
        names.add(records.value(i));
      }
    } catch (CharacterCodingException e) {
      throw damagedHeader(records, "is not text in UTF-8");
    }
    return names;
  }

  private BadInput damagedHeader(CsvRecords records, String reason) {
    return new BadInput("%s:%d: the header %s".formatted(file, records.line() + 1, reason));
  }

  /** Where the wanted columns stand; -1 for an id that isn't there. */
  private int[] places(List<String> header) {
    List<String> problems = new ArrayList<>();
    int[] places = new int[columns.names().size()];
    for (int i = 0; i < places.length; i++) {
      String name = columns.names().get(i);
      places[i] = header.indexOf(name);
      if (places[i] != header.lastIndexOf(name)) {
        problems.add("%s: the header names `%s` twice".formatted(file, name));
      }
      if (places[i] < 0 && !columns.mayLack(name)) {
        problems.add("%s: has no column `%s`; there are %s".formatted(file, name, header));
      }
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return places;
  }

  /**
   * No one can tell which records a quote that never closes takes along. Each of their lines counts
   * as damaged, so that the rest of a file doesn't pass for a single record.
   */
  private static void handOnLines(CsvRecords records, Consumer<SourceRecord> consumer) {
    consumer.accept(damaged(records, records.damage().orElseThrow()));
    String reason = "stands in quotes that never close, from line " + (records.line() + 1);
    for (long line = records.line() + 1; line < records.lines(); line++) {
      consumer.accept(new SourceRecord.Damaged(line, reason, ""));
    }
  }

  private SourceRecord record(CsvRecords records, int width, int[] places) {
    Optional<String> damage = records.damage();
    if (damage.isPresent()) {
      return damaged(records, damage.get());
    }
    if (records.fieldCount() != width) {
      return damaged(
          records,
          "has %d values for the header's %d columns; a text that holds commas needs quotes"
              .formatted(records.fieldCount(), width));
    }
    @Nullable String[] values = columns.emptyValues();
    for (int i = 0; i < places.length; i++) {
      if (places[i] >= 0) {
        try {
          values[i] = records.value(places[i]);
        } catch (CharacterCodingException e) {
          return damaged(records, "`" + columns.names().get(i) + "` is not text in UTF-8");
        }
      }
    }
    return columns.record(records.line(), values);
  }

  private static SourceRecord damaged(CsvRecords records, String reason) {
    return new SourceRecord.Damaged(records.line(), reason, records.excerpt());
  }
}
