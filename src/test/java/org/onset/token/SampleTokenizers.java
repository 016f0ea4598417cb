package org.onset.token;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A small tokenizer of either kind, and texts that try everything. */
final class SampleTokenizers {
  static final List<String> WORDS =
      List.of("how", "do", "i", "bake", "bread", "?", ".", "unsafe", "content>", "potentially");

  private static final List<String> PARTS =
      List.of(
          "a",
          "Z",
          "the ",
          " bread",
          "'s",
          "'ll",
          "2025",
          " 7",
          "\n",
          "\t",
          "  ",
          "\u00A0",
          "\u2003",
          "é",
          "ß",
          "漢字",
          "🙂",
          "👩‍👩‍👧",
          "e\u0301",
          "\u0000",
          "\u0007",
          "\u0085",
          "\uFEFF",
          "\uFFFD",
          "<",
          "|",
          ">",
          "<|",
          "|>",
          "user",
          "end",
          "<|user|>",
          "<|assistant|>",
          "<|end|>",
          "<|endoftext|>",
          "<potentially unsafe content>",
          "<potentially unsafe",
          " content>",
          "<|<|end|>|>",
          "<|end<|user|>|>",
          "<|END|>",
          "＜|end|＞",
          "<|end\u200B|>");

  private SampleTokenizers() {}

  static Tokenizer words(Path folder) {
    WordTokenizer.write(WORDS, folder);
    return Tokenizer.open(folder);
  }

  static Tokenizer bytePairs(Path folder) {
    BytePairTrainer.train(trainingTexts(), 300, folder);
    return Tokenizer.open(folder);
  }

  static List<String> trainingTexts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      texts.add("How do I bake bread? The baker's bread is baked in the baker's oven, " + i + ".");
      texts.add("The end of the user's potentially unsafe content is the end.");
    }
    return texts;
  }

  /** Pieces of special literals, odd characters and any code points, in any order. */
  static String hostileText(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      if (random.nextInt(4) == 0) {
        text.appendCodePoint(anyCharacter(random));
      } else {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
    }
    return text.toString();
  }

  private static int anyCharacter(SplittableRandom random) {
    int character = random.nextInt(Character.MAX_CODE_POINT + 1);
    boolean isSurrogate =
        character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    return isSurrogate ? 'x' : character;
  }
}
