package org.onset.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.onset.BadInput;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of a tokenizer's folder, and what they say that the native library doesn't tell. Kept
 * whole, so that a copy is the same bytes.
 *
 * @param contents file name to bytes, {@code tokenizer.json} always among them
 * @param ids every token's id, by its literal
 * @param specialTokens the ids of the tokens marked special, which no text may become
 * @param endOfText the literal of the token that ends a document
 * @param tag the literal of the harmfulness tag
 * @param chatTemplate in Jinja
 */
record TokenizerFiles(
    Map<String, byte[]> contents,
    Map<String, Integer> ids,
    Map<String, Integer> specialTokens,
    String endOfText,
    Optional<String> tag,
    Optional<String> chatTemplate) {
  static final String TOKENIZER = "tokenizer.json";
  static final String CONFIG = "tokenizer_config.json";
  private static final String TEMPLATE = "chat_template.jinja";
  private static final String TAG_FIELD = "onset_tag_token";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static TokenizerFiles read(Path folder) {
    Map<String, byte[]> contents = readContents(folder);
    JsonNode tokenizer = parse(folder.resolve(TOKENIZER), json(contents));
    byte[] configBytes = contents.get(CONFIG);
    JsonNode config =
        configBytes == null
            ? JsonNodeFactory.instance.objectNode()
            : parse(folder.resolve(CONFIG), configBytes);
    List<String> problems = new ArrayList<>();
    Map<String, Integer> ids = new HashMap<>();
    readVocabulary(folder.resolve(TOKENIZER), tokenizer.path("model").path("vocab"), ids, problems);
    Map<String, Integer> special = readAddedTokens(tokenizer.path("added_tokens"), ids);
    checkIds(folder.resolve(TOKENIZER), ids, problems);

    Optional<String> endOfText =
        literal(config.path("eos_token"))
            .or(() -> Optional.of(SpecialTokens.END_OF_TEXT).filter(special::containsKey));
    if (endOfText.isEmpty()) {
      problems.add(
          "%s: says of no token that it ends a text; name it as eos_token"
              .formatted(folder.resolve(CONFIG)));
    }
    Optional<String> tag = literal(config.path(TAG_FIELD));
    endOfText.ifPresent(token -> requireSpecial(folder, "eos_token", token, special, problems));
    tag.ifPresent(token -> requireSpecial(folder, TAG_FIELD, token, special, problems));
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    Optional<String> template =
        Optional.ofNullable(contents.get(TEMPLATE))
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
            .or(() -> literal(config.path("chat_template")));
    return new TokenizerFiles(contents, ids, special, endOfText.orElseThrow(), tag, template);
  }

  private static Map<String, byte[]> readContents(Path folder) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    try {
      for (String name : List.of(TOKENIZER, CONFIG, TEMPLATE)) {
        if (Files.isRegularFile(folder.resolve(name))) {
          contents.put(name, Files.readAllBytes(folder.resolve(name)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokenizer in " + folder, e);
    }
    if (!contents.containsKey(TOKENIZER)) {
      throw new BadInput(
          "%s: no such file; a tokenizer is a folder with a Hugging Face tokenizer.json"
              .formatted(folder.resolve(TOKENIZER)));
    }
    return contents;
  }

  private static JsonNode parse(Path file, byte[] content) {
    try {
      JsonNode root = JSON.readTree(content);
      if (root.isObject()) {
        return root;
      }
      throw new BadInput(file + ": line 1: no JSON object");
    } catch (JacksonException e) {
      throw new BadInput(
          "%s: line %d: not JSON: %s"
              .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()));
    }
  }

  /**
   * A map from literal to id, or (unigram models) a list of pairs whose first part is the literal.
   */
  private static void readVocabulary(
      Path file, JsonNode vocabulary, Map<String, Integer> ids, List<String> problems) {
    if (vocabulary.isArray()) {
      for (int id = 0; id < vocabulary.size(); id++) {
        ids.put(vocabulary.get(id).path(0).asString(""), id);
      }
    } else {
      vocabulary.properties().forEach(entry -> ids.put(entry.getKey(), entry.getValue().asInt(-1)));
    }
    if (ids.isEmpty()) {
      problems.add(file + ": model.vocab: must hold the vocabulary, was missing or empty");
    }
  }

  private static Map<String, Integer> readAddedTokens(JsonNode added, Map<String, Integer> ids) {
    Map<String, Integer> special = new LinkedHashMap<>();
    for (JsonNode token : added) {
      String literal = token.path("content").asString("");
      int id = token.path("id").asInt(-1);
      ids.put(literal, id);
      if (token.path("special").asBoolean(false)) {
        special.put(literal, id);
      }
    }
    return special;
  }

  private static void checkIds(Path file, Map<String, Integer> ids, List<String> problems) {
    Map<Integer, String> owners = new HashMap<>();
    ids.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              String before = owners.putIfAbsent(entry.getValue(), entry.getKey());
              if (entry.getValue() < 0 || before != null) {
                problems.add(
                    "%s: token %s: must have an id of its own, was %d%s"
                        .formatted(
                            file,
                            JSON.writeValueAsString(entry.getKey()),
                            entry.getValue(),
                            before == null ? "" : ", that of " + JSON.writeValueAsString(before)));
              }
            });
  }

  private static void requireSpecial(
      Path folder,
      String field,
      String token,
      Map<String, Integer> special,
      List<String> problems) {
    if (!special.containsKey(token)) {
      problems.add(
          "%s: %s: %s is no special token of the tokenizer.json beside it"
              .formatted(folder.resolve(CONFIG), field, JSON.writeValueAsString(token)));
    }
  }

  /** A token's literal stands alone or, with its flags, in an object. */
  private static Optional<String> literal(JsonNode field) {
    JsonNode text = field.isObject() ? field.path("content") : field;
    return text.isString() ? Optional.of(text.asString()) : Optional.empty();
  }

  /** The bytes of {@code tokenizer.json}. */
  byte[] json() {
    return json(contents);
  }

  private static byte[] json(Map<String, byte[]> contents) {
    return Objects.requireNonNull(contents.get(TOKENIZER), "read without its tokenizer.json");
  }

  void writeTo(Path folder) {
    contents.forEach((name, bytes) -> WholeFile.write(folder.resolve(name), bytes));
  }

  /**
   * Writes the folder of a tokenizer of ours: {@code model} and the parts around it, with the
   * special tokens at the head of the vocabulary.
   */
  static void writeOwn(Path folder, ObjectNode model, JsonNode preTokenizer, JsonNode decoder) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode tokenizer = json.objectNode();
    tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
    var added = tokenizer.putArray("added_tokens");
    for (int id = 0; id < SpecialTokens.all().size(); id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", SpecialTokens.all().get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    tokenizer.putNull("normalizer").set("pre_tokenizer", preTokenizer);
    tokenizer.putNull("post_processor").set("decoder", decoder);
    tokenizer.set("model", model);
    WholeFile.write(folder.resolve(TOKENIZER), pretty(tokenizer));

    ObjectNode config = json.objectNode();
    config
        .put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("eos_token", SpecialTokens.END_OF_TEXT)
        .put("pad_token", SpecialTokens.END_OF_TEXT)
        .put(TAG_FIELD, SpecialTokens.TAG)
        .put("clean_up_tokenization_spaces", false)
        .put("chat_template", ChatTemplate.JINJA);
    WholeFile.write(folder.resolve(CONFIG), pretty(config));
  }

  private static byte[] pretty(JsonNode node) {
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
