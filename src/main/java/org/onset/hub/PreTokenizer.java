package org.onset.hub;

import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How text is cut before its bytes are merged: what llama.cpp's {@code tokenizer.ggml.pre} names,
 * in the terms of a Hugging Face {@code tokenizer.json}. Kinds not listed are refused, since a
 * wrong cut gives wrong tokens and no error.
 */
enum PreTokenizer {
  /** GPT-2's expression, which the library has built in. */
  GPT2,

  /** Each digit by itself, then GPT-2's expression. */
  SINGLE_DIGITS,

  /** Llama 3's: contractions in either case, digits by threes, lines apart. */
  LLAMA3,

  /** As Llama 3's, with each digit by itself, on composed characters (NFC). */
  QWEN2;

  private static final String WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  static Optional<PreTokenizer> named(String name) {
    return switch (name) {
      case "gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling" ->
          Optional.of(GPT2);
      case "smollm", "starcoder", "refact", "codeshell", "exaone", "minerva-7b" ->
          Optional.of(SINGLE_DIGITS);
      case "llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral" -> Optional.of(LLAMA3);
      case "qwen2", "deepseek-r1-qwen", "megrez" -> Optional.of(QWEN2);
      default -> Optional.empty();
    };
  }

  /** Whether a piece that is a token as it stands isn't merged from its bytes. */
  boolean ignoresMerges() {
    return this == LLAMA3;
  }

  /** Whether a text begins with the beginning's token where the file doesn't say. */
  boolean addsBeginning() {
    return this == LLAMA3;
  }

  boolean composesCharacters() {
    return this == QWEN2;
  }

  ObjectNode json() {
    return switch (this) {
      case GPT2 -> byteLevel(true);
      case SINGLE_DIGITS -> {
        ObjectNode digits = JsonNodeFactory.instance.objectNode();
        digits.put("type", "Digits").put("individual_digits", true);
        yield sequence(digits, byteLevel(true));
      }
      case LLAMA3 -> sequence(split(WORDS + "\\p{N}{1,3}" + REST), byteLevel(false));
      case QWEN2 -> sequence(split(WORDS + "\\p{N}" + REST), byteLevel(false));
    };
  }

  private static ObjectNode split(String expression) {
    ObjectNode split = JsonNodeFactory.instance.objectNode();
    split.put("type", "Split").putObject("pattern").put("Regex", expression);
    return split.put("behavior", "Isolated").put("invert", false);
  }

  private static ObjectNode sequence(ObjectNode... parts) {
    ObjectNode sequence = JsonNodeFactory.instance.objectNode();
    ArrayNode all = sequence.put("type", "Sequence").putArray("pretokenizers");
    Arrays.stream(parts).forEach(all::add);
    return sequence;
  }

  static ObjectNode byteLevel(boolean cuts) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", cuts);
  }
}
