package org.onset.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
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
 * Reads one kind of YAML file onto its record: strict, and all problems at once, each with its
 * line.
 */
public final class SpecFile<T extends Record> {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .build();

  private static final String OFF = "off";

  private final Class<T> type;
  private final Kind kind;
  private final String defaults;
  private final BiConsumer<ObjectNode, ObjectNode> adjust;
  private final JsonNode form;
  private final SchemaCheck schema;

  /**
   * What such a file is called in messages.
   *
   * @param noun what it declares, such as {@code study}
   * @param example a file to look at
   */
  public record Kind(String noun, String example) {}

  /**
   * A file that was read.
   *
   * @param spec free of problems
   * @param resolved the file as YAML, defaults filled in
   * @param folder what relative paths in the file are relative to
   * @param places for what is found wrong with a value after the file was read
   */
  public record Declared<T>(T spec, String resolved, Path folder, Places places) {}

  /** How a message about a field begins. */
  public interface Places {
    /** The field as the user finds it, such as {@code study.yaml:34: arms.late.onset}. */
    String of(String field);
  }

  /**
   * @param defaults YAML that the user's file is laid over; {@code "*"} stands under every entry of
   *     a map
   * @param adjust changes the merged tree, its first argument, knowing what the user wrote, before
   *     it is checked
   */
  public SpecFile(
      Class<T> type, Kind kind, String defaults, BiConsumer<ObjectNode, ObjectNode> adjust) {
    this.type = type;
    this.kind = kind;
    this.defaults = defaults;
    this.adjust = adjust;
    this.form = SpecSchema.of(type);
    this.schema = new SchemaCheck(form);
  }

  /**
   * Reads {@code file}, or throws {@link BadInput} with every problem it has. Variables such as
   * {@code ${DATA}} in its paths are looked up in {@code environment}.
   */
  public Declared<T> read(Path file, Function<String, @Nullable String> environment) {
    SpecText text = SpecText.read(file, YAML, kind);
    ObjectNode merged = laidOver(defaults, text.tree());
    adjust.accept(merged, text.tree());
    String resolved = YAML.writeValueAsString(merged);
    dropWhatIsOff(form, merged);
    List<Problems.Problem> ofForm = schema.problems(merged);

    Path folder = file.toAbsolutePath().resolveSibling("").normalize();
    Problems problems = new Problems();
    new DeclaredPaths(folder, environment).resolve(form, merged, problems);
    if (!ofForm.isEmpty()) {
      new SoundParts(YAML, ofForm).check(YAML.constructType(type), merged, text.tree(), problems);
      text.throwIfAny(Stream.concat(ofForm.stream(), problems.found().stream()).toList());
    }
    T spec = YAML.treeToValue(merged, type);
    RecordChecks.check(spec, problems);
    text.throwIfAny(problems.found());
    return new Declared<>(spec, resolved, folder, text::placeOf);
  }

  /**
   * A new tree: {@code own} laid over the YAML {@code defaults}, in which {@code "*"} stands under
   * every entry of a map.
   */
  public static ObjectNode laidOver(String defaults, ObjectNode own) {
    ObjectNode merged = (ObjectNode) YAML.readTree(defaults);
    merge(merged, own);
    return merged;
  }

  /**
   * A section that is {@code off} is absent. It is so where the file stands resolved, too: absent
   * there, it would have its defaults again.
   */
  private static void dropWhatIsOff(JsonNode rule, JsonNode node) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .removeIf(
              entry ->
                  isSection(SchemaCheck.of(rule, entry.getKey()))
                      && entry.getValue().asString("").equals(OFF));
      object
          .properties()
          .forEach(entry -> dropWhatIsOff(SchemaCheck.of(rule, entry.getKey()), entry.getValue()));
    } else if (node.isArray()) {
      node.forEach(element -> dropWhatIsOff(rule.path("items"), element));
    }
  }

  private static boolean isSection(JsonNode rule) {
    return rule.path("type").asString("").equals("object");
  }

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

  private static void removeStars(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("*");
      object.forEach(SpecFile::removeStars);
    }
  }
}
