package org.onset.spec;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.onset.Problems;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes every path absolute: {@code ${VARIABLES}} from the environment, the rest against the
 * declared file's folder. What is a path the schema says, not a key's name: an arm's {@code model}
 * is a folder, an endpoint's is none. Paths become URIs, since the binder takes what stands before
 * a colon in a plain path for a scheme; each of {@code files} stays text, which may be a URI or a
 * glob.
 */
final class DeclaredPaths {
  private static final String FILES = "files";
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private final Path folder;
  private final Function<String, @Nullable String> environment;

  DeclaredPaths(Path folder, Function<String, @Nullable String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * Leaves alone what has not the form of a path, which is the schema's to refuse, and what the
   * schema doesn't know.
   *
   * @param rule what the schema says of {@code node}
   */
  void resolve(JsonNode rule, JsonNode node, Problems problems) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        Problems here = problems.in(entry.getKey());
        JsonNode inner = SchemaCheck.of(rule, entry.getKey());
        if (isPath(inner, entry.getValue())) {
          object.put(entry.getKey(), absolute(entry.getValue(), here));
        } else if (entry.getKey().equals(FILES)
            && inner.isObject()
            && entry.getValue() instanceof ArrayNode files) {
          for (int i = 0; i < files.size(); i++) {
            if (files.get(i).isString()) {
              files.set(i, located(files.get(i), here.in("[" + i + "]")));
            }
          }
        } else {
          resolve(inner, entry.getValue(), here);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        Problems here = problems.in("[" + i + "]");
        if (isPath(rule.path("items"), array.get(i))) {
          array.set(i, absolute(array.get(i), here));
        } else {
          resolve(rule.path("items"), array.get(i), here);
        }
      }
    }
  }

  private static boolean isPath(JsonNode rule, JsonNode value) {
    return value.isString() && rule.path("format").asString("").equals(SpecSchema.PATH_FORMAT);
  }

  private String absolute(JsonNode path, Problems problems) {
    try {
      return folder.resolve(expanded(path, problems)).normalize().toUri().toString();
    } catch (InvalidPathException e) {
      problems.add("", "is no path: " + e.getReason());
      return "";
    }
  }

  /** A path or glob made absolute, or a URI as it is. */
  private String located(JsonNode path, Problems problems) {
    String expanded = expanded(path, problems);
    try {
      return URI.matcher(expanded).matches()
          ? expanded
          : folder.resolve(expanded).normalize().toString();
    } catch (InvalidPathException e) {
      problems.add("", "is no path: " + e.getReason());
      return "";
    }
  }

  private String expanded(JsonNode path, Problems problems) {
    Matcher matcher = VARIABLE.matcher(path.asString());
    StringBuilder expanded = new StringBuilder();
    while (matcher.find()) {
      String value = environment.apply(matcher.group(1));
      boolean set = value != null && !value.isEmpty();
      problems.require(
          set,
          "",
          "the environment variable %s is not set; set it to the folder that holds the data",
          matcher.group(1));
      matcher.appendReplacement(expanded, Matcher.quoteReplacement(set ? value : ""));
    }
    return matcher.appendTail(expanded).toString();
  }
}
