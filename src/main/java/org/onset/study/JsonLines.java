package org.onset.study;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.onset.BadInput;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Records as gzipped JSON lines and as JSON files: the format of what stages hand to each other.
 */
final class JsonLines {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new FiniteNumber())
                  .addSerializer(Double.TYPE, new FiniteNumber()))
          .build();
  private static final JsonMapper PRETTY =
      JSON.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonLines() {}

  /** Left alone, the mapper would write what JSON has no number for as text: {@code "NaN"}. */
  private static final class FiniteNumber extends ValueSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator out, SerializationContext context) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("JSON has no number for " + value);
      }
      out.writeNumber(value);
    }
  }

  static void write(Path file, List<? extends Record> records) throws IOException {
    Files.createDirectories(file.getParent());
    try (BufferedWriter out =
        new BufferedWriter(
            new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8))) {
      for (Record each : records) {
        out.write(JSON.writeValueAsString(each));
        out.write('\n');
      }
    }
  }

  static <T extends Record> List<T> read(Path file, Class<T> type) throws IOException {
    List<T> records = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        records.add(JSON.readValue(line, type));
      }
    } catch (EOFException | ZipException | JacksonException e) {
      throw damaged(file, records.size() + 1, e);
    }
    return records;
  }

  static void writeJson(Path file, Object value) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, PRETTY.writeValueAsString(value) + "\n");
  }

  static <T> T readJson(Path file, Class<T> type) throws IOException {
    try {
      return JSON.readValue(Files.readString(file), type);
    } catch (JacksonException e) {
      throw damaged(file, e.getLocation() == null ? 1 : e.getLocation().getLineNr(), e);
    }
  }

  private static BadInput damaged(Path file, int line, Exception e) {
    String what = e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
    return new BadInput(
        "%s:%d: is damaged (%s); remove it, in a store its whole folder, and run again"
            .formatted(file, line, what));
  }
}
