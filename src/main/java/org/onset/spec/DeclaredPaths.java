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
 * Makes every {@code path}, each of {@code paths} and an arm's {@code model} absolute: {@code
 * ${VARIABLES}} from the environment, the rest against the study file's folder. They become URIs,
 * since the binder takes what stands before a colon in a plain path for a scheme.
 */
final class DeclaredPaths {
  private static final Set<String> KEYS = Set.of("path", "model");
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
    try {
      return folder.resolve(matcher.appendTail(expanded).toString()).normalize().toUri().toString();
    } catch (InvalidPathException e) {
      problems.add("", "is no path: " + e.getReason());
      return "";
    }
  }
}
