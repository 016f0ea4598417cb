package org.onset.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokenizer in a GGUF file, as Hugging Face's {@code tokenizer.json} and {@code
 * tokenizer_config.json}: byte-level BPE ({@code gpt2}) with a known {@link PreTokenizer}.
 */
record GgufTokenizer(ObjectNode tokenizer, ObjectNode config) {
  static final String PREFIX = "tokenizer.ggml.";
  private static final String CHAT_TEMPLATE = "tokenizer.chat_template";

  /** The kinds of tokens, as {@code tokenizer.ggml.token_type} numbers them. */
  private static final long CONTROL = 3;

  private static final long USER_DEFINED = 4;

  /** BadInput when the tokenizer is of another kind, or contradicts itself or {@code model}. */
  static GgufTokenizer read(GgufMetadata metadata, GgufModel model) {
    return new Reader(metadata, model).read();
  }

  private static final class Reader {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final GgufMetadata metadata;
    private final GgufModel model;
    private final List<String> tokens;
    private final List<Long> types;
    private final SequencedMap<String, Integer> ids = new LinkedHashMap<>();

    Reader(GgufMetadata metadata, GgufModel model) {
      this.metadata = metadata;
      this.model = model;
      this.tokens = metadata.texts(PREFIX + "tokens");
      this.types = metadata.wholeNumbers(PREFIX + "token_type");
    }

    GgufTokenizer read() {
      Optional<PreTokenizer> kind = kind();
      checkTokens();
      metadata.throwProblems();
      boolean addsBeginning =
          metadata.flag(PREFIX + "add_bos_token").orElse(kind.orElseThrow().addsBeginning());
      ObjectNode tokenizer = tokenizer(kind.orElseThrow(), addsBeginning);
      ObjectNode config = config(addsBeginning);
      metadata.throwProblems();
      return new GgufTokenizer(tokenizer, config);
    }

    private Optional<PreTokenizer> kind() {
      String algorithm = metadata.text(PREFIX + "model").orElse("none");
      if (!algorithm.equals("gpt2")) {
        metadata.refuse(
            PREFIX + "model",
            "only byte-level BPE (\"gpt2\") can be read, found \"%s\"; import the model from its"
                    .formatted(algorithm)
                + " Hugging Face folder");
        return Optional.empty();
      }
      String name = metadata.text(PREFIX + "pre").orElse("default");
      Optional<PreTokenizer> kind = PreTokenizer.named(name);
      if (kind.isEmpty()) {
        metadata.refuse(
            PREFIX + "pre",
            "how \"%s\" cuts text is not known here%s; import the model from its Hugging Face folder"
                .formatted(name, name.equals("default") ? " (the converter lost it)" : ""));
      }
      if (metadata.flag(PREFIX + "add_space_prefix").orElse(false)) {
        metadata.refuse(PREFIX + "add_space_prefix", "is not done by byte-level BPE");
      }
      return kind;
    }

    private void checkTokens() {
      int vocabSize = model.spec().vocabSize();
      if (tokens.size() != vocabSize) {
        metadata.refuse(
            PREFIX + "tokens",
            "has %d tokens, but the embedding %d rows".formatted(tokens.size(), vocabSize));
      }
      if (!types.isEmpty() && types.size() != tokens.size()) {
        metadata.refuse(
            PREFIX + "token_type",
            "tells of %d tokens, but there are %d".formatted(types.size(), tokens.size()));
      }
      for (int id = 0; id < tokens.size(); id++) {
        Integer before = ids.putIfAbsent(tokens.get(id), id);
        if (before != null) {
          metadata.refuse(
              PREFIX + "tokens",
              "\"%s\" has the ids %d and %d".formatted(tokens.get(id), before, id));
        }
      }
    }

