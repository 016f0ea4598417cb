package org.onset.corpus.source;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onset.JsonProblem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** Takes the wanted columns out of a line that is a JSON object, without building the rest. */
final class JsonLine {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .build();

  private final Columns columns;

  JsonLine(Columns columns) {
    this.columns = columns;
  }

  SourceRecord read(byte[] bytes, int length, long line) {
    @Nullable String[] values = columns.emptyValues();
    try (JsonParser parser = JSON.createParser(bytes, 0, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return damaged(line, "is not a JSON object", bytes, length);
      }
      String twice = readObject(parser, "", values);
      if (twice != null) {
        return damaged(line, "holds `" + twice + "` twice", bytes, length);
      }
      if (parser.nextToken() != null) {
        return damaged(line, "more follows behind the JSON object", bytes, length);
      }
      return columns.record(line, values);
    } catch (JacksonException e) {
      return damaged(line, "is not valid JSON: " + JsonProblem.of(e), bytes, length);
    }
  }

  private static SourceRecord damaged(long line, String reason, byte[] bytes, int length) {
    String beginning = new String(bytes, 0, Math.min(length, 1_000), StandardCharsets.UTF_8);
    return new SourceRecord.Damaged(line, reason, Columns.excerpt(beginning));
  }

  /** Reads the object that has begun; returns the name of a wanted column that came twice. */
  private @Nullable String readObject(JsonParser parser, String prefix, @Nullable String[] values) {
    List<String> names = columns.names();
    String twice = null;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      String column = prefix.isEmpty() ? name : prefix + name;
      JsonToken token = parser.nextToken();
      int wanted = names.indexOf(column);
      if (token == JsonToken.START_OBJECT) {
        String below = column + ".";
        if (names.stream().anyMatch(each -> each.startsWith(below))) {
          String found = readObject(parser, below, values);
          twice = twice == null ? found : twice;
        } else {
          parser.skipChildren();
        }
      } else if (token == JsonToken.START_ARRAY) {
        parser.skipChildren();
      } else if (wanted >= 0 && token != JsonToken.VALUE_NULL) {
        if (values[wanted] != null) {
          twice = column;
        }
        values[wanted] = parser.getString();
      }
    }
    return twice;
  }
}
