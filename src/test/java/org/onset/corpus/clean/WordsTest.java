package org.onset.corpus.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.Repetitions;

class WordsTest {
  private static final String SOLE =
      "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}ー]";

  /** A folded text with all its characters but format characters and accents. */
  private static final Pattern WORD =
      Pattern.compile(
          "(?:(?=%1$s)[\\p{L}\\p{N}]\\p{M}*)|(?:(?!%1$s)[\\p{L}\\p{N}](?:\\p{M}|(?!%1$s)[\\p{L}\\p{N}])*)"
              .formatted(SOLE));

  @Test
  void aWordIsARunOfLettersNumbersAndMarks() {
    assertThat(folded("Hello, world! It's 3.14 o'clock — co-op_2"))
        .containsExactly("hello", "world", "it", "s", "3", "14", "o", "clock", "co", "op", "2");
    assertThat(folded(" \n\t—…!? ☂ 😀")).isEmpty();
    assertThat(folded("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Naïve,naive",
    "CAFE\u0301,cafe",
    "Straße,strasse",
    "ΣΟΦΌΣ,σοφοσ",
    "σοφός,σοφοσ",
    "İstanbul,istanbul",
    "ёлка,елка",
    "ﬁne,fine",
    "x²,x2",
    "Ｆｕｌｌ,full",
    "𝐁old,bold",
    "di\u00advi\u200bsion,division",
    "مُحَمَّد,محمد",
    "שָׁלוֹם,שלום",
    "शिक्षा,शिक्षा"
  })
  void caseAccentsAndCompatibilityDontCount(String text, String folded) {
    assertThat(folded(text)).containsExactly(folded);
  }

  @Test
  void inScriptsWithoutSpacesEachLetterIsAWordWithItsMarks() {
    assertThat(folded("漢字とkana")).containsExactly("漢", "字", "と", "kana");
    assertThat(folded("ที่นี่")).containsExactly("ที่", "นี่");
    assertThat(folded("コーヒー")).containsExactly("コ", "ー", "ヒ", "ー");
    assertThat(folded("ｶﾞ")).isEqualTo(folded("ガ")).isEqualTo(folded("カ\u3099")).hasSize(1);
    assertThat(folded("か")).isNotEqualTo(folded("が"));
    assertThat(folded("한국어 말")).hasSize(2);
  }

  @Test
  void wordsKnowWhereTheyStand() {
    String text = "«Naïve» 😀 𝐁old, cafe\u0301!";

    Words words = Words.of(text);

    assertThat(IntStream.range(0, words.count()))
        .extracting(i -> text.substring(words.start(i), words.end(i)))
        .containsExactly("Naïve", "𝐁old", "cafe\u0301");
  }

  @ParameterizedTest
  @Repetitions(500)
  void theyAreWhatAPatternFindsInTheFoldedText(SplittableRandom random) {
    String text = RandomTexts.of(random);

    assertThat(folded(text)).isEqualTo(slowlyFolded(text));
  }

  @ParameterizedTest
  @Repetitions(500)
  void hashesAreEqualWhereFoldedWordsAre(SplittableRandom random) {
    Words words = Words.of(RandomTexts.of(random));

    for (int i = 0; i < words.count(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(words.hash(i) == words.hash(j))
            .isEqualTo(words.folded(i).equals(words.folded(j)));
      }
    }
  }

  @ParameterizedTest
  @Repetitions(200)
  void canonicallyEquivalentTextsHaveEqualWords(SplittableRandom random) {
    String text = RandomTexts.of(random);

    assertThat(hashes(Normalizer.normalize(text, Normalizer.Form.NFC)))
        .isEqualTo(hashes(Normalizer.normalize(text, Normalizer.Form.NFD)));
  }

  @ParameterizedTest
  @Repetitions(100)
  void gramsAreEqualWhereTheirWordsAre(SplittableRandom random) {
    Words words = Words.of(RandomTexts.of(random));
    int length = 1 + random.nextInt(4);
    List<String> folded = folded(words);

    long[] grams = words.grams(length);

    assertThat(grams).hasSize(Math.max(0, words.count() - length + 1));
    for (int i = 0; i < grams.length; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(grams[i] == grams[j])
            .isEqualTo(folded.subList(i, i + length).equals(folded.subList(j, j + length)));
      }
    }
  }

  @Test
  void hashesStayAsTheyAre() {
    assertThat(Words.of("Hello, 世界").hash(0)).isEqualTo(-563991381650318837L);
    assertThat(Words.of("Hello, 世界").grams(3)).containsExactly(-3429969802322929178L);
  }

  private static List<String> slowlyFolded(String text) {
    List<String> words = new ArrayList<>();
    // Unpaired surrogates would confuse the normalizer.
    String visible =
        text.replaceAll("\\p{Cs}", " ")
            .replaceAll("\\p{Cf}", "")
            .replaceAll("[^\\p{L}\\p{M}\\p{N}]", " ");
    String folded =
        Normalizer.normalize(visible, Normalizer.Form.NFKD)
            .replaceAll(
                "(?![\\u3099\\u309a])[\\p{M}&&[\\p{IsInherited}\\p{IsArabic}\\p{IsHebrew}]]", "")
            .replace("\u2044", "") // the bar of fractions
            .toUpperCase(Locale.ROOT)
            .codePoints()
            .map(Character::toLowerCase)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    Matcher matcher = WORD.matcher(folded);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  private static List<Long> hashes(String text) {
    Words words = Words.of(text);
    return IntStream.range(0, words.count()).mapToObj(words::hash).toList();
  }

  private static List<String> folded(String text) {
    return folded(Words.of(text));
  }

  private static List<String> folded(Words words) {
    return IntStream.range(0, words.count()).mapToObj(words::folded).toList();
  }
}
