package org.onset.spec;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.onset.Problems;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes every {@code path}, {@code model} and {@code tokenizer}, and each of {@code paths} and
 * {@code files}, absolute: {@code ${VARIABLES}} from the environment, the rest against the file's
 * folder. All but the last become URIs, since the binder takes what stands before a colon in a
 * plain path for a scheme; {@code files} stay text, which may be a URI or a glob.
 */
final class DeclaredPaths {
  private static final Set<String> KEYS = Set.of("path", "model", "tokenizer");
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private final Path folder;
  private final Function<String, @Nullable String> environment;

  DeclaredPaths(Path folder, Function<String, @Nullable String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  void resolve(JsonNode node, Problems problems) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        Problems here = problems.in(entry.getKey());
        if (KEYS.contains(entry.getKey()) && entry.getValue().isString()) {
          object.put(entry.getKey(), absolute(entry.getValue(), here));
        } else if (entry.getKey().equals("paths") && entry.getValue() instanceof ArrayNode paths) {
          for (int i = 0; i < paths.size(); i++) {
            paths.set(i, absolute(paths.get(i), here.in("[" + i + "]")));
          }
        } else if (entry.getKey().equals("files") && entry.getValue() instanceof ArrayNode files) {
          for (int i = 0; i < files.size(); i++) {
            files.set(i, located(files.get(i), here.in("[" + i + "]")));
          }
        } else {
          resolve(entry.getValue(), here);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        resolve(array.get(i), problems.in("[" + i + "]"));
      }
    }
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
