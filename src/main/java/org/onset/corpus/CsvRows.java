package org.onset.corpus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.onset.corpus.Records.Damage;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.dataformat.csv.CsvFactory;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/** The rows of comma-separated text whose first row names the columns; blank lines are none. */
final class CsvRows {
  private static final CsvMapper CSV =
      CsvMapper.builder(
              CsvFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(CsvReadFeature.WRAP_AS_ARRAY)
          .build();

  private CsvRows() {}

  /** Complains of rows that don't fit the header, and goes on; stops where quotes are damaged. */
  static void read(String text, Predicate<Row> consumer, BiConsumer<Long, String> complaints)
      throws Damage {
    List<String> header = List.of();
    long line = 1;
    try (JsonParser parser = CSV.createParser(text)) {
      parser.nextToken(); // the array around all rows
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        line = parser.currentLocation().getLineNr();
        List<String> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(parser.getString());
        }
        if (values.size() == 1 && values.getFirst().isBlank()) {
          continue;
        }
        if (header.isEmpty()) {
          header = checkedHeader(values, line);
        } else if (values.size() != header.size()) {
          complaints.accept(
              line,
              "has %d values for the header's %d columns; a text that holds commas needs quotes"
                  .formatted(values.size(), header.size()));
        } else if (!consumer.test(row(header, values, line))) {
          return;
        }
      }
    } catch (JacksonException e) {
      throw new Damage(
          line,
          "the row that begins here is damaged, in line %d: %s"
              .formatted(lineOf(e, line), e.getOriginalMessage()));
    }
  }

  private static List<String> checkedHeader(List<String> values, long line) throws Damage {
    if (new LinkedHashSet<>(values).size() < values.size()) {
      throw new Damage(line, "the header names a column twice: " + values);
    }
    return List.copyOf(values);
  }

  private static Row row(List<String> header, List<String> values, long line) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      row.put(header.get(i), values.get(i));
    }
    return new Row(line, row);
  }

  private static long lineOf(JacksonException e, long otherwise) {
    return e.getLocation() == null ? otherwise : e.getLocation().getLineNr();
  }
}
