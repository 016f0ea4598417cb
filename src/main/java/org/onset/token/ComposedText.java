package org.onset.token;

import java.text.Normalizer;
import java.util.Optional;

/**
 * Composes characters (Unicode's NFC) where Java and the native library, whose Unicode is older,
 * are known to agree. Composition never changes for characters of an old Unicode; they differ in
 * the marks and compounds that came since.
 */
final class ComposedText {
  /** Below it nothing composes, nor moves. */
  private static final int FIRST_MARK = 0x300;

  /** The first and last of each stretch that the two treat differently. */
  private static final int[] DIFFERENT = {
    0x07FD,
    0x07FD,
    0x0897,
    0x089F,
    0x08CA,
    0x08D3,
    0x09FE,
    0x09FE,
    0x0C3C,
    0x0C3C,
    0x0D3B,
    0x0D3C,
    0x0EBA,
    0x0EBA,
    0x1715,
    0x1715,
    0x1ABF,
    0x1ACE,
    0x1DF6,
    0x1DFA,
    0xA82C,
    0xA82C,
    // Scripts beyond the first plane, of which many are new.
    0x10000,
    0x1EFFF
  };

  private ComposedText() {}

  /** Empty where a character stands in {@code text} that the library may treat otherwise. */
  static Optional<String> of(String text) {
    int plain = 0;
    while (plain < text.length() && text.charAt(plain) < FIRST_MARK) {
      plain++;
    }
    if (plain == text.length()) {
      return Optional.of(text);
    }
    return text.codePoints().skip(plain).anyMatch(ComposedText::isUncertain)
        ? Optional.empty()
        : Optional.of(Normalizer.normalize(text, Normalizer.Form.NFC));
  }

  private static boolean isUncertain(int character) {
    for (int i = 0; i < DIFFERENT.length && character >= DIFFERENT[i]; i += 2) {
      if (character <= DIFFERENT[i + 1]) {
        return true;
      }
    }
    return false;
  }
}
