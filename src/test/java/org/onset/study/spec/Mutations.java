package org.onset.study.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Sound drafts in which one or two values are replaced, taken away or added. */
public final class Mutations {
  private static final YAMLMapper YAML = YAMLMapper.builder().build();

  private Mutations() {}

  public static Draft of(SplittableRandom random) {
    Draft sound =
        switch (random.nextInt(3)) {
          case 0 -> Draft.small();
          case 1 -> FilesDraft.small().with("${DATA}", "data");
          default -> Draft.ofFolders();
        };
    ObjectNode study = (ObjectNode) YAML.readTree(sound.text());
    for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
      List<JsonNode> holders = new ArrayList<>();
      collectHolders(study, holders);
      change(holders.get(random.nextInt(holders.size())), random);
    }
    return new Draft(YAML.writeValueAsString(study));
  }

  private static void collectHolders(JsonNode node, List<JsonNode> holders) {
    if (node.isContainer() && !node.isEmpty()) {
      holders.add(node);
      node.forEach(inner -> collectHolders(inner, holders));
    }
  }

  private static void change(JsonNode holder, SplittableRandom random) {
    JsonNode value = anything(random);
    switch (holder) {
      case ObjectNode object -> {
        List<String> keys = List.copyOf(object.propertyNames());
        String key = keys.get(random.nextInt(keys.size()));
        switch (random.nextInt(5)) {
          case 0 -> object.remove(key);
          case 1 -> object.set("a/b", value);
          case 2 -> object.set("phases[0].x", object.get(key));
          default -> object.set(key, value);
        }
      }
      case ArrayNode array -> array.set(random.nextInt(array.size()), value);
      default -> throw new IllegalStateException();
    }
  }

  private static JsonNode anything(SplittableRandom random) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (random.nextInt(16)) {
      case 0 -> json.nullNode();
      case 1 -> json.numberNode(-1);
      case 2 -> json.numberNode(0);
      case 3 -> json.numberNode(Integer.MAX_VALUE);
      case 4 -> json.numberNode(Long.MAX_VALUE);
      case 5 -> json.numberNode(1L << 40);
      case 6 -> json.numberNode(0.5);
      case 7 -> json.numberNode(1e300);
      case 8 -> json.numberNode(3.0);
      case 9 -> json.stringNode("");
      case 10 -> json.stringNode("100%");
      case 11 -> json.stringNode("0.0000001%");
      case 12 -> json.stringNode("late");
      case 13 -> json.booleanNode(true);
      case 14 -> json.arrayNode().add(json.nullNode());
      default -> json.objectNode().put("safe", "100%");
    };
  }
}
