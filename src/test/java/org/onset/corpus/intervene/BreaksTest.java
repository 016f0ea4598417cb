package org.onset.corpus.intervene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.Repetitions;
import org.onset.corpus.intervene.Breaks.Break;
import org.onset.corpus.intervene.Breaks.Strength;

class BreaksTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "One two. Three | WORD SENTENCE PARAGRAPH",
        "One two! \"Three?\" Four | WORD SENTENCE SENTENCE PARAGRAPH",
        "Mr. Smith met Dr. Wu. She left | WORD WORD WORD WORD SENTENCE WORD PARAGRAPH",
        "J. Smith | WORD PARAGRAPH",
        "wait... what | WORD PARAGRAPH",
        "See e.g. Bern. (Also there.) Yes | WORD WORD SENTENCE WORD SENTENCE PARAGRAPH",
      })
  void sentencesEndWhereAnotherBegins(String text, String strengths) {
    assertThat(Breaks.of(text).stream().map(one -> one.strength().name()).toList())
        .isEqualTo(List.of(strengths.split(" ")));
  }

  @Test
  void aParagraphEndsBeforeABlankLineAndAtTheEnd() {
    assertThat(Breaks.of(" a\nb\n\nc\r\nd\r\n \r\n😀 e "))
        .containsExactly(
            new Break(Strength.WORD, 2, 2, 1),
            new Break(Strength.PARAGRAPH, 4, 4, 2),
            new Break(Strength.WORD, 7, 7, 3),
            new Break(Strength.PARAGRAPH, 10, 10, 4),
            new Break(Strength.WORD, 17, 16, 5),
            new Break(Strength.PARAGRAPH, 19, 18, 6));
    assertThat(Breaks.of(" \n")).isEmpty();
  }

  @Test
  void partsAreAboutEquallyLongAndEndWithParagraphs() {
    String paragraph = "word ".repeat(19) + "end."; // 99 characters
    String text =
        String.join("\n\n", List.of(paragraph, paragraph, paragraph, paragraph, paragraph));

    assertThat(Breaks.parts(text, 1_000)).containsExactly(text);
    assertThat(Breaks.parts(text, 301))
        .containsExactly(
            String.join("\n\n", paragraph, paragraph, paragraph),
            String.join("\n\n", paragraph, paragraph));
    assertThat(Breaks.parts(text, 100)).hasSize(5).containsOnly(paragraph);
  }

  @Test
  void withoutParagraphsSentencesAreKeptWholeAndWithoutThoseWords() {
    assertThat(Breaks.parts("One two three. Four five six. Seven.", 20))
        .containsExactly("One two three.", "Four five six.", "Seven.");
    assertThat(Breaks.parts("one two three four five", 10))
        .containsExactly("one two", "three four", "five");
    assertThat(Breaks.parts("😀".repeat(25), 10))
        .containsExactly("😀".repeat(10), "😀".repeat(10), "😀".repeat(5));
  }

  @ParameterizedTest
  @Repetitions(300)
  void noPartIsLongerThanAllowedAndNothingButSpaceIsLost(SplittableRandom random) {
    String text = RandomProse.of(random);
    int limit = random.nextInt(1, 300);

    List<String> parts = Breaks.parts(text, limit);

    assertThat(parts)
        .allSatisfy(
            part -> {
              assertThat(part.codePointCount(0, part.length())).isBetween(1, limit);
              assertThat(part).isEqualTo(part.strip());
            });
    assertThat(withoutSpace(String.join(" ", parts))).isEqualTo(withoutSpace(text));
    int from = 0;
    for (String part : parts) {
      from = text.indexOf(part, from);
      assertThat(from).isNotNegative();
      from += part.length();
    }
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("[\\s\\u00a0]+", "");
  }
}
