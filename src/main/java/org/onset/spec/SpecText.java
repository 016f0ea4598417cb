package org.onset.spec;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Problems;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * A declared file as it is written: its tree, and the line that each field stands on, so that
 * problems can be told with theirs. A field is a dotted path such as {@code
 * arms.late.phases[1].start}.
 */
final class SpecText {
  private final Path file;
  private final SpecFile.Kind kind;
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final ObjectNode tree;

  private SpecText(Path file, String text, YAMLMapper yaml, SpecFile.Kind kind) {
    this.file = file;
    this.kind = kind;
    try {
      throwIfAny(readLines(text, yaml));
      this.tree = asMapping(yaml.readTree(text));
    } catch (JacksonException e) {
      String line = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
      throw new BadInput(file + line + ": can't be read as YAML: " + reason(e));
    }
  }

  static SpecText read(Path file, YAMLMapper yaml, SpecFile.Kind kind) {
    try {
      return new SpecText(file, Files.readString(file), yaml, kind);
    } catch (NoSuchFileException e) {
      throw new BadInput("%s: there is no such file; name a %s file".formatted(file, kind.noun()));
    } catch (CharacterCodingException e) {
      throw new BadInput(file + ": is not text in UTF-8");
    } catch (IOException e) {
      throw new BadInput(file + ": can't be read (" + e.getMessage() + ")");
    }
  }

  ObjectNode tree() {
    return tree;
  }

  private ObjectNode asMapping(@Nullable JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new BadInput(
        "%s: a %s is a mapping of keys to values; see %s"
            .formatted(file, kind.noun(), kind.example()));
  }

  /** Notes the line of every field, and returns what YAML allows but such a file doesn't. */
  private List<Problems.Problem> readLines(String text, YAMLMapper yaml) {
    Problems problems = new Problems();
    int documents = 0;
    try (JsonParser parser = yaml.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        TokenStreamContext context = parser.streamReadContext();
        String field = field(context);
        lines.putIfAbsent(field, parser.currentTokenLocation().getLineNr());
        if (token == JsonToken.VALUE_NUMBER_FLOAT && !isFinite(parser.getString())) {
          problems.add(field, "must be a finite number, was " + parser.getString());
        }
        if (parser instanceof YAMLParser reader && reader.isCurrentAlias()) {
          problems.add(field, "must be written out; references (*name) aren't followed");
        }
        if (context.inRoot() && !token.isStructStart() && documents++ > 0) {
          throw new BadInput(
              "%s:%d: a second document (after ---) ends here; a %s file holds one %s"
                  .formatted(
                      file, parser.currentTokenLocation().getLineNr(), kind.noun(), kind.noun()));
        }
      }
    }
    return problems.found();
  }

  private static boolean isFinite(String number) {
    return !number.matches("[-+]?\\.[A-Za-z]+");
  }

  private static String field(TokenStreamContext context) {
    TokenStreamContext parent = context.getParent();
    String above = parent == null ? "" : field(parent);
    String name = context.currentName();
    if (context.inObject() && name != null) {
      return join(above, name);
    }
    return context.inArray() && context.hasCurrentIndex()
        ? above + "[" + context.getCurrentIndex() + "]"
        : above;
  }

  static String join(String field, String key) {
    return field.isEmpty() ? key : field + "." + key;
  }

  /** In one line, without the excerpts of the text that the parser adds, indented. */
  private static String reason(JacksonException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }

  void throwIfAny(List<Problems.Problem> problems) {
    if (problems.isEmpty()) {
      return;
    }
    Map<String, Integer> messages = new LinkedHashMap<>();
    for (Problems.Problem problem : problems) {
      int line = lineOf(problem.field());
      String where = problem.field().isEmpty() ? "" : problem.field() + ": ";
      messages.put(file + ":" + line + ": " + where + problem.message(), line);
    }
    throw new BadInput(
        messages.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
            .map(Map.Entry::getKey)
            .toList());
  }

  String placeOf(String field) {
    return file + ":" + lineOf(field) + ": " + field;
  }

  /** The line of the field, or of the nearest one above it that the user wrote. */
  private int lineOf(String field) {
    String above = field;
    while (!above.isEmpty()) {
      Integer line = lines.get(above);
      if (line != null) {
        return line;
      }
      above =
          above.substring(0, Math.max(0, Math.max(above.lastIndexOf('.'), above.lastIndexOf('['))));
    }
    return 1;
  }
}
