package org.onset.corpus.pipeline;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.onset.BadInput;
import tools.jackson.core.JacksonException;
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
    try {
      return JSON.readValue(Files.readString(file), type);
    } catch (JacksonException | CharacterCodingException e) {
      throw damaged(file);
    }
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
    try {
      for (String line : Files.readAllLines(file)) {
        values.add(JSON.readValue(line, type));
      }
    } catch (JacksonException | CharacterCodingException e) {
      throw damaged(file);
    }
    return values;
  }

  /** What a step made and someone changed. */
  static BadInput damaged(Path file) {
    return new BadInput(
        "%s: is damaged; delete its folder, and the same command makes it again".formatted(file));
  }

  /** One line, the same for equal values: what keys are made of. */
  static String canonical(Object value) {
    return JSON.writeValueAsString(value);
  }
}
