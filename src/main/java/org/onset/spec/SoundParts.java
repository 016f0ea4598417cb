package org.onset.spec;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.onset.Problems;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks the values of those parts of a tree whose form is sound, in a tree whose form is not: each
 * by itself, so that nothing is said which only follows from what is wrong elsewhere. What a record
 * says of its parts together is left unsaid while one of them can't be read.
 */
final class SoundParts {
  private final ObjectMapper binder;
  private final List<String> unsound;

  /**
   * @param ofForm what is wrong with the tree's form
   */
  SoundParts(ObjectMapper binder, List<Problems.Problem> ofForm) {
    this.binder = binder;
    this.unsound = ofForm.stream().map(Problems.Problem::field).toList();
  }

  /**
   * @param own what the user wrote of {@code node}: what is there by default alone may be so
   *     because a key is misspelt
   */
  void check(JavaType type, JsonNode node, JsonNode own, Problems problems) {
    check(type, node, own, "", problems);
  }

  private void check(
      JavaType declared, JsonNode node, JsonNode own, String field, Problems problems) {
    if (!node.isContainer() || !own.isContainer()) {
      return; // only records have something to say of their values
    }
    JavaType type = declared.isReferenceType() ? declared.getReferencedType() : declared;
    if (isSound(field)) {
      RecordChecks.check(binder.treeToValue(node, type), problems);
    } else if (node instanceof ArrayNode array && type.isCollectionLikeType()) {
      for (int i = 0; i < array.size(); i++) {
        String element = "[" + i + "]";
        JsonNode written = own.path(i);
        check(type.getContentType(), array.get(i), written, field + element, problems.in(element));
      }
    } else if (node instanceof ObjectNode object && type.isMapLikeType()) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        String key = entry.getKey();
        JsonNode written = own.path(key);
        String inner = SpecText.join(field, key);
        check(type.getContentType(), entry.getValue(), written, inner, problems.in(key));
      }
    } else if (node instanceof ObjectNode object && type.isRecordType()) {
      for (RecordComponent component : type.getRawClass().getRecordComponents()) {
        String key = RecordChecks.declaredName(component);
        JavaType inner = binder.constructType(component.getGenericType());
        JsonNode written = own.path(key);
        check(inner, object.path(key), written, SpecText.join(field, key), problems.in(key));
      }
    }
  }

  /** Whether no problem of form lies in the field; names with dots may make it look unsound. */
  private boolean isSound(String field) {
    return unsound.stream()
        .noneMatch(
            problem ->
                field.isEmpty()
                    || problem.equals(field)
                    || problem.startsWith(field + ".")
                    || problem.startsWith(field + "["));
  }
}
