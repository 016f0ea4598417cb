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

  private static final String[] ODD_PARTS = {
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u000B",
    "\u0085",
    "\u00A0",
    "\u2003",
    "\u2028",
    "\u3000",
    "\u200B",
    "\u200D",
    "\uFEFF",
    "\u0000",
    "\u001C",
    "\u007F",
    "a",
    "Z",
    "the",
    "bread",
    "baker",
    "'s",
    "'S",
    "'ll",
    "'LL",
    "'Ve",
    "'re",
    "'",
    "'\u017F",
    "\u2019s",
    "d",
    "l",
    "é",
    "e\u0301",
    "\u0301",
    "\u0323",
    "\u0345",
    "q\u0323\u0307",
    "q\u0307\u0323",
    "Å",
    "\u212B",
    "\u1100\u1161\u11A8",
    "각",
    "ß",
    "漢字",
    "か\u3099",
    "ก็",
    "नि",
    "0",
    "7",
    "2025",
    "12345",
    "٣",
    "½",
    "Ⅻ",
    "²",
    "\uD835\uDFD8",
    "\uD807\uDDE0",
    "🙂",
    "👩‍👩‍👧",
    "🏳️‍🌈",
    "\uD840\uDC00",
    "!",
    "?!",
    "-",
    "...",
    "<",
    "<|",
    "|>",
    "_",
    "\\",
    "\u00AD",
    "\uFFFD",
    "\uE000",
    "http://",
    "\uDB40\uDC61"
  };

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

  /**
   * Letters, digits, marks and white space of all kinds in any order, some of it in long runs; no
   * literal of a special token.
   */
  static String manyKinds(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(25); i >= 0; i--) {
      int repeated = random.nextInt(12) == 0 ? random.nextInt(70) : 1;
      String part =
          random.nextInt(5) == 0
              ? Character.toString(anyCharacter(random))
              : ODD_PARTS[random.nextInt(ODD_PARTS.length)];
      text.append(part.repeat(repeated));
    }
    return text.toString();
  }

  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> escaped.append(c > ' ' && c < 0x7F ? Character.toString(c) : "{%X}".formatted(c)));
    return escaped.toString();
  }

  private static int anyCharacter(SplittableRandom random) {
    int character = random.nextInt(Character.MAX_CODE_POINT + 1);
    boolean isSurrogate =
        character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    return isSurrogate ? 'x' : character;
  }
}
