package org.onset.corpus.pipeline;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Small records as JSON, one a file or one a line. */
final class JsonFile {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private JsonFile() {}

  static void write(Path file, Object value) throws IOException {
    Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n");
  }

  static <T> T read(Path file, Class<T> type) throws IOException {
    return JSON.readValue(Files.readString(file), type);
  }

  static void writeLines(Path file, List<?> values) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Object value : values) {
        out.write(JSON.writeValueAsString(value));
        out.write('\n');
      }
    }
  }

  static <T> List<T> readLines(Path file, Class<T> type) throws IOException {
    List<T> values = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      values.add(JSON.readValue(line, type));
    }
    return values;
  }

  /** One line, the same for equal values: what keys are made of. */
  static String canonical(Object value) {
    return JSON.writeValueAsString(value);
  }
}
