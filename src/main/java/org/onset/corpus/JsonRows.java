package org.onset.corpus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.onset.JsonProblem;
import org.onset.corpus.Records.Damage;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows of a JSON text. Nested values are columns with dotted names ({@code
 * instances.0.output}), numbers keep their spelling, null is the empty text. The shapes read:
 *
 * <ul>
 *   <li>an array: a row per element, an object's fields being its columns; a string is the column
 *       {@code text};
 *   <li>an object of parallel lists, when a wanted column names one of them: each list is a column,
 *       an empty list a column of empty texts;
 *   <li>any other object: names lead to strings or lists, at any depth. A row per string (column
 *       {@code text}) or object, with the names on the way in {@code topic}, {@code subtopic},
 *       {@code level3} and so on.
 * </ul>
 */
final class JsonRows {
  static final Records.LineReader OF_A_LINE = JsonRows::rowOfLine;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private final String text;
  private final Set<String> columns;
  private final Predicate<Row> consumer;
  private boolean enough;

  JsonRows(String text, Set<String> columns, Predicate<Row> consumer) {
    this.text = text;
    this.columns = columns;
    this.consumer = consumer;
  }

  void read() throws Damage {
    if (text.isBlank()) {
      return;
    }
    boolean parallel = holdsParallelLists();
    try (JsonParser parser = JSON.createParser(text)) {
      try {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_ARRAY) {
          readElements(parser, Map.of());
        } else if (first == JsonToken.START_OBJECT && parallel) {
          readParallelLists(parser);
        } else if (first == JsonToken.START_OBJECT) {
          readTopics(parser, List.of());
        } else {
          throw new Damage(1, "holds neither a list nor an object");
        }
        if (!enough && parser.nextToken() != null) {
          throw new Damage(
              lineOf(parser),
              "a second JSON text begins here; a file of one object a line is called .jsonl");
        }
      } catch (JacksonException e) {
        throw damage(e, lineOf(parser));
      }
    }
  }

  private static Row rowOfLine(String text, long line) throws Damage {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Damage(line, "is not a JSON object; each line must be one");
      }
      Map<String, String> values = new LinkedHashMap<>();
      flatten(parser, "", values);
      if (parser.nextToken() != null) {
        throw new Damage(line, "more follows behind the JSON object");
      }
      return new Row(line, values);
    } catch (JacksonException e) {
      throw new Damage(
          line,
          "is not valid JSON%s: %s"
              .formatted(
                  e.getLocation() == null ? "" : ", column " + e.getLocation().getColumnNr(),
                  JsonProblem.of(e)));
    } catch (Damage damage) {
      throw new Damage(line, damage.reason);
    }
  }

  private boolean holdsParallelLists() throws Damage {
    try (JsonParser parser = JSON.createParser(text)) {
      try {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          return false;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String name = parser.currentName();
          if (parser.nextToken() == JsonToken.START_ARRAY && columns.contains(name)) {
            return true;
          }
          parser.skipChildren();
        }
        return false;
      } catch (JacksonException e) {
        throw damage(e, lineOf(parser));
      }
    }
  }

  /** Reads the elements of the array that has just begun. */
  private void readElements(JsonParser parser, Map<String, String> path) throws Damage {
    while (!enough && parser.nextToken() != JsonToken.END_ARRAY) {
      readElement(parser, path);
    }
  }

  private void readElement(JsonParser parser, Map<String, String> path) throws Damage {
    long line = lineOf(parser);
    Map<String, String> values = new LinkedHashMap<>();
    flatten(parser, "", values);
    path.forEach(values::putIfAbsent);
    enough = !consumer.test(new Row(line, values));
  }

  /** Reads the object that has just begun, its names being topics. */
  private void readTopics(JsonParser parser, List<String> above) throws Damage {
    while (!enough && parser.nextToken() == JsonToken.PROPERTY_NAME) {
      List<String> topics = append(above, parser.currentName());
      switch (parser.nextToken()) {
        case START_ARRAY -> readElements(parser, pathColumns(topics));
        case START_OBJECT -> readTopics(parser, topics);
        default -> readElement(parser, pathColumns(topics));
      }
    }
  }

  private void readParallelLists(JsonParser parser) throws Damage {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    Map<String, List<Long>> lines = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new Damage(lineOf(parser), "`" + name + "` is not a list, as the others are");
      }
      List<String> list = new ArrayList<>();
      List<Long> ofList = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (!parser.currentToken().isScalarValue()) {
          throw new Damage(lineOf(parser), "`" + name + "` holds more than texts and numbers");
        }
        list.add(scalar(parser));
        ofList.add(lineOf(parser));
      }
      lists.put(name, list);
      lines.put(name, ofList);
    }
    int size = lists.values().stream().mapToInt(List::size).max().orElse(0);
    List<Long> lineOfRow = List.of();
    for (Map.Entry<String, List<String>> list : lists.entrySet()) {
      int length = list.getValue().size();
      if (length != 0 && length != size) {
        throw new Damage(
            1, "the list `%s` has %d entries, another %d".formatted(list.getKey(), length, size));
      }
      if (length == size && lineOfRow.isEmpty()) {
        lineOfRow = lines.getOrDefault(list.getKey(), List.of());
      }
    }
    for (int i = 0; i < size && !enough; i++) {
      Map<String, String> values = new LinkedHashMap<>();
      for (Map.Entry<String, List<String>> list : lists.entrySet()) {
        values.put(list.getKey(), list.getValue().isEmpty() ? "" : list.getValue().get(i));
      }
      enough = !consumer.test(new Row(lineOfRow.get(i), values));
    }
  }

  /** Puts the current value, with all that is in it, among the values under the given name. */
  private static void flatten(JsonParser parser, String name, Map<String, String> values)
      throws Damage {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String field = name.isEmpty() ? parser.currentName() : name + "." + parser.currentName();
          parser.nextToken();
          flatten(parser, field, values);
        }
      }
      case START_ARRAY -> {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
          flatten(parser, name.isEmpty() ? Integer.toString(i) : name + "." + i, values);
        }
      }
      default -> {
        String column = name.isEmpty() ? Row.TEXT : name;
        if (values.put(column, scalar(parser)) != null) {
          throw new Damage(lineOf(parser), "two values are called `" + column + "`");
        }
      }
    }
  }

  private static String scalar(JsonParser parser) {
    return parser.currentToken() == JsonToken.VALUE_NULL ? "" : parser.getString();
  }

  private static Map<String, String> pathColumns(List<String> topics) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (int i = 0; i < topics.size(); i++) {
      String name =
          switch (i) {
            case 0 -> "topic";
            case 1 -> "subtopic";
            default -> "level" + (i + 1);
          };
      columns.put(name, topics.get(i));
    }
    return columns;
  }

  private static List<String> append(List<String> above, String name) {
    List<String> all = new ArrayList<>(above);
    all.add(name);
    return all;
  }

  private static Damage damage(JacksonException e, long otherwise) {
    long line = e.getLocation() == null ? otherwise : e.getLocation().getLineNr();
    return new Damage(line, "is not valid JSON: " + JsonProblem.of(e));
  }

  private static long lineOf(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}
