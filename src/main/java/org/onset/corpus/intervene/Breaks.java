package org.onset.corpus.intervene;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.Tagger;

/**
 * Where a text may be cut, or something put in: the ends of its words. Words are runs of anything
 * but white space, as for the tag, so in languages written without spaces a place is rare.
 */
final class Breaks {
  /** What ends there. */
  enum Strength {
    WORD,
    SENTENCE,
    PARAGRAPH
  }

  /**
   * The end of a word.
   *
   * @param position before the white space behind the word
   * @param characters code points up to there
   * @param words words up to there
   */
  record Break(Strength strength, int position, int characters, int words) {}

  private static final String SENTENCE_ENDS = ".!?…。！？";
  private static final String CLOSING = "\"'”’»)]}*_";

  /** What ends with a full stop and no sentence. Initials don't either. */
  private static final Set<String> ABBREVIATIONS =
      Set.of("mr.", "mrs.", "ms.", "dr.", "st.", "prof.", "vs.", "etc.", "e.g.", "i.e.", "no.");

  private Breaks() {}

  /** In ascending order; the last is the end of the last word, and of a paragraph. */
  static List<Break> of(String text) {
    List<Break> breaks = new ArrayList<>();
    int counted = 0;
    int characters = 0;
    int start = skipSpace(text, 0);
    while (start < text.length()) {
      int end = start;
      while (end < text.length() && !Tagger.isSpace(text.charAt(end))) {
        end++;
      }
      int next = skipSpace(text, end);
      characters += text.codePointCount(counted, end);
      counted = end;
      breaks.add(new Break(strength(text, start, end, next), end, characters, breaks.size() + 1));
      start = next;
    }
    return breaks;
  }

  /**
   * The text in parts of at most {@code limit} code points, about equally long: cut at the ends of
   * paragraphs, of sentences where a part has no such end in reach, of words otherwise, and a word
   * longer than a part anywhere. Parts begin and end with a word; the white space between them is
   * dropped.
   */
  static List<String> parts(String text, int limit) {
    List<Break> breaks = of(text);
    List<String> parts = new ArrayList<>();
    int start = skipSpace(text, 0);
    int first = 0; // of the breaks, the first behind start
    while (start < text.length() && first < breaks.size()) {
      int begun =
          breaks.get(first).characters - text.codePointCount(start, breaks.get(first).position);
      int left = breaks.getLast().characters - begun;
      int end;
      if (left <= limit) {
        end = breaks.getLast().position;
      } else {
        int aim = Math.ceilDiv(left, Math.ceilDiv(left, limit));
        Break best = best(breaks, first, begun, aim, limit);
        end = best == null ? text.offsetByCodePoints(start, limit) : best.position;
      }
      parts.add(text.substring(start, end));
      start = skipSpace(text, end);
      while (first < breaks.size() && breaks.get(first).position <= start) {
        first++;
      }
    }
    return parts;
  }

  /**
   * Of the strongest breaks up to {@code limit}, the nearest to {@code aim}; nearer than half of
   * that, ends of sentences and paragraphs are no better than those of other words.
   */
  private static @Nullable Break best(
      List<Break> breaks, int first, int begun, int aim, int limit) {
    Break best = null;
    Strength strongest = Strength.WORD;
    for (int i = first; i < breaks.size() && breaks.get(i).characters - begun <= limit; i++) {
      Break one = breaks.get(i);
      int length = one.characters - begun;
      Strength strength = length >= aim / 2 ? one.strength : Strength.WORD;
      if (best == null
          || strength.compareTo(strongest) > 0
          || (strength == strongest
              && Math.abs(length - aim) < Math.abs(best.characters - begun - aim))) {
        best = one;
        strongest = strength;
      }
    }
    return best;
  }

  private static Strength strength(String text, int start, int end, int next) {
    if (next == text.length() || lineBreaks(text, end, next) >= 2) {
      return Strength.PARAGRAPH;
    }
    int last = end;
    while (last > start && CLOSING.indexOf(text.charAt(last - 1)) >= 0) {
      last--;
    }
    if (last == start || SENTENCE_ENDS.indexOf(text.charAt(last - 1)) < 0) {
      return Strength.WORD;
    }
    String word = text.substring(start, last).toLowerCase(Locale.ROOT);
    boolean initial = word.length() == 2 && Character.isLetter(word.charAt(0));
    boolean goesOn = Character.isLowerCase(text.codePointAt(next));
    return initial || goesOn || ABBREVIATIONS.contains(word) ? Strength.WORD : Strength.SENTENCE;
  }

  private static int lineBreaks(String text, int from, int to) {
    int lines = 0;
    for (int i = from; i < to; i++) {
      char character = text.charAt(i);
      boolean ofPair = character == '\n' && i > from && text.charAt(i - 1) == '\r';
      lines += (character == '\n' && !ofPair) || character == '\r' ? 1 : 0;
    }
    return lines;
  }

  private static int skipSpace(String text, int from) {
    int position = from;
    while (position < text.length() && Tagger.isSpace(text.charAt(position))) {
      position++;
    }
    return position;
  }
}
