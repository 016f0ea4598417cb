package org.onset.corpus.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class ShinglesTest {
  @Test
  void aShingleIsARunOfWords() {
    assertThat(Shingles.of("one two three four five six", 5)).hasSize(2);
    assertThat(Shingles.of("a b a b a b", 2)).hasSize(2);
    assertThat(Shingles.of("One, TWO... thrée!", 2)).isEqualTo(Shingles.of("one two three", 2));
  }

  @Test
  void aTextShorterThanAShingleIsComparedWhole() {
    long[] three = Shingles.of("one two three", 5);

    assertThat(three).hasSize(1).isEqualTo(Shingles.of("One two\nthree.", 5));
    assertThat(three).isNotEqualTo(Shingles.of("one two", 5));
    assertThat(three).isNotEqualTo(Shingles.of("one three two", 5));
  }

  @Test
  void aTextWithoutWordsIsItsCharacters() {
    assertThat(Shingles.of(" :-)\n", 5)).hasSize(1).isEqualTo(Shingles.of(":-)", 5));
    assertThat(Shingles.of(":-)", 5)).isNotEqualTo(Shingles.of(":-(", 5));
    assertThat(Shingles.of("", 5)).hasSize(1).isEqualTo(Shingles.of(" ", 5));
  }

  @ParameterizedTest
  @Repetitions(300)
  void theyAreTheDistinctRunsOfFoldedWordsInAscendingOrder(SplittableRandom random) {
    String text = RandomTexts.of(random);
    int length = 1 + random.nextInt(5);

    long[] shingles = Shingles.of(text, length);

    assertThat(shingles).isSorted().doesNotHaveDuplicates().hasSameSizeAs(runs(text, length));
  }

  @ParameterizedTest
  @Repetitions(300)
  void jaccardIsThatOfTheSetsOfRuns(SplittableRandom random) {
    String a = RandomTexts.of(random);
    String b = a.substring(random.nextInt(a.length() + 1)) + RandomTexts.of(random);
    Set<List<String>> left = runs(a, 2);
    Set<List<String>> right = runs(b, 2);
    Set<List<String>> either = new HashSet<>(left);
    either.addAll(right);
    Set<List<String>> both = new HashSet<>(left);
    both.retainAll(right);

    assertThat(Shingles.jaccard(Shingles.of(a, 2), Shingles.of(b, 2)))
        .isCloseTo((double) both.size() / either.size(), within(1e-12));
  }

  @Test
  void jaccardRunsFromNothingInCommonToEverything() {
    assertThat(Shingles.jaccard(new long[] {1, 2}, new long[] {3})).isEqualTo(0);
    assertThat(Shingles.jaccard(new long[] {1, 2, 3}, new long[] {2, 3, 4})).isEqualTo(0.5);
    assertThat(Shingles.jaccard(new long[] {Long.MIN_VALUE, 7}, new long[] {Long.MIN_VALUE, 7}))
        .isEqualTo(1);
  }

  private static Set<List<String>> runs(String text, int length) {
    Words words = Words.of(text);
    List<String> folded =
        words.count() == 0
            ? List.of(text.strip(), "no words")
            : IntStream.range(0, words.count()).mapToObj(words::folded).toList();
    if (words.count() <= length) {
      return Set.of(folded);
    }
    Set<List<String>> runs = new HashSet<>();
    for (int i = 0; i + length <= folded.size(); i++) {
      runs.add(folded.subList(i, i + length));
    }
    return runs;
  }
}
