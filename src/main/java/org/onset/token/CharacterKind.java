package org.onset.token;

/**
 * What the expressions of tokenizers tell characters apart by, over UTF-8 bytes that are well
 * formed. The kinds are bits, so that a run may be of several.
 */
final class CharacterKind {
  /** {@code \p{L}}. */
  static final int LETTER = 1;

  /** {@code \p{N}}. */
  static final int NUMBER = 2;

  /** {@code \s}: Unicode's White_Space. */
  static final int SPACE = 4;

  /** Any other. */
  static final int OTHER = 8;

  /**
   * Numbers of Unicode 17, which the native library's {@code Digits} knows and its expressions, as
   * Java 25, don't.
   */
  static final int LATE_NUMBER = 16;

  private static final byte[] KINDS = new byte[Character.MAX_CODE_POINT + 1];

  static {
    for (int character = 0; character < KINDS.length; character++) {
      KINDS[character] = (byte) kindOf(character);
    }
  }

  private CharacterKind() {}

  private static int kindOf(int character) {
    return switch (Character.getType(character)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      default -> {
        if ((character >= '\t' && character <= '\r') || character == 0x85) {
          yield SPACE;
        }
        boolean late =
            (character >= 0x11DE0 && character <= 0x11DE9)
                || (character >= 0x16FF4 && character <= 0x16FF6);
        yield late ? LATE_NUMBER : OTHER;
      }
    };
  }

  /** The kind of the character that begins at {@code at}. */
  static int at(byte[] text, int at) {
    int first = text[at];
    return KINDS[first >= 0 ? first : codePoint(text, at)];
  }

  /** Where the characters of {@code kinds} end that begin at {@code from}. */
  static int runEnd(byte[] text, int from, int end, int kinds) {
    int at = from;
    while (at < end && (at(text, at) & kinds) != 0) {
      at = next(text, at);
    }
    return at;
  }

  /** Where the character ends that begins at {@code at}. */
  static int next(byte[] text, int at) {
    int first = text[at];
    if (first >= 0) {
      return at + 1;
    }
    int lead = first & 0xFF;
    return at + (lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4);
  }

  /** Where the character begins that ends at {@code end}. */
  static int previous(byte[] text, int end) {
    int at = end - 1;
    while ((text[at] & 0xC0) == 0x80) {
      at--;
    }
    return at;
  }

  private static int codePoint(byte[] text, int at) {
    int lead = text[at] & 0xFF;
    int second = text[at + 1] & 0x3F;
    if (lead < 0xE0) {
      return (lead & 0x1F) << 6 | second;
    }
    int third = text[at + 2] & 0x3F;
    if (lead < 0xF0) {
      return (lead & 0x0F) << 12 | second << 6 | third;
    }
    return (lead & 0x07) << 18 | second << 12 | third << 6 | (text[at + 3] & 0x3F);
  }
}
