package org.onset.corpus.clean;

import java.util.List;
import java.util.SplittableRandom;

/** Texts that repeat themselves, in several scripts, with all that makes reading texts hard. */
final class RandomTexts {
  private static final List<String> WORDS =
      List.of(
          "a",
          "the",
          "The",
          "cat",
          "CAT",
          "naïve",
          "nai\u0308ve",
          "straße",
          "STRASSE",
          "don't",
          "3.14",
          "x²",
          "ﬁne",
          "di\u00advision",
          "Ωμέγα",
          "ΣΟΦΟΣ",
          "σοφός",
          "ёж",
          "क्षि",
          "शिक्षा",
          "שָׁלוֹם",
          "שלום",
          "مُحَمَّد",
          "한국어",
          "\u1112\u1161\u11ab",
          "漢字かな",
          "コーヒー",
          "ｶﾞ",
          "か\u3099",
          "ที่นี่",
          "ខ្មែរ",
          "𝐁old",
          "😀",
          "❤\ufe0f",
          "\ud800",
          "\udc00x",
          "½",
          "™",
          "e\u0301");
  private static final List<String> BETWEEN =
      List.of(
          " ", " ", " ", " ", " ", "  ", "\u00a0", "\n", "\n", "\n\n", "\r\n", "\r", "\n \n", "\t",
          ", ", ". ", "...", "--", "-", "", "\u200b", "\u0301 ", "\u2028");

  private RandomTexts() {}

  static String of(SplittableRandom random) {
    int kinds = 1 + random.nextInt(WORDS.size());
    int first = random.nextInt(WORDS.size());
    int separators = 1 + random.nextInt(BETWEEN.size());
    StringBuilder text = new StringBuilder();
    for (int words = random.nextInt(60); words > 0; words--) {
      text.append(WORDS.get((first + random.nextInt(kinds)) % WORDS.size()));
      text.append(BETWEEN.get(random.nextInt(separators)));
    }
    return text.toString();
  }
}
