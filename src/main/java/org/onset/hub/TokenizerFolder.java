package org.onset.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.onset.BadInput;
import org.onset.JsonProblem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of a tokenizer: {@code tokenizer.json} byte for byte, {@code tokenizer_config.json}
 * with the chat template, and the template once more in {@code chat_template.jinja}, where newer
 * readers look for it.
 */
final class TokenizerFolder {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String TOKENIZER = "tokenizer.json";
  private static final String CONFIG = "tokenizer_config.json";
  private static final String TEMPLATE = "chat_template.jinja";

  /** Older folders name their special tokens only here. */
  private static final String SPECIAL_TOKENS = "special_tokens_map.json";

  private TokenizerFolder() {}

  static void copy(Path source, Path target) {
    if (!Files.isRegularFile(source.resolve(TOKENIZER))) {
      throw new BadInput(
          "%s: is missing; save the tokenizer with a fast tokenizer of Hugging Face's first"
              .formatted(source.resolve(TOKENIZER)));
    }
    try {
      Files.copy(source.resolve(TOKENIZER), target.resolve(TOKENIZER));
      if (Files.isRegularFile(source.resolve(SPECIAL_TOKENS))) {
        Files.copy(source.resolve(SPECIAL_TOKENS), target.resolve(SPECIAL_TOKENS));
      }
      Optional<ObjectNode> config = readJson(source.resolve(CONFIG));
      Optional<String> template =
          Files.isRegularFile(source.resolve(TEMPLATE))
              ? Optional.of(Files.readString(source.resolve(TEMPLATE)))
              : config.flatMap(TokenizerFolder::templateOf);
      ObjectNode written = config.orElseGet(JSON::createObjectNode);
      template.ifPresent(text -> written.put("chat_template", text));
      writeConfig(written, template, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(GgufTokenizer tokenizer, Path target) {
    try {
      Files.writeString(target.resolve(TOKENIZER), pretty(tokenizer.tokenizer()));
      writeConfig(tokenizer.config(), templateOf(tokenizer.config()), target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeConfig(ObjectNode config, Optional<String> template, Path target)
      throws IOException {
    Files.writeString(target.resolve(CONFIG), pretty(config));
    if (template.isPresent()) {
      Files.writeString(target.resolve(TEMPLATE), template.get());
    }
  }

  /** A template by itself, or that called "default" among several. */
  private static Optional<String> templateOf(ObjectNode config) {
    JsonNode template = config.path("chat_template");
    for (JsonNode named : template.isArray() ? template : JSON.createArrayNode()) {
      if (named.path("name").asString("").equals("default")) {
        template = named.path("template");
      }
    }
    return template.isString() ? Optional.of(template.stringValue()) : Optional.empty();
  }

  /** The object in {@code file}, if there is such a file. */
  static Optional<ObjectNode> readJson(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (JSON.readTree(Files.readString(file, StandardCharsets.UTF_8))
          instanceof ObjectNode root) {
        return Optional.of(root);
      }
      throw new BadInput(file + ": holds no JSON object");
    } catch (JacksonException e) {
      throw new BadInput(
          "%s:%d: %s".formatted(file, e.getLocation().getLineNr(), JsonProblem.of(e)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pretty(ObjectNode node) {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
  }
}
