package org.onset.corpus;

import java.util.SplittableRandom;

/**
 * Puts the harmfulness tag into a text, and takes it out.
 *
 * <p>A tag stands directly behind the word before it, and so before the white space that leads to
 * the word it announces: in byte-level tokenizers that space belongs to the word that follows. The
 * tokens of a tagged text are then those of the text itself with the tag's between them, and the
 * tag is what may follow a word, not a lone space. Words are runs of anything but white space, so a
 * language written without spaces gets few tags.
 */
public final class Tagger {
  private static final boolean[] LATIN_SPACE = new boolean[1 << 8];
  private static final char FIRST_OTHER_SPACE = '\u1680';

  static {
    for (char character = 0; character < LATIN_SPACE.length; character++) {
      LATIN_SPACE[character] = isSpaceByType(character);
    }
  }

  private Tagger() {}

  /** A text without the tag's literal, and how many of them were there. */
  public record Untagged(String text, int removed) {}

  /**
   * Puts the tag before each word but the first with the given probability. Literal tags in the
   * text are removed first, so that {@link #untag} gives the text back.
   */
  public static String tag(String text, String tag, double probability, SplittableRandom random) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "a tag's probability lies within 0 and 1, was " + probability);
    }
    String clean = untag(text, tag).text();
    StringBuilder tagged = new StringBuilder(clean.length() + 64);
    int position = endOfWord(clean, startOfWord(clean, 0));
    tagged.append(clean, 0, position);
    while (position < clean.length()) {
      int start = startOfWord(clean, position);
      int end = endOfWord(clean, start);
      if (start < clean.length() && random.nextDouble() < probability) {
        tagged.append(tag);
      }
      tagged.append(clean, position, end);
      position = end;
    }
    return tagged.toString();
  }

  /**
   * Removes every literal tag, those that only appear when another is removed included. A tag with
   * white space on both sides takes one of them along.
   */
  public static Untagged untag(String text, String tag) {
    if (tag.isBlank()) {
      throw new IllegalArgumentException("a tag must not be blank");
    }
    if (!text.contains(tag)) {
      return new Untagged(text, 0);
    }
    StringBuilder kept = new StringBuilder(text.length());
    int removed = 0;
    for (int i = 0; i < text.length(); i++) {
      kept.append(text.charAt(i));
      if (endsWith(kept, tag)) {
        kept.setLength(kept.length() - tag.length());
        removed++;
        boolean before = kept.isEmpty() || isSpace(kept.charAt(kept.length() - 1));
        boolean after = i + 1 == text.length() || isSpace(text.charAt(i + 1));
        if (before && after) {
          if (kept.isEmpty()) {
            i++;
          } else {
            kept.setLength(kept.length() - 1);
          }
        }
      }
    }
    return new Untagged(kept.toString(), removed);
  }

  private static boolean endsWith(StringBuilder text, String end) {
    int start = text.length() - end.length();
    if (start < 0) {
      return false;
    }
    for (int i = end.length() - 1; i >= 0; i--) {
      if (text.charAt(start + i) != end.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int startOfWord(String text, int from) {
    int position = from;
    while (position < text.length() && isSpace(text.charAt(position))) {
      position++;
    }
    return position;
  }

  private static int endOfWord(String text, int from) {
    int position = from;
    while (position < text.length() && !isSpace(text.charAt(position))) {
      position++;
    }
    return position;
  }

  /**
   * What separates words. All white space lies in the basic plane, so characters serve as well as
   * code points.
   */
  public static boolean isSpace(char character) {
    return character < LATIN_SPACE.length
        ? LATIN_SPACE[character]
        : character >= FIRST_OTHER_SPACE && isSpaceByType(character);
  }

  private static boolean isSpaceByType(char character) {
    return Character.isWhitespace(character) || Character.isSpaceChar(character);
  }
}
