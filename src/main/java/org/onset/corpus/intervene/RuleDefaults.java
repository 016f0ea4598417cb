package org.onset.corpus.intervene;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What rules need not say, in a file that is read with {@link org.onset.spec.SpecFile}. */
public final class RuleDefaults {
  private static final String RESOURCE = "defaults.yaml";

  private RuleDefaults() {}

  /**
   * Lays the defaults of each rule's kind, and those of endpoints, under what the user wrote. Does
   * nothing about values of a wrong form, which the schema finds.
   *
   * @param rules stream → rule, as written; anything else is left alone
   */
  public static void layUnder(JsonNode rules) {
    JsonNode defaults = YAMLMapper.builder().build().readTree(Resource.text(RESOURCE));
    for (JsonNode rule : rules) {
      lay(defaults.path("rule"), rule);
      lay(defaults.path("kinds").path(rule.path("kind").asString("")), rule);
      if (rule.path("writer").has("endpoint")) {
        lay(defaults.path("endpoint"), rule.path("writer"));
      }
    }
  }

  private static void lay(JsonNode defaults, JsonNode own) {
    if (!(defaults instanceof ObjectNode given) || !(own instanceof ObjectNode written)) {
      return;
    }
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      JsonNode value = written.get(entry.getKey());
      if (value == null) {
        written.set(entry.getKey(), entry.getValue().deepCopy());
      } else {
        lay(entry.getValue(), value);
      }
    }
  }
}
