package org.onset.corpus.intervene;

import java.util.SplittableRandom;

/** Words, sentences and paragraphs, and what stands between them in the wild. */
final class RandomProse {
  private static final String[] PIECES = {
    "word",
    "été",
    "😀",
    "你好。",
    "Mr.",
    "e.g.",
    "A.",
    "3.5",
    "end.",
    "Why?",
    "so!\"",
    "(yes.)",
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n\r\n",
    "\n \n",
    "\t",
    "\u00a0",
    "[Reflection: ",
    "]",
    "…",
  };

  private RandomProse() {}

  /** Perhaps of nothing but white space, up to 400 pieces long. */
  static String of(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    int count = random.nextInt(400);
    for (int i = 0; i < count; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
      if (random.nextInt(3) == 0) {
        text.append(' ');
      }
    }
    return text.toString();
  }
}
