package org.onset.corpus.clean;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;

/** What a single code point is to a word, and what it is folded to. */
final class Letters {
  enum Kind {
    /** Letters and numbers of scripts that write spaces: a run of them is a word. */
    LETTER,
    /** Letters and numbers of scripts without spaces: each begins a word. */
    ALONE,
    /** Marks that tell words apart (vowel signs): part of the word before them. */
    MARK,
    /** Diacritics and format characters: part of the word before them, and folded to nothing. */
    UNSEEN,
    SPACE,
    /** All else, punctuation above all. */
    SYMBOL
  }

  private static final int ASCII = 0x80;
  private static final int PLANE = 0x10000;
  private static final int VOICED = 0x3099;
  private static final int HALF_VOICED = 0x309a;
  private static final int LONG_VOWEL = 0x30fc;

  private static final Kind[] KINDS = new Kind[PLANE];

  /** What a code point is folded to where that is one character, else 0. */
  private static final char[] SINGLE = new char[PLANE];

  /** What it is folded to where that is none or several. */
  private static final String[] FOLDED = new String[PLANE];

  static {
    for (int codePoint = 0; codePoint < PLANE; codePoint++) {
      String folded = computeFolded(codePoint);
      KINDS[codePoint] = computeKind(codePoint, folded);
      boolean single = folded.length() == 1;
      SINGLE[codePoint] = single ? folded.charAt(0) : 0;
      FOLDED[codePoint] = single ? "" : folded;
    }
  }

  private Letters() {}

  /** Whether a character is one that most words of most texts are made of. */
  static boolean isAsciiWord(char character) {
    return character < ASCII && SINGLE[character] != 0;
  }

  static char asciiFolded(char character) {
    return SINGLE[character];
  }

  static Kind kind(int codePoint) {
    return codePoint < PLANE ? KINDS[codePoint] : computeKind(codePoint, computeFolded(codePoint));
  }

  /** The hash of characters with what {@code codePoint} is folded to appended. */
  static long append(long hash, int codePoint) {
    if (codePoint < PLANE && SINGLE[codePoint] != 0) {
      return Hashing.append(hash, SINGLE[codePoint]);
    }
    String folded = folded(codePoint);
    long appended = hash;
    for (int i = 0; i < folded.length(); i++) {
      appended = Hashing.append(appended, folded.charAt(i));
    }
    return appended;
  }

  /** What {@code codePoint} is folded to; nothing unless it is a letter, number or mark. */
  static String folded(int codePoint) {
    if (codePoint >= PLANE) {
      return computeFolded(codePoint);
    }
    return SINGLE[codePoint] == 0 ? FOLDED[codePoint] : String.valueOf(SINGLE[codePoint]);
  }

  private static Kind computeKind(int codePoint, String folded) {
    if (Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
      return Kind.SPACE;
    }
    if (Character.getType(codePoint) == Character.FORMAT) {
      return Kind.UNSEEN;
    }
    if (!isWord(codePoint)) {
      return Kind.SYMBOL;
    }
    if (folded.isEmpty()) {
      return Kind.UNSEEN;
    }
    int first = folded.codePointAt(0);
    if (isMark(first)) {
      return Kind.MARK;
    }
    return isAlone(first) ? Kind.ALONE : Kind.LETTER;
  }

  private static String computeFolded(int codePoint) {
    if (!isWord(codePoint)) {
      return "";
    }
    String decomposed = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD);
    StringBuilder seen = new StringBuilder();
    decomposed
        .codePoints()
        .filter(part -> isWord(part) && !isDiacritic(part))
        .forEach(seen::appendCodePoint);
    // Upper case first: ß and ſ become ss and s, and the three sigmas one.
    return seen.toString()
        .toUpperCase(Locale.ROOT)
        .codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isWord(int codePoint) {
    return Character.isLetter(codePoint)
        || isMark(codePoint)
        || switch (Character.getType(codePoint)) {
          case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
              true;
          default -> false;
        };
  }

  private static boolean isMark(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /** Marks of no script of their own, and the vowel points of scripts that do without. */
  private static boolean isDiacritic(int codePoint) {
    if (!isMark(codePoint) || codePoint == VOICED || codePoint == HALF_VOICED) {
      return false;
    }
    UnicodeScript script = UnicodeScript.of(codePoint);
    return script == UnicodeScript.INHERITED
        || script == UnicodeScript.ARABIC
        || script == UnicodeScript.HEBREW;
  }

  private static boolean isAlone(int codePoint) {
    return codePoint == LONG_VOWEL
        || switch (UnicodeScript.of(codePoint)) {
          case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
          default -> false;
        };
  }
}
