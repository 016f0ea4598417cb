package org.onset.corpus.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class NGramQueriesTest {
  private static final NGramQueries QUERIES =
      queries(
          Map.entry(
              "weapons", List.of("bomb", "nail bomb", "bomb threat", "weapons of mass terror")),
          Map.entry("self-harm", List.of("self-harm", "café")),
          Map.entry("crime", List.of("bomb threat")));

  @Test
  void aQueryIsFoundWhateverItsCaseAccentsAndPunctuation() {
    assertThat(count("BOMB! Self harm; self—Harm, CAFE, cafe\u0301.\nWeapons of\n\nmass: TERROR"))
        .containsExactly(2, 4, 0);
    assertThat(count("bo\u00admb")).containsExactly(1, 0, 0);
  }

  @Test
  void aQueryIsNotFoundInsideLongerWordsOrWithWordsBetween() {
    assertThat(count("bombs bombard abomb self-harming weapons of mass error self and harm"))
        .containsExactly(0, 0, 0);
    assertThat(count("")).containsExactly(0, 0, 0);
  }

  @Test
  void noWordCountsTwiceForOneCategoryAndCategoriesDontSeeEachOther() {
    assertThat(count("a nail bomb threat")).containsExactly(1, 0, 1);
    assertThat(count("nail bomb bomb")).containsExactly(2, 0, 0);
    assertThat(count("bomb threat, bomb threat")).containsExactly(2, 0, 2);
  }

  @Test
  void aQueryOfOneCategoryMayBeginAtTheVeryFirstWordAndAsksForAllItsWords() {
    NGramQueries longOnes = queries(Map.entry("a", List.of("one two three four", "two three")));

    assertThat(longOnes.count("two three")).containsExactly(1);
    assertThat(longOnes.count("one two three four")).containsExactly(1);
    assertThat(longOnes.count("four one two, four three")).containsExactly(0);
  }

  @ParameterizedTest
  @Repetitions(300)
  void plantedQueriesAreFoundExactlyAsOftenAsTheyWerePlanted(SplittableRandom random) {
    List<String> planted = List.of("bomb", "Nail, BOMB", "bomb\nthreat", "self-harm", "CAFÉ");
    List<String> between = List.of("nails", "threats", "of", "the", "self", "harmless", "漢", "😀");
    StringBuilder text = new StringBuilder();
    long[] expected = new long[3];
    for (int i = random.nextInt(40); i > 0; i--) {
      int which = random.nextInt(planted.size());
      text.append(planted.get(which)).append(random.nextBoolean() ? " " : "... ");
      text.append("lorem ").append(between.get(random.nextInt(between.size()))).append(" dolor ");
      expected[which < 3 ? 0 : 1]++;
      expected[2] += which == 2 ? 1 : 0;
    }

    assertThat(QUERIES.count(text.toString())).isEqualTo(expected);
  }

  @ParameterizedTest
  @Repetitions(500)
  void countsAreThoseOfASearchThroughAllChoices(SplittableRandom random) {
    List<String> queries = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      queries.add(letters(random, 1 + random.nextInt(NGramQueries.MOST_WORDS)));
    }
    String text = letters(random, random.nextInt(30));

    assertThat(queries(Map.entry("a", queries)).count(text))
        .as("%s in %s", queries, text)
        .containsExactly(mostWithoutSharedWords(queries, List.of(text.split(" "))));
  }

  @ParameterizedTest
  @Repetitions(100)
  void aTextsCountsDontDependOnTheTextsBefore(SplittableRandom random) {
    List<String> texts = IntStream.range(0, 5).mapToObj(_ -> RandomTexts.of(random)).toList();
    NGramQueries queries =
        queries(Map.entry("a", List.of("the cat", "naive")), Map.entry("b", List.of("strasse")));

    List<long[]> forwards = texts.stream().map(queries::count).toList();
    List<long[]> backwards = texts.reversed().stream().map(queries::count).toList().reversed();

    assertThat(forwards).usingRecursiveComparison().isEqualTo(backwards);
  }

  @Test
  void itTravels() throws Exception {
    assertThat(Travelled.copyOf(QUERIES).count("a nail bomb threat")).containsExactly(1, 0, 1);
  }

  @Test
  void queriesOfNoWordOrOfFiveAreRefused() {
    assertThatThrownBy(() -> queries(Map.entry("a", List.of("…"))))
        .hasMessage("a query has 1 to 4 words, '…' has 0");
    assertThatThrownBy(() -> queries(Map.entry("a", List.of("one two three four-five"))))
        .hasMessage("a query has 1 to 4 words, 'one two three four-five' has 5");
  }

  private static long[] count(String text) {
    return QUERIES.count(text);
  }

  @SafeVarargs
  private static NGramQueries queries(Map.Entry<String, List<String>>... categories) {
    Map<String, List<String>> queries = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> category : categories) {
      queries.put(category.getKey(), category.getValue());
    }
    return new NGramQueries(queries);
  }

  /** Words of two letters, so that queries overlap. */
  private static String letters(SplittableRandom random, int count) {
    return String.join(
        " ", IntStream.range(0, count).mapToObj(_ -> random.nextBoolean() ? "x" : "y").toList());
  }

  /** Most occurrences in the first 0, 1, 2, … words, each with and without one that ends there. */
  private static long mostWithoutSharedWords(List<String> queries, List<String> words) {
    long[] most = new long[words.size() + 1];
    for (int end = 1; end <= words.size(); end++) {
      most[end] = most[end - 1];
      for (String query : queries) {
        int start = end - query.split(" ").length;
        if (start >= 0 && String.join(" ", words.subList(start, end)).equals(query)) {
          most[end] = Math.max(most[end], most[start] + 1);
        }
      }
    }
    return most[words.size()];
  }
}