    private ObjectNode tokenizer(PreTokenizer kind, boolean addsBeginning) {
      ObjectNode root = JSON.objectNode();
      root.put("version", "1.0").putNull("truncation").putNull("padding");
      putAddedTokens(root.putArray("added_tokens"));
      root.set(
          "normalizer",
          kind.composesCharacters() ? JSON.objectNode().put("type", "NFC") : JSON.nullNode());
      root.set("pre_tokenizer", kind.json());
      root.set("post_processor", postProcessor(addsBeginning));
      root.set("decoder", PreTokenizer.byteLevel(true));
      ObjectNode bpe = root.putObject("model");
      bpe.put("type", "BPE").putNull("dropout").putNull("unk_token");
      bpe.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
      bpe.put("fuse_unk", false).put("byte_fallback", false);
      bpe.put("ignore_merges", kind.ignoresMerges());
      ObjectNode vocabulary = bpe.putObject("vocab");
      ids.forEach(vocabulary::put);
      putMerges(bpe.putArray("merges"));
      return root;
    }

    private void putAddedTokens(ArrayNode added) {
      for (int id = 0; id < types.size(); id++) {
        long type = types.get(id);
        if (type == CONTROL || type == USER_DEFINED) {
          added
              .addObject()
              .put("id", id)
              .put("content", tokens.get(id))
              .put("single_word", false)
              .put("lstrip", false)
              .put("rstrip", false)
              .put("normalized", false)
              .put("special", type == CONTROL);
        }
      }
    }

    /** Puts the beginning's token before a text, where the model wants one. */
    private ObjectNode postProcessor(boolean addsBeginning) {
      OptionalInt beginning = model.tokens().beginning();
      if (!addsBeginning || beginning.isEmpty()) {
        return PreTokenizer.byteLevel(true);
      }
      String literal = tokens.get(beginning.getAsInt());
      ObjectNode template = JSON.objectNode().put("type", "TemplateProcessing");
      putTemplate(template.putArray("single"), literal, "A");
      ArrayNode pair = template.putArray("pair");
      putTemplate(pair, literal, "A");
      putTemplate(pair, literal, "B");
      ObjectNode special = template.putObject("special_tokens").putObject(literal);
      special.put("id", literal).putArray("ids").add(beginning.getAsInt());
      special.putArray("tokens").add(literal);
      return template;
    }

    private static void putTemplate(ArrayNode template, String literal, String sequence) {
      int type = sequence.equals("A") ? 0 : 1;
      template.addObject().putObject("SpecialToken").put("id", literal).put("type_id", type);
      template.addObject().putObject("Sequence").put("id", sequence).put("type_id", type);
    }

    private void putMerges(ArrayNode merges) {
      List<String> listed = metadata.texts(PREFIX + "merges");
      if (listed.isEmpty()) {
        metadata.refuse(PREFIX + "merges", "is missing");
      }
      List<String> useless = new ArrayList<>();
      for (String merge : listed) {
        int space = merge.indexOf(' ', 1);
        boolean sound =
            space > 0
                && ids.containsKey(merge.substring(0, space))
                && ids.containsKey(merge.substring(space + 1))
                && ids.containsKey(merge.substring(0, space) + merge.substring(space + 1));
        if (sound) {
          merges.add(merge);
        } else {
          useless.add(merge);
        }
      }
      if (!useless.isEmpty()) {
        metadata.refuse(
            PREFIX + "merges",
            "%d of them don't make a token of two, such as \"%s\""
                .formatted(useless.size(), useless.getFirst()));
      }
    }

    private ObjectNode config(boolean addsBeginning) {
      ObjectNode config = JSON.objectNode();
      config.put("add_bos_token", addsBeginning);
      config.put("add_eos_token", metadata.flag(PREFIX + "add_eos_token").orElse(false));
      config.put("add_prefix_space", false);
      putToken(config, "bos_token", "bos_token_id");
      putToken(config, "eos_token", "eos_token_id");
      putToken(config, "pad_token", "padding_token_id");
      putToken(config, "unk_token", "unknown_token_id");
      config.put("clean_up_tokenization_spaces", false);
      config.put("model_max_length", model.spec().maxContextLength());
      config.put("tokenizer_class", "PreTrainedTokenizerFast");
      metadata.text(CHAT_TEMPLATE).ifPresent(text -> config.put("chat_template", text));
      return config;
    }

    private void putToken(ObjectNode config, String name, String key) {
      metadata
          .tokenId(PREFIX + key, tokens.size())
          .ifPresent(id -> config.put(name, tokens.get(id)));
    }
  }
}
