package org.onset.token;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the tokenizer of a closed vocabulary: one token a word, words separated by white space;
 * decoding joins them with single spaces. A word outside the vocabulary becomes {@code <unk>}.
 */
public final class WordTokenizer {
  /** No special token: a judge must see it in a decoded completion. */
  static final String UNKNOWN = "<unk>";

  private WordTokenizer() {}

  /** The vocabulary is the special tokens, {@code <unk>}, then the words in the order given. */
  public static void write(List<String> words, Path folder) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode model = json.objectNode().put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab");
    for (String token : SpecialTokens.all()) {
      vocabulary.put(token, vocabulary.size());
    }
    vocabulary.put(UNKNOWN, vocabulary.size());
    for (String word : words) {
      if (word.isEmpty()
          || vocabulary.has(word)
          || SpecialTokens.all().stream().anyMatch(word::contains)
          || word.codePoints().anyMatch(WordTokenizer::separates)) {
        throw new IllegalArgumentException(
            "a word must be new, without white space or special token, was \"" + word + "\"");
      }
      vocabulary.put(word, vocabulary.size());
    }
    model.put("unk_token", UNKNOWN);
    TokenizerFiles.writeOwn(
        folder, model, json.objectNode().put("type", "WhitespaceSplit"), json.nullNode());
  }

  private static boolean separates(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == 0x85;
  }
}
