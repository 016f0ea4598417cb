package org.onset.corpus.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.onset.Problems;
import org.onset.Problems.Problem;
import org.onset.corpus.clean.QualitySpec.Lengths;
import org.onset.corpus.clean.QualitySpec.Repetition;

class QualitySpecTest {
  @Test
  void thePublishedLimitsAreWithoutProblems() {
    Problems problems = new Problems();

    QualitySpec.standard().check(problems);
    new QualitySpec(new Lengths(0, 1, 5, 5), Repetition.off()).check(problems);

    assertThat(problems.found()).isEmpty();
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    Problems problems = new Problems();

    new QualitySpec(
            new Lengths(10, 9, -1, 0),
            new Repetition(
                -0.1,
                2,
                30,
                Double.NaN,
                new TreeMap<>(Map.of(0, 0.5)),
                new TreeMap<>(Map.of(5, 15.0))))
        .check(problems);

    assertThat(problems.found())
        .extracting(Problem::field)
        .containsExactly(
            "lengths.maxWords",
            "lengths.minCharacters",
            "lengths.maxCharacters",
            "repetition.lines",
            "repetition.lineCharacters",
            "repetition.paragraphs",
            "repetition.paragraphCharacters",
            "repetition.topGrams.0",
            "repetition.repeatedGrams.5");
    assertThat(problems.found().getFirst().message())
        .isEqualTo("must be at least minWords (10), was 9");
  }
}
