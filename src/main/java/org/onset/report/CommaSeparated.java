package org.onset.report;

import java.util.List;
import tools.jackson.databind.MapperFeature;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;
import tools.jackson.dataformat.csv.CsvWriteFeature;

/**
 * Records as comma-separated values (RFC 4180, line ends as on Unix): a header with the names of
 * the record's components in their order, then a line each; null is empty.
 */
final class CommaSeparated {
  private static final CsvMapper MAPPER =
      CsvMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(CsvWriteFeature.STRICT_CHECK_FOR_QUOTING)
          .build();

  private CommaSeparated() {}

  static <R extends Record> String of(Class<R> type, List<R> records) {
    CsvSchema schema = MAPPER.schemaFor(type).withHeader().withLineSeparator("\n");
    return MAPPER.writer(schema).writeValueAsString(records);
  }
}
