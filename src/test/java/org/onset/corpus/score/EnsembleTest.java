package org.onset.corpus.score;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.onset.Problems;
import org.onset.corpus.Document;

class EnsembleTest {
  /** Knows nothing but how many times each of two letters stands in a text. */
  private record Counting(String name, char letter) implements SafetyScorer {
    @Override
    public Score score(String text) {
      int level = (int) Math.min(5, text.chars().filter(c -> c == letter).count());
      return new Score(level, level == 0 ? Optional.empty() : Optional.of(name));
    }

    @Override
    public String fingerprint() {
      return name + letter;
    }

    @Override
    public void close() {}
  }

  private static final Counting X = new Counting("x", 'x');
  private static final Counting Y = new Counting("y", 'y');

  @Test
  void theMostWorriedMemberIsBelieved() {
    Ensemble ensemble = Ensemble.of(List.of(X, Y));

    assertThat(ensemble.score("xxxy")).isEqualTo(new Score(3, Optional.of("x")));
    assertThat(ensemble.score("xyyyy")).isEqualTo(new Score(4, Optional.of("y")));
    assertThat(ensemble.score("")).isEqualTo(new Score(0, Optional.empty()));
  }

  @Test
  void ofEquallyWorriedMembersTheFirstSaysWhy() {
    assertThat(Ensemble.of(List.of(X, Y)).score("xxyy").category()).hasValue("x");
    assertThat(Ensemble.of(List.of(Y, X)).score("xxyy").category()).hasValue("y");
  }

  @Test
  void severalTextsGetTheScoresOfEach() {
    Ensemble ensemble = Ensemble.of(List.of(X, Y));
    List<String> texts = List.of("x", "yy", "", "xy", "xxxxxxx");

    assertThat(ensemble.scoreAll(texts)).isEqualTo(texts.stream().map(ensemble::score).toList());
    assertThat(ensemble.scoreAll(List.of())).isEmpty();
  }

  @Test
  void theFingerprintIsThatOfTheMembersInTheirOrder() {
    String fingerprint = Ensemble.of(List.of(X, Y)).fingerprint();

    assertThat(fingerprint)
        .matches("[0-9a-f]{64}")
        .isEqualTo(Ensemble.of(List.of(X, Y)).fingerprint())
        .isNotEqualTo(Ensemble.of(List.of(Y, X)).fingerprint())
        .isNotEqualTo(Ensemble.of(List.of(X)).fingerprint());
  }

  @Test
  void membersAndEnsembleAreComparedTogetherAndBySource() {
    List<Document> documents =
        List.of(
            document("one", "x", 1),
            document("one", "yyy", 3),
            document("one", "", 3),
            document("two", "xxx", 0),
            document("two", "xyyyy", 5));

    Comparison comparison = Comparison.of(Ensemble.of(List.of(X, Y)), documents);

    assertThat(comparison.together()).containsOnlyKeys("x", "y", "ensemble");
    assertThat(comparison.bySource()).containsOnlyKeys("one", "two");
    assertThat(at(comparison.together(), "x", 3)).isEqualTo(new Evaluation.Quality(3, 3, 1, 0));
    assertThat(at(comparison.together(), "y", 3)).isEqualTo(new Evaluation.Quality(3, 3, 2, 2));
    assertThat(at(comparison.together(), "ensemble", 3))
        .isEqualTo(new Evaluation.Quality(3, 3, 3, 2));
    assertThat(at(requireNonNull(comparison.bySource().get("one")), "ensemble", 1))
        .isEqualTo(new Evaluation.Quality(1, 3, 2, 2));
  }

  @Test
  void anEnsembleHasMembers() {
    Problems problems = new Problems();

    new EnsembleSpec(null, null).check(problems);

    assertThat(problems.found()).hasSize(1);
    assertThatIllegalArgumentException().isThrownBy(() -> Ensemble.of(List.of()));
  }

  @Test
  void bothKindsOfMemberAreTrainedOnTheSameTexts() {
    List<Document> documents =
        List.of(document("s", "a stupid idiot", 3), document("s", "a kind neighbour", 0));
    EnsembleSpec spec = new EnsembleSpec(ScorerSpec.standard(), EmbeddingSpec.standard());

    try (Ensemble ensemble = Ensemble.train(documents, spec)) {
      assertThat(ensemble.members())
          .extracting(SafetyScorer::name)
          .containsExactly("linear", "embedding");
      assertThat(ensemble.score("a stupid idiot").level()).isEqualTo(3);
      assertThat(ensemble.score("a kind neighbour").level()).isZero();
    }
  }

  private static Evaluation.Quality at(
      Map<String, Evaluation> evaluations, String name, int level) {
    return requireNonNull(evaluations.get(name)).atLeast().get(level - 1);
  }

  private static Document document(String source, String text, int score) {
    return new Document(source + "/" + text, text, source, OptionalInt.of(score), Optional.empty());
  }
}
