package org.onset.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.onset.BadInput;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code generation_config.json}, and the tokens that it and {@code config.json} name: their ends
 * are united, since either alone may lack the end of a turn.
 */
final class GenerationConfig {
  static final String FILE = "generation_config.json";
  private static final String BEGINNING = "bos_token_id";
  private static final String ENDS = "eos_token_id";
  private static final String PADDING = "pad_token_id";

  private GenerationConfig() {}

  /** What the files of {@code folder} name; no {@code generation_config.json} need be there. */
  static MarkerTokens tokens(Path folder) {
    List<Path> files = new ArrayList<>(List.of(folder.resolve(ModelConfig.FILE)));
    if (Files.isRegularFile(folder.resolve(FILE))) {
      files.addFirst(folder.resolve(FILE));
    }
    List<String> problems = new ArrayList<>();
    Set<Integer> ends = new LinkedHashSet<>();
    OptionalInt beginning = OptionalInt.empty();
    OptionalInt padding = OptionalInt.empty();
    for (Path file : files) {
      JsonNode root = ModelConfig.readJson(file);
      ends.addAll(ids(file, ENDS, root, problems));
      beginning = beginning.isPresent() ? beginning : first(ids(file, BEGINNING, root, problems));
      padding = padding.isPresent() ? padding : first(ids(file, PADDING, root, problems));
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return new MarkerTokens(beginning, List.copyOf(ends), padding);
  }

  /** An id by itself or a list of them; a negative one means none. */
  private static List<Integer> ids(Path file, String key, JsonNode root, List<String> problems) {
    JsonNode node = root.path(key);
    List<Integer> ids = new ArrayList<>();
    if (node.isMissingNode() || node.isNull()) {
      return ids;
    }
    for (JsonNode id : node.isArray() ? node : List.of(node)) {
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        problems.add(
            "%s: %s: must be a token's id or a list of them, found %s".formatted(file, key, node));
      } else if (id.intValue() >= 0) {
        ids.add(id.intValue());
      }
    }
    return ids;
  }

  private static OptionalInt first(List<Integer> ids) {
    return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.getFirst());
  }

  /** Writes {@code tokens}, and keeps what {@code others} says beside them (how to sample, say). */
  static void write(MarkerTokens tokens, ObjectNode others, Path folder) {
    ObjectNode root = ModelConfig.JSON.createObjectNode();
    root.setAll(others);
    putTokens(root, tokens);
    ModelConfig.writeJson(root, folder.resolve(FILE));
  }

  /** One end by itself, several as a list, none as null: without a key a reader would assume 2. */
  static void putTokens(ObjectNode root, MarkerTokens tokens) {
    putOrNull(root, BEGINNING, tokens.beginning());
    switch (tokens.ends().size()) {
      case 0 -> root.putNull(ENDS);
      case 1 -> root.put(ENDS, tokens.ends().getFirst());
      default -> tokens.ends().forEach(root.putArray(ENDS)::add);
    }
    putOrNull(root, PADDING, tokens.padding());
  }

  private static void putOrNull(ObjectNode root, String key, OptionalInt id) {
    if (id.isPresent()) {
      root.put(key, id.getAsInt());
    } else {
      root.putNull(key);
    }
  }
}
