package org.onset.corpus.clean;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import org.onset.corpus.clean.QualitySpec.Repetition;

/**
 * Drops texts that are too short, too long, or repeat themselves; {@link QualitySpec} says when.
 */
public final class QualityFilter implements Serializable {
  public static final String TOO_SHORT = "too short";
  public static final String TOO_LONG = "too long";
  public static final String REPEATED_PARAGRAPHS = "repeated paragraphs";
  public static final String REPEATED_PARAGRAPH_CHARACTERS = "characters in repeated paragraphs";
  public static final String REPEATED_LINES = "repeated lines";
  public static final String REPEATED_LINE_CHARACTERS = "characters in repeated lines";

  private final QualitySpec spec;

  public QualityFilter(QualitySpec spec) {
    this.spec = spec;
  }

  /** Why a text is dropped whose most frequent n-gram is too much of it. */
  public static String topGram(int n) {
    return "top " + n + "-gram";
  }

  /** Why a text is dropped that repeats too many n-grams. */
  public static String repeatedGrams(int n) {
    return "repeated " + n + "-grams";
  }

  /** Drops a text for the first filter that it fails: lengths, paragraphs, lines, grams. */
  public Verdict judge(String text) {
    Pieces pieces = Pieces.of(text);
    int characters = text.codePointCount(0, text.length());
    if (spec.lengths().tooShort(pieces.words(), characters)) {
      return new Verdict.Drop(TOO_SHORT);
    }
    if (spec.lengths().tooLong(pieces.words(), characters)) {
      return new Verdict.Drop(TOO_LONG);
    }
    return repetitionIn(text, pieces, characters)
        .<Verdict>map(Verdict.Drop::new)
        .orElseGet(Verdict.Keep::new);
  }

  private Optional<String> repetitionIn(String text, Pieces pieces, int characters) {
    Repetition limits = spec.repetition();
    Layout layout = Layout.of(text);
    Repeats paragraphs = layout.paragraphs();
    Repeats lines = layout.lines();
    if (paragraphs.share() > limits.paragraphs()) {
      return Optional.of(REPEATED_PARAGRAPHS);
    }
    if (share(paragraphs.characters(), characters) > limits.paragraphCharacters()) {
      return Optional.of(REPEATED_PARAGRAPH_CHARACTERS);
    }
    if (lines.share() > limits.lines()) {
      return Optional.of(REPEATED_LINES);
    }
    if (share(lines.characters(), characters) > limits.lineCharacters()) {
      return Optional.of(REPEATED_LINE_CHARACTERS);
    }
    GramRepeats grams = new GramRepeats(pieces);
    for (Map.Entry<Integer, Double> limit : limits.topGrams().entrySet()) {
      int n = limit.getKey();
      if (limit.getValue() < Repetition.OFF
          && share(grams.charactersInTop(n), characters) > limit.getValue()) {
        return Optional.of(topGram(n));
      }
    }
    for (Map.Entry<Integer, Double> limit : limits.repeatedGrams().entrySet()) {
      int n = limit.getKey();
      if (limit.getValue() < Repetition.OFF
          && share(grams.charactersInRepeated(n), characters) > limit.getValue()) {
        return Optional.of(repeatedGrams(n));
      }
    }
    return Optional.empty();
  }

  /** Of a text without characters, nothing repeats. */
  private static double share(int part, int characters) {
    return part == 0 ? 0 : (double) part / characters;
  }
}
