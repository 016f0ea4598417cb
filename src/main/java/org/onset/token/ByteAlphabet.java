package org.onset.token;

/**
 * GPT-2's way to write any byte as a visible character, so that a vocabulary of byte strings is
 * plain text: printable Latin-1 stands for itself, the other 68 bytes take the characters from
 * U+0100 on.
 */
final class ByteAlphabet {
  /** The character of each byte. */
  private static final char[] CHARACTERS = new char[256];

  /** The bytes in the order of their characters, which is the order of their ids in GPT-2. */
  private static final int[] RANKS = new int[256];

  static {
    int rank = 0;
    char substitute = 0x100;
    for (int value = 0; value < 256; value++) {
      if (isPrintable(value)) {
        CHARACTERS[value] = (char) value;
        RANKS[value] = rank++;
      }
    }
    for (int value = 0; value < 256; value++) {
      if (!isPrintable(value)) {
        CHARACTERS[value] = substitute++;
        RANKS[value] = rank++;
      }
    }
  }

  private ByteAlphabet() {}

  private static boolean isPrintable(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
  }

  /** The characters of all 256 bytes, by rank. */
  static String[] characters() {
    String[] characters = new String[256];
    for (int value = 0; value < 256; value++) {
      characters[RANKS[value]] = String.valueOf(CHARACTERS[value]);
    }
    return characters;
  }

  /** The character of a byte. */
  static String character(byte value) {
    return String.valueOf(CHARACTERS[Byte.toUnsignedInt(value)]);
  }

  /** Those of the bytes {@code bytes[from … to)}. */
  static String characters(byte[] bytes, int from, int to) {
    char[] characters = new char[to - from];
    for (int i = from; i < to; i++) {
      characters[i - from] = CHARACTERS[Byte.toUnsignedInt(bytes[i])];
    }
    return new String(characters);
  }

  /** The rank of a byte. */
  static int rank(byte value) {
    return RANKS[Byte.toUnsignedInt(value)];
  }
}
