package org.onset.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.onset.BadInput;
import tools.jackson.databind.JsonNode;

/** An object of a config.json; what is wrong with it is collected, to be said at once. */
final class ConfigFields {
  private final String where;
  private final JsonNode object;
  private final List<String> problems;

  /**
   * @param where what a problem begins with: the file
   */
  ConfigFields(String where, JsonNode object) {
    this(where, object, new ArrayList<>());
  }

  private ConfigFields(String where, JsonNode object, List<String> problems) {
    this.where = where;
    this.object = object;
    this.problems = problems;
  }

  /** The object at {@code key}, if there is one. */
  Optional<ConfigFields> object(String key) {
    JsonNode node = object.path(key);
    if (isAbsent(node)) {
      return Optional.empty();
    }
    if (!node.isObject()) {
      refuse("%s: must be an object, found %s".formatted(key, node));
      return Optional.empty();
    }
    return Optional.of(new ConfigFields(where + ": " + key, node, problems));
  }

  JsonNode get(String key) {
    return object.path(key);
  }

  boolean has(String key) {
    return !isAbsent(object.path(key));
  }

  /** A key that must be there. */
  int wholeNumber(String key) {
    OptionalInt found = optionalWholeNumber(key);
    if (!has(key)) {
      refuse(key + ": must be a whole number, found " + shown(key));
    }
    return found.orElse(0);
  }

  int wholeNumber(String key, int otherwise) {
    return optionalWholeNumber(key).orElse(otherwise);
  }

  OptionalInt optionalWholeNumber(String key) {
    JsonNode node = object.path(key);
    if (isAbsent(node)) {
      return OptionalInt.empty();
    }
    if (node.isIntegralNumber() && node.canConvertToInt()) {
      return OptionalInt.of(node.intValue());
    }
    refuse("%s: must be a whole number, found %s".formatted(key, node));
    return OptionalInt.empty();
  }

  /** A key that must be there. */
  double number(String key) {
    OptionalDouble found = optionalNumber(key);
    if (!has(key)) {
      refuse(key + ": must be a number, found " + shown(key));
    }
    return found.orElse(Double.NaN);
  }

  double number(String key, double otherwise) {
    return optionalNumber(key).orElse(otherwise);
  }

  OptionalDouble optionalNumber(String key) {
    JsonNode node = object.path(key);
    if (isAbsent(node)) {
      return OptionalDouble.empty();
    }
    if (node.isNumber()) {
      return OptionalDouble.of(node.doubleValue());
    }
    refuse("%s: must be a number, found %s".formatted(key, node));
    return OptionalDouble.empty();
  }

  boolean flag(String key) {
    JsonNode node = object.path(key);
    if (!isAbsent(node) && !node.isBoolean()) {
      refuse("%s: must be true or false, found %s".formatted(key, node));
    }
    return node.isBoolean() && node.booleanValue();
  }

  Optional<String> text(String key) {
    JsonNode node = object.path(key);
    if (isAbsent(node)) {
      return Optional.empty();
    }
    if (node.isString()) {
      return Optional.of(node.stringValue());
    }
    refuse("%s: must be text, found %s".formatted(key, node));
    return Optional.empty();
  }

  /** Refuses each key that is none of {@code known}, unless it holds nothing. */
  void refuseUnknown(Set<String> known) {
    for (String key : object.propertyNames()) {
      if (!known.contains(key) && has(key)) {
        refuse(
            ("%s: is not known here, and may change what the model computes, found %s;"
                    + " remove it if it changes nothing")
                .formatted(key, object.path(key)));
      }
    }
  }

  void refuse(String problem) {
    problems.add(where + ": " + problem);
  }

  boolean isSound() {
    return problems.isEmpty();
  }

  void throwProblems() {
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }

  String shown(String key) {
    JsonNode node = object.get(key);
    return node == null ? "nothing" : node.toString();
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }
}
