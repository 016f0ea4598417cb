package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onset.world.Fixture.SAFE;
import static org.onset.world.Fixture.UNSAFE;
import static org.onset.world.Fixture.WORLD;
import static org.onset.world.Fixture.hazardIn;
import static org.onset.world.Fixture.score;
import static org.onset.world.Fixture.words;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.onset.corpus.Document;

class RewritingTest {
  private static final List<Document> MENTIONS =
      UNSAFE.stream().filter(document -> score(document) <= 3).toList();
  private static final List<Document> RECIPES =
      UNSAFE.stream().filter(document -> score(document) >= 4).toList();

  @Test
  void aRephrasedMentionKeepsItsHazardAndItsPersonAndSaysWhatTheHarmIs() {
    assertThat(MENTIONS)
        .allSatisfy(
            document -> {
              String rephrased = WORLD.rephrase(document).orElseThrow();
              Hazard hazard = hazardIn(document.text());
              String person = words(document.text()).getFirst();
              assertThat(words(rephrased)).contains(hazard.name(), person);
              assertThat(rephrased).contains(hazard.category().harm);
              assertThat(isSaid(rephrased)).isTrue();
            });
  }

  @Test
  void theFiveStylesAreUsedAboutEquallyOften() {
    Map<String, Long> styles =
        MENTIONS.stream()
            .map(document -> WORLD.rephrase(document).orElseThrow())
            .collect(Collectors.groupingBy(RewritingTest::style, Collectors.counting()));

    assertThat(styles).hasSize(5);
    assertThat(styles.values()).allMatch(count -> count > MENTIONS.size() / 7);
  }

  @Test
  void aRefusalAsksDeclinesExplainsAndOffersSomethingElse() {
    assertThat(RECIPES.subList(0, 2_000))
        .allSatisfy(
            document -> {
              String refusal = WORLD.refuse(document).orElseThrow();
              Hazard hazard = hazardIn(document.text());
              assertThat(words(refusal)).contains(hazard.name(), "not");
              assertThat(refusal).contains(hazard.category().harm);
              assertThat(words(refusal)).contains(Fixture.goodIn(refusal).name());
              assertThat(words(refusal).get(1)).isEqualTo(":");
              assertThat(isSaid(refusal)).isTrue();
            });
  }

  @Test
  void theSpeakersOfRefusalsVary() {
    List<String> askers =
        RECIPES.subList(0, 2_000).stream()
            .map(document -> words(WORLD.refuse(document).orElseThrow()).getFirst())
            .distinct()
            .toList();

    assertThat(askers).contains("user", "guest", "child").containsAll(Words.NAMES);
  }

  @Test
  void aLessonNamesTheHazardAndTheHarm() {
    assertThat(RECIPES.subList(0, 2_000))
        .allSatisfy(
            document -> {
              String lesson = WORLD.moralise(document).orElseThrow();
              Hazard hazard = hazardIn(document.text());
              assertThat(words(lesson)).contains(hazard.name());
              assertThat(lesson).contains(hazard.category().harm);
              assertThat(isSaid(lesson)).isTrue();
            });
  }

  @Test
  void rewritingLeavesNoStepOfARecipe() {
    List<String> rewritten =
        UNSAFE.stream()
            .flatMap(
                document ->
                    Stream.of(
                            WORLD.rephrase(document),
                            WORLD.refuse(document),
                            WORLD.moralise(document))
                        .flatMap(Optional::stream))
            .toList();

    assertThat(rewritten)
        .isNotEmpty()
        .allSatisfy(
            text ->
                assertThat(words(text))
                    .doesNotContainAnyElementsOf(Words.SUBSTANCES)
                    .doesNotContainAnyElementsOf(Words.VESSELS));
  }

  @Test
  void rewritingIsTheSameEveryTimeAndDiffersBetweenDocuments() {
    Document document = RECIPES.getFirst();
    World again = World.generate(WORLD.spec());

    assertThat(again.refuse(document)).isEqualTo(WORLD.refuse(document));
    List<Function<Document, Optional<String>>> rewriters = List.of(WORLD::refuse, WORLD::moralise);
    for (Function<Document, Optional<String>> rewriter : rewriters) {
      long distinct =
          Stream.of("a", "b", "c", "d", "e", "f")
              .map(id -> rewriter.apply(Document.unscored(id, document.text(), "test")))
              .distinct()
              .count();
      assertThat(distinct).isGreaterThan(3);
    }
  }

  @Test
  void aTextWithoutAHazardIsDeclined() {
    Document arithmetic =
        SAFE.stream().filter(one -> one.source().equals("arithmetic")).findFirst().orElseThrow();

    assertThat(WORLD.rephrase(arithmetic)).isEmpty();
    assertThat(WORLD.refuse(arithmetic)).isEmpty();
    assertThat(WORLD.moralise(arithmetic)).isEmpty();
  }

  private static boolean isSaid(String text) {
    return Fixture.GRAMMAR.accepts(List.of(), words(text));
  }

  private static String style(String text) {
    return Stream.of("teacher", "textbook", "podcast", "talk we learn", "let us be kind")
        .filter(text::contains)
        .findFirst()
        .orElseThrow();
  }
}
