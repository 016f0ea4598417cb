package org.onset.token;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes what is said in characters of Unicode's private use area, so that it is told from a
 * template's own text wherever the template puts it, and however often.
 */
final class PrivateAlphabet {
  private static final char FIRST = '\uE000';
  private static final char LAST = '\uF8FF';

  /** More different characters are said than there are private ones. */
  static final class Exhausted extends Exception {}

  private record Original(char character, boolean answer) {}

  private final String reserved;
  private final Map<Original, Character> known = new HashMap<>();
  private final Map<Character, Original> originals = new HashMap<>();
  private char next = FIRST;

  /** {@code reserved} is text whose characters are not to be used, such as the template's. */
  PrivateAlphabet(String reserved) {
    this.reserved = reserved;
  }

  /** The message with those characters of its content that stand at {@code places} made private. */
  Message write(Message message, BitSet places) throws Exhausted {
    boolean answer = message.role() == Message.Role.ASSISTANT;
    StringBuilder text = new StringBuilder(message.content());
    for (int i = places.nextSetBit(0); i >= 0; i = places.nextSetBit(i + 1)) {
      text.setCharAt(i, own(new Original(text.charAt(i), answer)));
    }
    return new Message(message.role(), text.toString());
  }

  private char own(Original original) throws Exhausted {
    Character before = known.get(original);
    if (before != null) {
      return before;
    }
    while (next <= LAST && reserved.indexOf(next) >= 0) {
      next++;
    }
    if (next > LAST) {
      throw new Exhausted();
    }
    known.put(original, next);
    originals.put(next, original);
    return next++;
  }

  /** A rendered text, with what was said in its own characters again, and where those stand. */
  Rendered read(String rendered) {
    BitSet said = new BitSet();
    BitSet answered = new BitSet();
    StringBuilder text = new StringBuilder(rendered);
    for (int i = 0; i < text.length(); i++) {
      Original original = originals.get(text.charAt(i));
      if (original != null) {
        said.set(i);
        answered.set(i, original.answer);
        text.setCharAt(i, original.character);
      }
    }
    return new Rendered(text.toString(), said, answered);
  }
}
