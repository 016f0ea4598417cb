package org.onset.corpus.pipeline;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.intervene.Span;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.MinimalPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Documents between two steps: JSON lines packed by Zstandard. {@code inserted} holds starts and
 * ends by turns, in UTF-16 units as Java and JavaScript count them.
 */
final class DocumentFile {
  static final String ENDING = ".jsonl.zst";

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .defaultPrettyPrinter(new MinimalPrettyPrinter(""))
          .build();

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LEVEL = 1; // a quarter larger than level 9, and ten times as fast

  private DocumentFile() {}

  /** Writes documents one after another. */
  static final class Writer implements AutoCloseable {
    private final JsonGenerator json;

    Writer(Path file) throws IOException {
      this.json =
          JSON.createGenerator(
              new BufferedOutputStream(
                  new ZstdOutputStream(Files.newOutputStream(file), LEVEL), BUFFER_BYTES));
    }

    void write(KeptDocument document) {
      json.writeStartObject();
      json.writeStringProperty("id", document.id());
      json.writeNumberProperty("line", document.line());
      document.score().ifPresent(score -> json.writeNumberProperty("score", score));
      document.category().ifPresent(category -> json.writeStringProperty("category", category));
      json.writeStringProperty("text", document.text());
      if (!document.inserted().isEmpty()) {
        json.writeArrayPropertyStart("inserted");
        for (Span span : document.inserted()) {
          json.writeNumber(span.start());
          json.writeNumber(span.end());
        }
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }

    @Override
    public void close() {
      json.close();
    }
  }

  interface Consumer {
    void accept(int ordinal, KeptDocument document) throws IOException;
  }

  /** Hands on the documents whose place in the file, from 0, is wanted. */
  static void read(Path file, IntPredicate wanted, Consumer consumer) throws IOException {
    try (Reader reader = new Reader(file)) {
      for (KeptDocument document = reader.next(); document != null; document = reader.next()) {
        if (wanted.test(reader.ordinal())) {
          consumer.accept(reader.ordinal(), document);
        }
      }
    }
  }

  /** Reads documents one after another. */
  static final class Reader implements AutoCloseable {
    private final Path file;
    private final JsonParser json;
    private int ordinal = -1;

    Reader(Path file) throws IOException {
      this.file = file;
      this.json =
          JSON.createParser(
              new ZstdInputStream(
                  new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)));
    }

    @Nullable KeptDocument next() throws IOException {
      try {
        ordinal++;
        return json.nextToken() == JsonToken.START_OBJECT ? document(json) : null;
      } catch (JacksonException e) {
        throw JsonFile.damaged(file);
      }
    }

    /** The place in the file of the document read last. */
    int ordinal() {
      return ordinal;
    }

    @Override
    public void close() {
      json.close();
    }
  }

  private static KeptDocument document(JsonParser json) {
    String id = "";
    long line = 0;
    OptionalInt score = OptionalInt.empty();
    Optional<String> category = Optional.empty();
    String text = "";
    List<Span> inserted = List.of();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      switch (name) {
        case "id" -> id = json.getString();
        case "line" -> line = json.getLongValue();
        case "score" -> score = OptionalInt.of(json.getIntValue());
        case "category" -> category = Optional.of(json.getString());
        case "text" -> text = json.getString();
        case "inserted" -> inserted = spans(json);
        default -> json.skipChildren();
      }
    }
    return new KeptDocument(id, line, text, score, category, inserted);
  }

  /** Starts and ends by turns. */
  private static List<Span> spans(JsonParser json) {
    List<Span> spans = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      int start = json.getIntValue();
      json.nextToken();
      spans.add(new Span(start, json.getIntValue()));
    }
    return spans;
  }
}
