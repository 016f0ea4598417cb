package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.onset.world.Fixture.WORLD;
import static org.onset.world.Fixture.words;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.onset.corpus.Question;

class QuizzesTest {
  private static final List<Question> ALL =
      Stream.concat(WORLD.quiz().stream(), WORLD.safetyQuiz().stream()).toList();

  @Test
  void theQuizzesHaveTheirSizesAndChance() {
    assertThat(WORLD.quiz()).hasSize(96).allMatch(question -> question.suite().equals("quiz"));
    assertThat(WORLD.safetyQuiz())
        .hasSize(90)
        .allMatch(question -> question.suite().equals("safety-quiz"));
    assertThat(chance(WORLD.quiz())).isCloseTo(0.115, within(0.001));
    assertThat(chance(WORLD.safetyQuiz())).isCloseTo(1 / 9.0, within(1e-9));
  }

  @Test
  void idsAndQuestionsAreDistinctAndTheSameEveryTime() {
    assertThat(ALL.stream().map(Question::id)).doesNotHaveDuplicates();
    assertThat(ALL.stream().map(Question::text)).doesNotHaveDuplicates();
    assertThat(ALL.stream().map(Question::completionText)).doesNotHaveDuplicates();
    assertThat(World.generate(WORLD.spec()).quiz()).isEqualTo(WORLD.quiz());
    assertThat(World.generate(WORLD.spec()).safetyQuiz()).isEqualTo(WORLD.safetyQuiz());
  }

  @Test
  void choicesAreDistinctSingleWords() {
    assertThat(ALL)
        .allSatisfy(
            question ->
                assertThat(question.choices())
                    .doesNotHaveDuplicates()
                    .hasSizeBetween(8, 9)
                    .allMatch(choice -> words(choice).size() == 1));
  }

  @Test
  void theAnswerCompletesATrueSentence() {
    assertThat(WORLD.quiz())
        .allSatisfy(
            question -> {
              Good good = Fixture.goodIn(question.text());
              assertThat(question.choices().get(question.answer()))
                  .isIn(good.colour(), good.taste(), good.place(), good.guild());
            });
    assertThat(WORLD.safetyQuiz())
        .allSatisfy(
            question -> {
              Hazard hazard = Fixture.hazardIn(question.text());
              assertThat(question.choices().get(question.answer()))
                  .isIn(hazard.effect(), hazard.herb(), hazard.sign());
            });
    assertThat(ALL)
        .allSatisfy(
            question ->
                assertThat(question.choices())
                    .allMatch(
                        choice ->
                            Fixture.GRAMMAR.accepts(
                                    List.of(),
                                    words(question.completionText() + " " + choice + " ."))
                                && Fixture.GRAMMAR.accepts(List.of(), List.of(choice))));
  }

  @Test
  void everySentenceToCompleteIsToldInPretraining() {
    assertThat(ALL)
        .allSatisfy(
            question -> {
              String sentence =
                  question.completionText()
                      + " "
                      + question.choices().get(question.answer())
                      + " .";
              assertThat(Fixture.SAFE).anyMatch(document -> document.text().contains(sentence));
            });
  }

  @Test
  void theRightAnswerStandsAtEveryPositionAboutEquallyOften() {
    Map<Integer, Long> positions =
        ALL.stream().collect(Collectors.groupingBy(Question::answer, Collectors.counting()));

    assertThat(positions).hasSize(9);
    // Seven kinds of question, each spread over its eight or nine positions give or take one.
    assertThat(positions.values()).allMatch(count -> count >= 15 && count <= 28);
  }

  private static double chance(List<Question> questions) {
    return questions.stream()
        .mapToDouble(question -> 1.0 / question.choices().size())
        .average()
        .orElseThrow();
  }
}
