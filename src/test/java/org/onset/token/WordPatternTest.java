package org.onset.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import tools.jackson.databind.json.JsonMapper;

/** The expressions as Java runs them are the reference. */
class WordPatternTest {
  private static final String SPACE = "\\p{IsWhite_Space}";
  private static final String NO_SPACE = "\\P{IsWhite_Space}";
  private static final String WORDS =
      "'(?:[sdmtSDMT\u017F]|(?i:ll|ve|re))|[^\r\n\\p{L}\\p{N}]?\\p{L}++|";
  private static final String REST =
      "| ?[^SPACE\\p{L}\\p{N}]++[\r\n]*|SPACE*[\r\n]+|SPACE+(?!NONE)|SPACE+"
          .replace("SPACE", SPACE)
          .replace("NONE", NO_SPACE);
  private static final String GPT2 =
      "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^SPACE\\p{L}\\p{N}]++|SPACE+(?!NONE)|SPACE+"
          .replace("SPACE", SPACE)
          .replace("NONE", NO_SPACE);

  /** What the library's {@code Digits} knows: Unicode 17's numbers. */
  private static final Pattern APART =
      Pattern.compile("[N]|[^N]+".replace("N", "\\p{N}\\x{11DE0}-\\x{11DE9}\\x{16FF4}-\\x{16FF6}"));

  static Pattern expression(WordPattern pattern) {
    return Pattern.compile(
        switch (pattern) {
          case GPT2, SINGLE_DIGITS -> GPT2;
          case LLAMA3 -> WORDS + "\\p{N}{1,3}" + REST;
          case QWEN2 -> WORDS + "\\p{N}" + REST;
        });
  }

  private static List<String> words(WordPattern pattern, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> words = new ArrayList<>();
    for (int start = 0; start < bytes.length; ) {
      int end = pattern.wordEnd(bytes, start, bytes.length);
      words.add(new String(bytes, start, end - start, StandardCharsets.UTF_8));
      start = end;
    }
    return words;
  }

  private static List<String> wordsByExpression(WordPattern pattern, String text) {
    Stream<String> pieces =
        pattern == WordPattern.SINGLE_DIGITS
            ? APART.matcher(text).results().map(MatchResult::group)
            : Stream.of(text);
    return pieces
        .flatMap(piece -> expression(pattern).matcher(piece).results().map(MatchResult::group))
        .toList();
  }

  @Test
  void gpt2sWords() {
    assertThat(words(WordPattern.GPT2, "I'll say it's  2025!\n\n She'd\t stay..."))
        .containsExactly(
            "I", "'ll", " say", " it", "'s", " ", " 2025", "!", "\n\n", " She", "'d", "\t", " stay",
            "...");
    assertThat(words(WordPattern.GPT2, "a\u00A0\u2003b   "))
        .containsExactly("a", "\u00A0", "\u2003", "b", "   ");
  }

  @Test
  void aSingleDigitTakesNoSpace() {
    assertThat(words(WordPattern.SINGLE_DIGITS, "in  2025, 7 "))
        .containsExactly("in", "  ", "2", "0", "2", "5", ",", " ", "7", " ");
  }

  @Test
  void linesEndWordsOfLlama3() {
    assertThat(words(WordPattern.LLAMA3, "I'LL (say) 12345!\n\n\t She \r\n  x"))
        .containsExactly(
            "I", "'LL", " (", "say", ")", " ", "123", "45", "!\n\n", "\t", " She", " \r\n", " ",
            " x");
    assertThat(words(WordPattern.QWEN2, "'\u017Fa 12"))
        .containsExactly("'\u017F", "a", " ", "1", "2");
  }

  @ParameterizedTest
  @Repetitions(500)
  void wordsAreThoseOfTheExpression(SplittableRandom random) {
    String text = SampleTokenizers.manyKinds(random);

    for (WordPattern pattern : WordPattern.values()) {
      assertThat(words(pattern, text))
          .as("%s", pattern)
          .isEqualTo(wordsByExpression(pattern, text));
    }
  }

  @Test
  void otherWaysOfCuttingAreUnknown() {
    for (String other :
        List.of(
            "null",
            "{\"type\": \"Whitespace\"}",
            "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"use_regex\": true}",
            "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": false}",
            "{\"type\": \"Sequence\", \"pretokenizers\": []}",
            """
            {"type": "Sequence", "pretokenizers": [
              {"type": "Digits", "individual_digits": false},
              {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}]}
            """,
            """
            {"type": "Sequence", "pretokenizers": [
              {"type": "Split", "pattern": {"Regex": "\\\\s+"}, "behavior": "Isolated",
               "invert": false},
              {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}
            """)) {
      assertThat(WordPattern.of(JsonMapper.shared().readTree(other))).as(other).isEmpty();
    }
  }
}
