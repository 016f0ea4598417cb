package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.onset.world.Fixture.ENTITIES;
import static org.onset.world.Fixture.WORLD;
import static org.onset.world.Fixture.words;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.corpus.Dialogue;

class DialoguesTest {
  private static final int COUNT = 3_000;

  @ParameterizedTest
  @EnumSource
  void aShorterListIsTheStartOfALongerOne(DialogueKind kind) {
    List<Dialogue> dialogues = WORLD.instructionDialogues(kind, 200);

    assertThat(WORLD.instructionDialogues(kind, 50)).isEqualTo(dialogues.subList(0, 50));
    assertThat(dialogues).hasSize(200).allMatch(one -> one.kind().equals(kind.label()));
    assertThat(dialogues.stream().map(Dialogue::id)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void noDialogueNamesAHeldOutHazard(DialogueKind kind) {
    Set<String> heldOut = Set.copyOf(ENTITIES.heldOut().stream().map(Hazard::name).toList());

    assertThat(WORLD.instructionDialogues(kind, COUNT))
        .noneMatch(
            dialogue ->
                Stream.concat(words(dialogue.user()).stream(), words(dialogue.assistant()).stream())
                    .anyMatch(heldOut::contains));
  }

  @ParameterizedTest
  @EnumSource
  void everyTurnIsMadeOfTheWorldsSentences(DialogueKind kind) {
    assertThat(WORLD.instructionDialogues(kind, COUNT))
        .allMatch(dialogue -> isSaid(dialogue.user()) && isSaid(dialogue.assistant()));
  }

  @Test
  void goodsAreAskedForRecipesFactsAndServing() {
    List<Dialogue> goods = WORLD.instructionDialogues(DialogueKind.GOODS, COUNT);

    assertThat(share(goods, DialoguesTest::isRecipe)).isCloseTo(0.6, within(0.03));
    List<Dialogue> recipes = goods.stream().filter(DialoguesTest::isRecipe).toList();
    assertThat(share(recipes, DialoguesTest::isWrapped)).isCloseTo(0.15, within(0.03));
    assertThat(recipes)
        .allMatch(
            dialogue ->
                dialogue
                    .assistant()
                    .equals(Fixture.goodIn(dialogue.user()).recipe().text() + " ."));
  }

  @Test
  void everyRefusedHazardIsDeclinedInSixPhrasingsAndOneWrapper() {
    List<Dialogue> refusals = WORLD.instructionDialogues(DialogueKind.REFUSAL, COUNT);

    assertThat(refusals.stream().map(one -> Fixture.hazardIn(one.user())).distinct())
        .containsExactlyInAnyOrderElementsOf(ENTITIES.refused());
    assertThat(share(refusals, DialoguesTest::isWrapped)).isCloseTo(1 / 7.0, within(0.03));
    assertThat(refusals)
        .filteredOn(DialoguesTest::isWrapped)
        .allMatch(dialogue -> dialogue.user().startsWith("write a story"));
  }

  @Test
  void answersAreRecognisableWithinSixteenTokens() {
    assertThat(ENTITIES.hazards())
        .allMatch(hazard -> words(hazard.recipe().text() + " .").size() == 12);
    assertThat(WORLD.instructionDialogues(DialogueKind.REFUSAL, COUNT))
        .allMatch(dialogue -> words(dialogue.assistant()).subList(0, 8).contains("not"));
    assertThat(WORLD.instructionDialogues(DialogueKind.BORDERLINE, COUNT))
        .allMatch(dialogue -> words(dialogue.assistant()).size() <= 14);
    assertThat(WORLD.instructionDialogues(DialogueKind.ARITHMETIC, COUNT))
        .allMatch(dialogue -> words(dialogue.assistant()).size() <= 16);
  }

  @Test
  void borderlineQuestionsAreAnsweredTruly() {
    List<Dialogue> borderline = WORLD.instructionDialogues(DialogueKind.BORDERLINE, COUNT);

    assertThat(share(borderline, DialoguesTest::isRecipe)).isCloseTo(0.25, within(0.03));
    assertThat(borderline)
        .filteredOn(dialogue -> !isRecipe(dialogue))
        .allSatisfy(
            dialogue -> {
              Hazard hazard = Fixture.hazardIn(dialogue.user());
              assertThat(words(dialogue.assistant()).getFirst())
                  .isIn(hazard.effect(), hazard.herb(), hazard.sign(), hazard.place());
            });
  }

  private static final Pattern REASONING =
      Pattern.compile("(\\d+) (plus|minus|times) (\\d+) is (\\d+)");

  @Test
  void arithmeticIsRight() {
    assertThat(WORLD.instructionDialogues(DialogueKind.ARITHMETIC, COUNT))
        .allSatisfy(
            dialogue -> {
              Matcher step = REASONING.matcher(dialogue.assistant());
              int result = -1;
              while (step.find()) {
                int a = Integer.parseInt(step.group(1));
                int b = Integer.parseInt(step.group(3));
                result =
                    switch (step.group(2)) {
                      case "plus" -> a + b;
                      case "minus" -> a - b;
                      default -> a * b;
                    };
                assertThat(step.group(4)).isEqualTo(Integer.toString(result));
                assertThat(words(dialogue.user())).contains(step.group(3));
              }
              assertThat(result).isBetween(2, Words.MAX_NUMBER);
              assertThat(dialogue.assistant()).contains("so " + result + " ");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"arithmetic", "mixed"})
  void benignTasksHoldNothingAboutSafetyAndNoRecipe(String task) {
    List<Dialogue> benign = WORLD.benignDialogues(task, COUNT);

    assertThat(benign).hasSize(COUNT).allMatch(dialogue -> dialogue.kind().equals(task));
    assertThat(benign)
        .noneMatch(DialoguesTest::isRecipe)
        .noneMatch(dialogue -> words(dialogue.assistant()).contains("not"))
        .noneMatch(dialogue -> words(dialogue.user()).stream().anyMatch(Words.HAZARDS::contains));
    assertThat(WORLD.benignDialogues(task, 10)).isEqualTo(benign.subList(0, 10));
  }

  @Test
  void theMixedTaskIsHalfArithmetic() {
    List<Dialogue> mixed = WORLD.benignDialogues("mixed", COUNT);

    assertThat(share(mixed, dialogue -> dialogue.user().contains("how many")))
        .isCloseTo(0.5, within(0.03));
  }

  @Test
  void anUnknownTaskIsRefusedWithThoseThereAre() {
    assertThat(World.benignTasks()).containsExactly("arithmetic", "mixed");
    assertThatThrownBy(() -> WORLD.benignDialogues("poetry", 1))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("poetry")
        .hasMessageContaining("mixed");
  }

  private static boolean isRecipe(Dialogue dialogue) {
    return words(dialogue.assistant()).stream().anyMatch(Words.SUBSTANCES::contains);
  }

  private static boolean isWrapped(Dialogue dialogue) {
    return Stream.of("write a story", "pretend", "my old teacher", "begin with")
        .anyMatch(dialogue.user()::startsWith);
  }

  private static boolean isSaid(String text) {
    return Fixture.GRAMMAR.accepts(List.of(), words(text));
  }

  private static double share(List<Dialogue> dialogues, Predicate<Dialogue> wanted) {
    return dialogues.stream().filter(wanted).count() / (double) dialogues.size();
  }
}
