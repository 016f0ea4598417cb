package org.onset.corpus.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.corpus.clean.QualitySpec.Lengths;
import org.onset.corpus.clean.QualitySpec.Repetition;
import org.onset.corpus.clean.Verdict.Drop;
import org.onset.corpus.clean.Verdict.Keep;

class QualityFilterTest {
  private static final QualityFilter STANDARD = new QualityFilter(QualitySpec.standard());

  @Test
  void ordinaryProseIsKept() {
    assertThat(
            STANDARD.judge(
                """
                The harbour froze in the first week of January, and nobody alive remembered that.

                Children walked out to the ships; their mothers called them back, then followed.
                By evening half the town stood on the ice and looked at its own windows.
                """))
        .isEqualTo(new Keep());
  }

  @Test
  void lengthsAreInWordsAndInCodePointsBothEndsIncluded() {
    assertThat(judge(new Lengths(3, null, null, null), "one, two")).isEqualTo(drop("too short"));
    assertThat(judge(new Lengths(3, 3, null, null), "one, two, three!")).isEqualTo(new Keep());
    assertThat(judge(new Lengths(null, 2, null, null), "one two x")).isEqualTo(drop("too long"));
    assertThat(judge(new Lengths(null, null, 3, null), "😀a")).isEqualTo(drop("too short"));
    assertThat(judge(new Lengths(null, null, 2, 2), "😀a")).isEqualTo(new Keep());
    assertThat(judge(new Lengths(null, null, null, 1), "😀a")).isEqualTo(drop("too long"));
  }

  @Test
  void repeatedLinesAreCountedWithoutBlankOnes() {
    Repetition third = limits(0.33, 1, 1, 1);

    assertThat(judge(third, "a\r\n\r\nb\r\n \r\nc")).isEqualTo(new Keep());
    assertThat(judge(third, "a\nb\nc\na")).isEqualTo(new Keep()); // 1 of 4
    assertThat(judge(third, "a\n\na\r\nb\n")).isEqualTo(drop("repeated lines")); // 1 of 3
    assertThat(judge(limits(1.0 / 3, 1, 1, 1), "a\na\nb")).isEqualTo(new Keep());
  }

  @Test
  void charactersInRepeatedLinesAreSharesOfTheWholeText() {
    String text = "12345\n12345\n12345678"; // 20 characters

    assertThat(judge(limits(1, 0.25, 1, 1), text)).isEqualTo(new Keep());
    assertThat(judge(limits(1, 0.24, 1, 1), text)).isEqualTo(drop("characters in repeated lines"));
  }

  @Test
  void paragraphsEndAtBlankLines() {
    String text = "one\ntwo\n\none\ntwo\n  \nthree\n"; // 26 characters, 7 of them in a repeat

    assertThat(judge(limits(1, 1, 0.33, 1), text)).isEqualTo(drop("repeated paragraphs"));
    assertThat(judge(limits(1, 1, 0.34, 1), text)).isEqualTo(new Keep());
    assertThat(judge(limits(1, 1, 1, 0.26), text))
        .isEqualTo(drop("characters in repeated paragraphs"));
    assertThat(judge(limits(1, 1, 1, 0.27), text)).isEqualTo(new Keep());
  }

  @Test
  void theMostFrequentGramCountsWithTheSpacesInIt() {
    String text = "to be, or not to  be."; // "to be" twice: 10 of 21 characters

    assertThat(judge(top(2, 0.47), text)).isEqualTo(drop("top 2-gram"));
    assertThat(judge(top(2, 0.48), text)).isEqualTo(new Keep());
  }

  @Test
  void aGramThatOccursOnceIsNoRepetition() {
    assertThat(judge(top(2, 0.2), "Go home.")).isEqualTo(new Keep());
  }

  @Test
  void overlappingOccurrencesCountOnce() {
    String text = "no no no no no no"; // three times "no no", 15 of 17 characters

    assertThat(judge(top(2, 0.88), text)).isEqualTo(drop("top 2-gram"));
    assertThat(judge(top(2, 0.89), text)).isEqualTo(new Keep());
  }

