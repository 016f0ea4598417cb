package org.onset.corpus.clean;

import org.onset.corpus.clean.Letters.Kind;

/** Goes through the {@link Words} of a text, and keeps none. */
abstract class WordScan {
  /**
   * One word.
   *
   * @param hash of its folded characters; {@link Hashing#mix} would end it
   * @param start where it begins, in UTF-16 units
   * @param end where it has ended
   */
  abstract void word(long hash, int start, int end);

  final void read(String text) {
    char[] characters = text.toCharArray();
    int start = -1;
    boolean alone = false;
    long hash = 0;
    int next;
    for (int i = 0; i < characters.length; i = next) {
      int codePoint = characters[i];
      next = i + 1;
      if (Character.isHighSurrogate(characters[i])) {
        codePoint = Character.codePointAt(characters, i);
        next = i + Character.charCount(codePoint);
      }
      Kind kind = Letters.kind(codePoint);
      boolean begins = kind == Kind.ALONE || (kind == Kind.LETTER && (start < 0 || alone));
      boolean ends = begins || kind == Kind.SPACE || kind == Kind.SYMBOL;
      if (ends && start >= 0) {
        word(hash, start, i);
        start = -1;
      }
      if (begins) {
        start = i;
        alone = kind == Kind.ALONE;
        hash = Hashing.START;
      }
      if (start >= 0 && kind != Kind.UNSEEN) {
        hash = Letters.append(hash, codePoint);
      }
      if (kind == Kind.LETTER) {
        for (; next < characters.length && Letters.isAsciiWord(characters[next]); next++) {
          hash = Hashing.append(hash, Letters.asciiFolded(characters[next]));
        }
      }
    }
    if (start >= 0) {
      word(hash, start, characters.length);
    }
  }
}
