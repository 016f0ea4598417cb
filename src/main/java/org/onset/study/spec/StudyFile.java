package org.onset.study.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Problems;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Reads a study file: strict, and all problems at once, each with its line.
 *
 * @param spec the study, free of problems
 * @param resolved the study as YAML, defaults filled in
 * @param folder what relative paths in the study are relative to
 */
public record StudyFile(StudySpec spec, String resolved, Path folder) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .build();

  /** Reads {@code file}, or throws {@link BadInput} with every problem it has. */
  public static StudyFile read(Path file) {
    return read(file, System::getenv);
  }

  static StudyFile read(Path file, Function<String, @Nullable String> environment) {
    StudyText text = StudyText.read(file, YAML);
    ObjectNode merged = defaults();
    merge(merged, text.tree());
    dropUnneeded(merged, text.tree());
    text.throwIfAny(SchemaCheck.problems(merged));

    String resolved = YAML.writeValueAsString(merged);
    Path folder = file.toAbsolutePath().resolveSibling("").normalize();
    Problems problems = new Problems();
    new DeclaredPaths(folder, environment).resolve(merged, problems);
    StudySpec spec = YAML.treeToValue(merged, StudySpec.class);
    RecordChecks.check(spec, problems);
    text.throwIfAny(problems.found());
    return new StudyFile(spec, resolved, folder);
  }

  private static ObjectNode defaults() {
    try (InputStream in = StudyFile.class.getResourceAsStream("defaults.yaml")) {
      if (in == null) {
        throw new IllegalStateException("defaults.yaml is not on the class path");
      }
      return (ObjectNode) YAML.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("defaults.yaml can't be read", e);
    }
  }

  /**
   * Lays {@code own} over {@code defaults}; the default {@code "*"} stands under every entry of a
   * map.
   */
  private static void merge(ObjectNode defaults, ObjectNode own) {
    JsonNode forEach = defaults.remove("*");
    for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
      if (!own.has(entry.getKey())) {
        removeStars(entry.getValue());
      }
    }
    for (Map.Entry<String, JsonNode> entry : own.properties()) {
      JsonNode below = defaults.get(entry.getKey());
      if (below == null && forEach != null) {
        below = forEach.deepCopy();
      }
      if (below instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode object) {
        merge(inner, object);
        defaults.set(entry.getKey(), inner);
      } else {
        defaults.set(entry.getKey(), entry.getValue());
      }
    }
  }

  /**
   * Of what only pretrained arms need, the defaults would ask for the rest, in a study of folders
   * alone too.
   */
  private static void dropUnneeded(ObjectNode merged, ObjectNode own) {
    JsonNode arms = own.path("arms");
    boolean ofFolders = !arms.isEmpty() && arms.valueStream().allMatch(arm -> arm.has("model"));
    if (ofFolders) {
      StudySpec.FOR_PRETRAINING.stream().filter(key -> !own.has(key)).forEach(merged::remove);
    }
  }

  private static void removeStars(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("*");
      object.forEach(StudyFile::removeStars);
    }
  }
}
