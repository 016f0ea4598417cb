package org.onset.token;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the files beside a {@code tokenizer.json} say of its tokens, in the forms that Hugging
 * Face's libraries have written over the years.
 *
 * @param tokens {@code bos_token}, {@code eos_token}, {@code pad_token} and {@code unk_token}, as
 *     far as they are named, to their literals
 * @param tag the literal of the harmfulness tag
 * @param beginsTexts {@code add_bos_token}, where it is said
 * @param modelEnds the ids that the model's own files name as {@code eos_token_id}
 */
record TokenizerConfig(
    Map<String, String> tokens,
    Optional<String> tag,
    Optional<Boolean> beginsTexts,
    List<Integer> modelEnds,
    Optional<Template> chatTemplate) {
  static final String FILE = "tokenizer_config.json";
  static final String TEMPLATE_FILE = "chat_template.jinja";
  static final String TAG_FIELD = "onset_tag_token";
  static final String BEGINNING = "bos_token";
  static final String END = "eos_token";
  static final List<String> CONTROL_TOKENS = List.of(BEGINNING, END, "pad_token");

  private static final List<String> MODEL_FILES = List.of("config.json", "generation_config.json");

  /** In Jinja, and the file that it stands in. */
  record Template(Path file, String source) {}

  TokenizerConfig {
    modelEnds = List.copyOf(modelEnds);
  }

  /** Reads the folder; {@code problems} takes what is wrong. */
  static TokenizerConfig read(Path folder, List<String> problems) {
    JsonNode config = TokenizerFiles.parseIfThere(folder.resolve(FILE));
    Map<String, String> tokens = new LinkedHashMap<>();
    for (String name : List.of(BEGINNING, END, "pad_token", "unk_token")) {
      literal(config.path(name)).ifPresent(literal -> tokens.put(name, literal));
    }
    JsonNode beginsTexts = config.path("add_bos_token");
    return new TokenizerConfig(
        tokens,
        literal(config.path(TAG_FIELD)),
        beginsTexts.isBoolean() ? Optional.of(beginsTexts.asBoolean()) : Optional.empty(),
        modelEnds(folder, problems),
        chatTemplate(folder, config.path("chat_template")));
  }

  /** A token's literal stands alone or, with its flags, in an object. */
  private static Optional<String> literal(JsonNode field) {
    JsonNode text = field.isObject() ? field.path("content") : field;
    return text.isString() ? Optional.of(text.asString()) : Optional.empty();
  }

  /** The file of its own goes before; in the configuration stands one, or a list of named ones. */
  private static Optional<Template> chatTemplate(Path folder, JsonNode field) {
    Path file = folder.resolve(TEMPLATE_FILE);
    Optional<byte[]> own = TokenizerFiles.contentIfThere(file);
    if (own.isPresent()) {
      return Optional.of(new Template(file, new String(own.get(), StandardCharsets.UTF_8)));
    }
    JsonNode source = field;
    for (JsonNode named : field.isArray() ? field : List.<JsonNode>of()) {
      if (named.path("name").asString("").equals("default")) {
        source = named.path("template");
      }
    }
    return source.isString()
        ? Optional.of(new Template(folder.resolve(FILE), source.asString()))
        : Optional.empty();
  }

  private static List<Integer> modelEnds(Path folder, List<String> problems) {
    List<Integer> ends = new ArrayList<>();
    for (String name : MODEL_FILES) {
      JsonNode field = TokenizerFiles.parseIfThere(folder.resolve(name)).path("eos_token_id");
      if (field.isNull() || field.isMissingNode()) {
        continue;
      }
      for (JsonNode id : field.isArray() ? field : List.of(field)) {
        if (id.isInt() && id.asInt() >= 0) {
          ends.add(id.asInt());
        } else {
          problems.add(
              "%s: eos_token_id: must be a token's id or a list of them, was %s"
                  .formatted(folder.resolve(name), field));
        }
      }
    }
    return ends;
  }
}
