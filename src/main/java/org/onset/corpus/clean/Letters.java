package org.onset.corpus.clean;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
  private static final int PAGE_BITS = 8;
  private static final int PAGE_SIZE = 1 << PAGE_BITS;
  private static final int PLACE_MASK = PAGE_SIZE - 1;
  private static final int VOICED = 0x3099;
  private static final int HALF_VOICED = 0x309a;
  private static final int LONG_VOWEL = 0x30fc;

  /** Made when first asked for, for few texts use more than a dozen; to make all takes a while. */
  private static final @Nullable Page[] PAGES =
      new Page[(Character.MAX_CODE_POINT >>> PAGE_BITS) + 1];

  private static final char[] ASCII_FOLDED = page(0).single;

  private Letters() {}

  /** What there is to know of 256 code points. */
  private static final class Page {
    final Kind[] kinds = new Kind[PAGE_SIZE];

    /** What each is folded to where that is one character, else 0. */
    final char[] single = new char[PAGE_SIZE];

    /** What it is folded to where that is none or several. */
    final String[] folded = new String[PAGE_SIZE];

    Page(int first) {
      for (int i = 0; i < PAGE_SIZE; i++) {
        String result = computeFolded(first + i);
        boolean one = result.length() == 1;
        kinds[i] = computeKind(first + i, result);
        single[i] = one ? result.charAt(0) : 0;
        folded[i] = one ? "" : result;
      }
    }
  }

  /** Whether a character is one that most words of most texts are made of. */
  static boolean isAsciiWord(char character) {
    return character < ASCII && ASCII_FOLDED[character] != 0;
  }

  static char asciiFolded(char character) {
    return ASCII_FOLDED[character];
  }

  static Kind kind(int codePoint) {
    return page(codePoint).kinds[codePoint & PLACE_MASK];
  }

  /** The hash of characters with what {@code codePoint} is folded to appended. */
  static long append(long hash, int codePoint) {
    Page page = page(codePoint);
    int place = codePoint & PLACE_MASK;
    if (page.single[place] != 0) {
      return Hashing.append(hash, page.single[place]);
    }
    long appended = hash;
    for (int i = 0; i < page.folded[place].length(); i++) {
      appended = Hashing.append(appended, page.folded[place].charAt(i));
    }
    return appended;
  }

  /** What {@code codePoint} is folded to; nothing unless it is a letter, number or mark. */
  static String folded(int codePoint) {
    Page page = page(codePoint);
    char single = page.single[codePoint & PLACE_MASK];
    return single == 0 ? page.folded[codePoint & PLACE_MASK] : String.valueOf(single);
  }

  private static Page page(int codePoint) {
    Page known = PAGES[codePoint >>> PAGE_BITS];
    if (known != null) {
      return known;
    }
    // Threads may make the same page at once: they come to the same, and finals are seen whole.
    Page made = new Page(codePoint & ~PLACE_MASK);
    PAGES[codePoint >>> PAGE_BITS] = made;
    return made;
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
