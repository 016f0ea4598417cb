package org.onset.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.lang.reflect.AnnotatedType;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON schema of a declared file with its defaults filled in, made from the records: one source
 * for check and editor.
 */
final class SpecSchema {
  /** What the schema calls a string that names a file or folder. */
  static final String PATH_FORMAT = "path";

  private SpecSchema() {}

  static JsonNode of(Class<? extends Record> type) {
    SchemaGeneratorConfigBuilder config =
        new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
            .with(
                Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT,
                Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                Option.FLATTENED_ENUMS_FROM_TOSTRING,
                Option.FLATTENED_OPTIONALS,
                Option.INLINE_ALL_SCHEMAS);
    config
        .forFields()
        .withRequiredCheck(field -> !isNullable(field))
        .withPropertyNameOverrideResolver(SpecSchema::declaredName);
    config
        .forTypesInGeneral()
        .withCustomDefinitionProvider(
            (declared, context) -> {
              ObjectNode definition = context.getGeneratorConfig().createObjectNode();
              Class<?> raw = declared.getErasedType();
              if (raw == Share.class) {
                definition.put("type", "string").put("pattern", Share.PATTERN);
              } else if (raw == Path.class) {
                definition.put("type", "string").put("format", PATH_FORMAT);
              } else if (raw == int.class || raw == Integer.class || raw == OptionalInt.class) {
                wholeNumber(definition, Integer.MIN_VALUE, Integer.MAX_VALUE);
              } else if (raw == long.class || raw == Long.class) {
                wholeNumber(definition, Long.MIN_VALUE, Long.MAX_VALUE);
              } else {
                return null;
              }
              return new CustomDefinition(definition);
            });
    ObjectNode schema = new SchemaGenerator(config.build()).generateSchema(type);
    dropRepetitions(schema);
    return schema;
  }

  /** The generator states a map of records twice, once as a type and once as what a field holds. */
  private static void dropRepetitions(JsonNode node) {
    node.forEach(SpecSchema::dropRepetitions);
    if (node instanceof ObjectNode object && object.remove("allOf") instanceof ArrayNode repeated) {
      object.setAll((ObjectNode) repeated.get(0));
    }
  }

  private static void wholeNumber(ObjectNode definition, long least, long most) {
    definition.put("type", "integer").put("minimum", least).put("maximum", most);
  }

  private static boolean isNullable(FieldScope field) {
    AnnotatedType type = field.getRawMember().getAnnotatedType();
    Class<?> raw = field.getRawMember().getType();
    return type.isAnnotationPresent(Nullable.class)
        || raw == Optional.class
        || raw == OptionalInt.class;
  }

  private static @Nullable String declaredName(FieldScope field) {
    JsonProperty property = field.getRawMember().getAnnotation(JsonProperty.class);
    return property == null ? null : property.value();
  }
}
