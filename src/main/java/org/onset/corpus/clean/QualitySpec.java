package org.onset.corpus.clean;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;

/** How long a text must be, and how much of it may repeat. */
public record QualitySpec(Lengths lengths, Repetition repetition) implements Checked, Serializable {

  /** The published limits of repetition, and any length. */
  public static QualitySpec standard() {
    return new QualitySpec(new Lengths(null, null, null, null), Repetition.published());
  }

  @Override
  public void check(Problems problems) {
    lengths.check(problems.in("lengths"));
    repetition.check(problems.in("repetition"));
  }

  /**
   * The lengths a text may have, both ends included; what isn't given sets no limit. Rae et al.
   * (2021) have 50 to 100,000 words.
   *
   * @param minWords words as in {@link Words}
   * @param minCharacters characters are Unicode code points, white space too
   */
  public record Lengths(
      @Nullable Integer minWords,
      @Nullable Integer maxWords,
      @Nullable Integer minCharacters,
      @Nullable Integer maxCharacters)
      implements Checked, Serializable {

    @Override
    public void check(Problems problems) {
      check(problems, "Words", minWords, maxWords);
      check(problems, "Characters", minCharacters, maxCharacters);
    }

    private static void check(
        Problems problems, String unit, @Nullable Integer min, @Nullable Integer max) {
      if (min != null) {
        problems.require(min >= 0, "min" + unit, "must not be negative, was %d", min);
      }
      if (max != null) {
        problems.require(max > 0, "max" + unit, "must be above 0, was %d", max);
      }
      if (min != null && max != null) {
        problems.require(
            max >= min, "max" + unit, "must be at least min%s (%d), was %d", unit, min, max);
      }
    }

    boolean tooShort(int words, int characters) {
      return (minWords != null && words < minWords)
          || (minCharacters != null && characters < minCharacters);
    }

    boolean tooLong(int words, int characters) {
      return (maxWords != null && words > maxWords)
          || (maxCharacters != null && characters > maxCharacters);
    }
  }

  /**
   * The most of a text that may repeat: shares from 0 to 1, of which a text is dropped for
   * exceeding one. No share exceeds 1, so a limit of 1 switches a filter off. The filters are those
   * of Rae et al. (2021), table A1.
   *
   * <p>Shares of characters are of all the text's code points. A line ends with LF, CR LF or CR;
   * lines of white space alone aren't counted and end paragraphs. Lines and paragraphs are equal
   * when all their characters are.
   *
   * <p>Grams are runs of pieces. A piece is a word as {@link Words} cuts them, but as it stands,
   * unfolded, or a run of one and the same other character ({@code ...}), and white space only
   * separates pieces.
   *
   * <p>Hugging Face's datatrove 0.10 measures the same but for this: its pieces are spaCy's tokens;
   * a top n-gram may occur once, so that it drops most texts of under ten words; occurrences that
   * overlap all count, and so do spaces that a gram doesn't have; a line may be empty where the
   * text begins or ends with LF; CR is part of the line, so that a text with CR LF has no
   * paragraphs, and repeats each blank line.
   *
   * @param lines share of lines that repeat an earlier one
   * @param lineCharacters share of the characters in those, line ends not counted
   * @param paragraphs share of paragraphs that repeat an earlier one
   * @param paragraphCharacters share of the characters in those, the ends of their inner lines
   *     counting one each
   * @param topGrams n → share of characters in the n-gram that occurs most often, of several the
   *     one that comes first; white space within counts one, occurrences that overlap an earlier
   *     one aren't counted, and one that occurs once doesn't repeat
   * @param repeatedGrams n → share of characters in n-grams that repeat an earlier one, read from
   *     the start: where a gram has been met, its pieces are counted, without white space, and
   *     skipped; where not, one piece is
   */
  public record Repetition(
      double lines,
      double lineCharacters,
      double paragraphs,
      double paragraphCharacters,
      SortedMap<Integer, Double> topGrams,
      SortedMap<Integer, Double> repeatedGrams)
      implements Checked, Serializable {

    static final double OFF = 1;
    private static final int LONGEST_GRAM = 30;

    public Repetition {
      topGrams = Collections.unmodifiableSortedMap(new TreeMap<>(topGrams));
      repeatedGrams = Collections.unmodifiableSortedMap(new TreeMap<>(repeatedGrams));
    }

    /** Table A1 of Rae et al. (2021). */
    public static Repetition published() {
      return new Repetition(
          0.30,
          0.20,
          0.30,
          0.20,
          new TreeMap<>(Map.of(2, 0.20, 3, 0.18, 4, 0.16)),
          new TreeMap<>(Map.of(5, 0.15, 6, 0.14, 7, 0.13, 8, 0.12, 9, 0.11, 10, 0.10)));
    }

    /** Nothing is too repetitive. */
    public static Repetition off() {
      return new Repetition(OFF, OFF, OFF, OFF, new TreeMap<>(), new TreeMap<>());
    }

    @Override
    public void check(Problems problems) {
      problems.within("lines", lines, 0, 1);
      problems.within("lineCharacters", lineCharacters, 0, 1);
      problems.within("paragraphs", paragraphs, 0, 1);
      problems.within("paragraphCharacters", paragraphCharacters, 0, 1);
      check(problems.in("topGrams"), topGrams);
      check(problems.in("repeatedGrams"), repeatedGrams);
    }

    private static void check(Problems problems, SortedMap<Integer, Double> limits) {
      limits.forEach(
          (length, limit) -> {
            problems.require(
                length >= 1 && length <= LONGEST_GRAM,
                String.valueOf(length),
                "grams have 1 to %d words",
                LONGEST_GRAM);
            problems.within(String.valueOf(length), limit, 0, 1);
          });
    }
  }
}