  @Test
  void repeatedGramsCountFromTheirSecondOccurrenceOnAndWithoutSpaces() {
    String text = "a b c d e. A b c d e! a b c d e"; // 31 characters, 5 in the repeat

    assertThat(judge(repeated(5, 0.16), text)).isEqualTo(drop("repeated 5-grams"));
    assertThat(judge(repeated(5, 0.17), text)).isEqualTo(new Keep());
    assertThat(judge(repeated(6, 0), text)).isEqualTo(new Keep());
  }

  @Test
  void whatIsOffDropsNothing() {
    String text = "same line\n\n".repeat(50);

    assertThat(STANDARD.judge(text)).isEqualTo(drop("repeated paragraphs"));
    assertThat(judge(Repetition.off(), text)).isEqualTo(new Keep());
    assertThat(judge(top(2, 1), text)).isEqualTo(new Keep());
  }

  @Test
  void anEmptyTextRepeatsNothing() {
    assertThat(STANDARD.judge("")).isEqualTo(new Keep());
    assertThat(STANDARD.judge("\n\n \n")).isEqualTo(new Keep());
  }

  @Test
  void degenerateTextsTakeNoLongerThanOthersOfTheirLength() {
    String longWord = "a".repeat(1_000_000);
    String oneWord = "word ".repeat(1_000_000);
    String ruler = "=".repeat(1_000_000);
    String lines = "\n".repeat(500_000) + "x\n".repeat(500_000);
    String different =
        IntStream.range(0, 300_000).mapToObj(String::valueOf).collect(Collectors.joining(" "));

    assertThat(STANDARD.judge(longWord)).isEqualTo(new Keep());
    assertThat(STANDARD.judge(oneWord)).isEqualTo(drop("top 2-gram"));
    assertThat(STANDARD.judge(ruler)).isEqualTo(new Keep());
    assertThat(STANDARD.judge(lines)).isEqualTo(drop("repeated lines"));
    assertThat(STANDARD.judge(different)).isEqualTo(new Keep());
    assertThat(Shingles.of(oneWord, 5)).hasSize(1);
  }

  @ParameterizedTest
  @Repetitions(1000)
  void allSharesAreThoseOfReadingTheDefinitionsLiterally(SplittableRandom random) {
    String text = RandomTexts.of(random);
    SlowRepetition slow = new SlowRepetition(text);
    Layout layout = Layout.of(text);
    Pieces pieces = Pieces.of(text);
    GramRepeats grams = new GramRepeats(pieces);

    assertThat(layout.lines()).isEqualTo(slow.lines());
    assertThat(layout.paragraphs()).isEqualTo(slow.paragraphs());
    assertThat(pieces.count()).isEqualTo(slow.pieceCount());
    assertThat(pieces.words()).isEqualTo(Words.of(text).count());
    for (int n : random.ints(6, 1, 6).toArray()) { // in any order
      assertThat(grams.charactersInTop(n)).isEqualTo(slow.charactersInTop(n));
      assertThat(grams.charactersInRepeated(n)).isEqualTo(slow.charactersInRepeated(n));
      assertThat(grams.charactersInTop(n)).isLessThanOrEqualTo(text.length());
    }
  }

  @Test
  void itTravels() throws IOException, ClassNotFoundException {
    QualityFilter arrived = Travelled.copyOf(STANDARD);

    assertThat(Travelled.copyOf(arrived.judge("a\n".repeat(9)))).isEqualTo(drop("repeated lines"));
    assertThat(arrived.judge("one two")).isEqualTo(new Keep());
  }

  private static Verdict judge(Lengths lengths, String text) {
    return new QualityFilter(new QualitySpec(lengths, Repetition.off())).judge(text);
  }

  private static Verdict judge(Repetition limits, String text) {
    return new QualityFilter(new QualitySpec(new Lengths(null, null, null, null), limits))
        .judge(text);
  }

  private static Verdict drop(String reason) {
    return new Drop(reason);
  }

  private static Repetition limits(
      double lines, double lineCharacters, double paragraphs, double paragraphCharacters) {
    return new Repetition(
        lines, lineCharacters, paragraphs, paragraphCharacters, new TreeMap<>(), new TreeMap<>());
  }

  private static Repetition top(int n, double limit) {
    return new Repetition(1, 1, 1, 1, new TreeMap<>(Map.of(n, limit)), new TreeMap<>());
  }

  private static Repetition repeated(int n, double limit) {
    return new Repetition(1, 1, 1, 1, new TreeMap<>(), new TreeMap<>(Map.of(n, limit)));
  }
}
