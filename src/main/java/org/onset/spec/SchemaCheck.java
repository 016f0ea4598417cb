package org.onset.spec;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.onset.Problems;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds a declared tree against its schema, and says in a user's words where they differ. */
final class SchemaCheck {
  private static final Pattern GROUPED_DIGITS = Pattern.compile("[1-9][0-9]{0,2}(_[0-9]{3}){1,5}");
  private static final int LONGEST_VALUE = 60;

  private final JsonNode schema;
  private final Schema validator;

  SchemaCheck(JsonNode schema) {
    this.schema = schema;
    this.validator =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
  }

  /**
   * Everything in {@code declared} that the schema doesn't allow. Where a number belongs, digits in
   * groups of three, such as {@code 614_400}, become one: the parser, which reads YAML 1.2, hands
   * them over as text.
   */
  List<Problems.Problem> problems(ObjectNode declared) {
    Problems problems = new Problems();
    readNumbers(schema, declared, problems);
    for (Error error : validator.validate(declared)) {
      problems.add(field(error), message(error));
    }
    return problems.found();
  }

  private static void readNumbers(JsonNode rule, JsonNode node, Problems problems) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : object.properties()) {
        Problems here = problems.in(entry.getKey());
        entry.setValue(readNumber(of(rule, entry.getKey()), entry.getValue(), here));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, readNumber(rule.path("items"), array.get(i), problems.in("[" + i + "]")));
      }
    }
  }

  private static JsonNode readNumber(JsonNode rule, JsonNode value, Problems problems) {
    String type = rule.path("type").asString("");
    boolean whole = type.equals("integer");
    if ((whole || type.equals("number"))
        && value.isString()
        && GROUPED_DIGITS.matcher(value.asString()).matches()) {
      return LongNode.valueOf(Long.parseLong(value.asString().replace("_", "")));
    }
    if (whole && value.isFloatingPointNumber()) {
      problems.add("", mustBe(rule, value));
      return LongNode.valueOf(0); // the validator takes 2e9 and 2.0 for whole numbers
    }
    readNumbers(rule, value, problems);
    return value;
  }

  /** {@code arms.late.phases[1].start}. */
  private static String field(Error error) {
    NodePath path = error.getInstanceLocation();
    String field = "";
    for (int i = 0; i < path.getNameCount(); i++) {
      field =
          path.getElement(i) instanceof Integer index
              ? field + "[" + index + "]"
              : SpecText.join(field, path.getName(i));
    }
    return error.getProperty() == null ? field : SpecText.join(field, error.getProperty());
  }

  private String message(Error error) {
    JsonNode rule = rule(error);
    String key = error.getProperty();
    return switch (error.getKeyword()) {
      case "additionalProperties" ->
          "is not a key that is known here; known are "
              + String.join(", ", rule.path("properties").propertyNames());
      case "required" -> "is missing; it must be " + expected(rule.path("properties").path(key));
      case "minimum", "maximum" ->
          "must lie within %s and %s, was %s"
              .formatted(rule.path("minimum"), rule.path("maximum"), error.getInstanceNode());
      default -> mustBe(rule, error.getInstanceNode());
    };
  }

  /** What the schema says of the value at the error's place. */
  private JsonNode rule(Error error) {
    NodePath path = error.getInstanceLocation();
    JsonNode rule = schema;
    for (int i = 0; i < path.getNameCount(); i++) {
      rule = path.getElement(i) instanceof Integer ? rule.path("items") : of(rule, path.getName(i));
    }
    return rule;
  }

  /** The rule of a key: its own, or that of every key of a map. */
  static JsonNode of(JsonNode rule, String key) {
    JsonNode own = rule.path("properties").path(key);
    return own.isMissingNode() ? rule.path("additionalProperties") : own;
  }

  private static String mustBe(JsonNode rule, JsonNode value) {
    String was = value.toString();
    String shown = was.length() <= LONGEST_VALUE ? was : was.substring(0, LONGEST_VALUE) + "…";
    return "must be " + expected(rule) + ", was " + shown;
  }

  private static String expected(JsonNode rule) {
    if (rule.has("pattern")) {
      return "a share from 0% to 100% with its sign, such as 20%";
    }
    if (rule.has("enum")) {
      List<String> words = new ArrayList<>();
      rule.path("enum").forEach(word -> words.add(word.asString()));
      return "one of " + String.join(", ", words);
    }
    String type = rule.path("type").asString("");
    return switch (type) {
      case "integer" -> "a whole number, such as 2_000_000";
      case "number" -> "a finite number, such as 0.5";
      case "boolean" -> "true or false";
      case "string" -> "text, in quotes where it looks like a number";
      case "array" ->
          rule.path("items").path("type").asString("").equals("string")
              ? "a list, such as [a, b]"
              : "a list, such as [1, 2]";
      case "object" -> "a mapping of keys to values";
      default -> throw new IllegalStateException("the schema knows a type " + type);
    };
  }
}
