package org.onset.report;

/** A stranger's text, made harmless to look at. */
final class ShownText {
  private static final int CONTROL_PICTURES = 0x2400;
  private static final int DELETE = 0x7F;
  private static final int DELETE_PICTURE = 0x2421;
  private static final String BIDI_CONTROLS =
      "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

  private ShownText() {}

  /**
   * Control characters become the symbols that stand for them, and those that turn the direction of
   * writing, by which a text can look like another, become replacement characters. Ends of lines
   * and tabs stay.
   */
  static String of(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.replace("\r\n", "\n").codePoints().map(ShownText::shown).forEach(shown::appendCodePoint);
    return shown.toString();
  }

  private static int shown(int character) {
    if (character == '\n' || character == '\t') return character;
    if (character < ' ') return CONTROL_PICTURES + character;
    if (character == DELETE) return DELETE_PICTURE;
    return BIDI_CONTROLS.indexOf(character) >= 0 ? 0xFFFD : character;
  }
}
