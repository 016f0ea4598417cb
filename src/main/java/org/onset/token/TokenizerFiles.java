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
import java.util.OptionalInt;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.JsonProblem;
import org.onset.WholeFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tokenizer's folder, and what it says that the native library doesn't tell. The tokenizer's own
 * files are kept whole, so that a copy is the same bytes.
 *
 * @param contents file name to bytes, {@code tokenizer.json} always among them
 * @param forLibrary {@code tokenizer.json} as the native library is to read it
 * @param ids every token's id, by its literal
 * @param addedTokens of these, the tokens whose literals are looked for in a text
 * @param specialTokens of these, the tokens that no text may become
 * @param endOfText the id of the token that ends a document
 * @param bytePairs our own encoder, where the tokenizer is of a kind that it knows
 */
record TokenizerFiles(
    Map<String, byte[]> contents,
    String forLibrary,
    Map<String, Integer> ids,
    Map<String, Integer> addedTokens,
    Map<String, Integer> specialTokens,
    int endOfText,
    TokenizerConfig config,
    Optional<BytePairEncoder> bytePairs) {
  static final String TOKENIZER = "tokenizer.json";

  /** A merge of a long run is a long name in the vocabulary. */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNameLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  static TokenizerFiles read(Path folder) {
    Map<String, byte[]> contents = readContents(folder);
    Path file = folder.resolve(TOKENIZER);
    ObjectNode tokenizer = parse(file, json(contents));
    List<String> problems = new ArrayList<>();
    TokenizerConfig config = TokenizerConfig.read(folder, problems);
    Map<String, Integer> ids = new HashMap<>();
    readVocabulary(file, tokenizer.path("model").path("vocab"), ids, problems);
    for (JsonNode token : tokenizer.path("added_tokens")) {
      ids.put(token.path("content").asString(""), token.path("id").asInt(-1));
    }
    checkIds(file, ids, problems);

    boolean changed = markControlTokens(tokenizer, ids, config);
    Map<String, Integer> added = new LinkedHashMap<>();
    Map<String, Integer> special = new LinkedHashMap<>();
    for (JsonNode token : tokenizer.path("added_tokens")) {
      String literal = token.path("content").asString("");
      int id = token.path("id").asInt(-1);
      added.put(literal, id);
      if (token.path("special").asBoolean(false)) {
        special.put(literal, id);
      }
    }
    OptionalInt endOfText = endOfText(folder, config, special, problems);
    config
        .tag()
        .filter(tag -> !special.containsKey(tag))
        .ifPresent(tag -> problems.add(notSpecial(folder, TokenizerConfig.TAG_FIELD, tag)));
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    String forLibrary =
        changed
            ? JSON.writeValueAsString(tokenizer)
            : new String(json(contents), StandardCharsets.UTF_8);
    return new TokenizerFiles(
        contents,
        forLibrary,
        ids,
        added,
        special,
        endOfText.orElseThrow(),
        config,
        BytePairEncoder.of(tokenizer));
  }

  private static Map<String, byte[]> readContents(Path folder) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (String name : List.of(TOKENIZER, TokenizerConfig.FILE, TokenizerConfig.TEMPLATE_FILE)) {
      contentIfThere(folder.resolve(name)).ifPresent(content -> contents.put(name, content));
    }
    if (!contents.containsKey(TOKENIZER)) {
      throw new BadInput(
          "%s: no such file; a tokenizer is a folder with a Hugging Face tokenizer.json"
              .formatted(folder.resolve(TOKENIZER)));
    }
    return contents;
  }

  /** Of all files that a folder's tokenizer is copied with. */
  static String contentFingerprint(Path folder) {
    StringBuilder all = new StringBuilder();
    readContents(folder)
        .forEach(
            (name, content) ->
                all.append(name).append(' ').append(Fingerprint.of(content)).append('\n'));
    return Fingerprint.of(all.toString());
  }

  static Optional<byte[]> contentIfThere(Path file) {
    try {
      return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** An empty object where there is no such file. */
  static ObjectNode parseIfThere(Path file) {
    return contentIfThere(file)
        .map(content -> parse(file, content))
        .orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /**
   * Some folders name tokens of the vocabulary as control tokens and don't list them as such in
   * {@code tokenizer.json}; Hugging Face's libraries add them when they load it. Does so, and says
   * whether that was needed.
   */
  private static boolean markControlTokens(
      ObjectNode tokenizer, Map<String, Integer> ids, TokenizerConfig config) {
    boolean changed = false;
    for (String name : TokenizerConfig.CONTROL_TOKENS) {
      String literal = config.tokens().getOrDefault(name, "");
      Integer id = ids.get(literal);
      if (id == null) {
        continue;
      }
      ObjectNode token = addedToken(tokenizer, literal, id);
      changed |= !token.path("special").asBoolean(false);
      token.put("special", true);
    }
    return changed;
  }

  private static ObjectNode addedToken(ObjectNode tokenizer, String literal, int id) {
    for (JsonNode token : tokenizer.path("added_tokens")) {
      if (token.path("content").asString("").equals(literal)) {
        return (ObjectNode) token;
      }
    }
    return writeAddedToken(tokenizer.withArray("added_tokens"), id, literal, false);
  }

  private static OptionalInt endOfText(
      Path folder, TokenizerConfig config, Map<String, Integer> special, List<String> problems) {
    String named = config.tokens().getOrDefault(TokenizerConfig.END, SpecialTokens.END_OF_TEXT);
    Integer id = special.get(named);
    if (id != null) {
      return OptionalInt.of(id);
    }
    if (config.tokens().containsKey(TokenizerConfig.END)) {
      problems.add(notSpecial(folder, TokenizerConfig.END, named));
    } else if (config.modelEnds().isEmpty()) {
      problems.add(
          "%s: says of no token that it ends a text; name it as eos_token"
              .formatted(folder.resolve(TokenizerConfig.FILE)));
    }
    return config.modelEnds().stream().mapToInt(Integer::intValue).findFirst();
  }

  private static String notSpecial(Path folder, String field, String token) {
    return "%s: %s: %s is no special token of the tokenizer.json beside it"
        .formatted(folder.resolve(TokenizerConfig.FILE), field, JSON.writeValueAsString(token));
  }

  private static ObjectNode parse(Path file, byte[] content) {
    try {
      if (JSON.readTree(content) instanceof ObjectNode root) {
        return root;
      }
      throw new BadInput(file + ": line 1: no JSON object");
    } catch (JacksonException e) {
      throw new BadInput(
          "%s%s: not JSON: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? "" : ": line " + e.getLocation().getLineNr(),
                  JsonProblem.of(e)));
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
   * As {@link #writeTo}, but with the harmfulness tag as one special token more where there is none
   * yet, and naming the end of text that only a model's files named; all tokens keep their ids.
   */
  void writeTaggedTo(Path folder) {
    writeTo(folder);
    boolean namesEnd =
        config.tokens().containsKey(TokenizerConfig.END)
            || specialTokens.containsKey(SpecialTokens.END_OF_TEXT);
    if (namesEnd && config.tag().isPresent()) {
      return;
    }
    ObjectNode tokenizer = parse(folder.resolve(TOKENIZER), json());
    Path file = folder.resolve(TokenizerConfig.FILE);
    ObjectNode named = parseIfThere(file);
    if (!namesEnd) {
      String end = literal(endOfText);
      addedToken(tokenizer, end, endOfText).put("special", true);
      named.put(TokenizerConfig.END, end);
    }
    if (config.tag().isEmpty()) {
      Integer known = ids.get(SpecialTokens.TAG);
      int next = 1 + ids.values().stream().mapToInt(id -> id).max().orElse(-1);
      addedToken(tokenizer, SpecialTokens.TAG, known == null ? next : known).put("special", true);
      named.put(TokenizerConfig.TAG_FIELD, SpecialTokens.TAG);
    }
    WholeFile.write(folder.resolve(TOKENIZER), pretty(tokenizer));
    WholeFile.write(file, pretty(named));
  }

  private String literal(int id) {
    return ids.entrySet().stream()
        .filter(token -> token.getValue() == id)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no token has the id " + id));
  }

  /**
   * Writes the folder of a tokenizer of ours: {@code model} and the parts around it, with the
   * special tokens at the head of the vocabulary.
   */
  static void writeOwn(Path folder, ObjectNode model, JsonNode preTokenizer, JsonNode decoder) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode tokenizer = json.objectNode();
    tokenizer.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = tokenizer.putArray("added_tokens");
    for (int id = 0; id < SpecialTokens.all().size(); id++) {
      writeAddedToken(added, id, SpecialTokens.all().get(id), true);
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
        .put(TokenizerConfig.TAG_FIELD, SpecialTokens.TAG)
        .put("clean_up_tokenization_spaces", false)
        .put("chat_template", OwnTemplate.JINJA);
    WholeFile.write(folder.resolve(TokenizerConfig.FILE), pretty(config));
  }

  private static ObjectNode writeAddedToken(
      ArrayNode added, int id, String literal, boolean special) {
    return added
        .addObject()
        .put("id", id)
        .put("content", literal)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", special);
  }

  private static byte[] pretty(JsonNode node) {
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
