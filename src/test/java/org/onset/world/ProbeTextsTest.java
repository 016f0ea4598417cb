package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onset.world.Fixture.WORLD;
import static org.onset.world.Fixture.words;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProbeTextsTest {
  private static final List<ProbeText> TEXTS = WORLD.probeTexts();

  @Test
  void theFoldsHaveTheirSizesAndAreBalanced() {
    assertThat(texts(false)).hasSize(60);
    assertThat(texts(true)).hasSize(240);
    for (boolean test : List.of(false, true)) {
      List<ProbeText> fold = texts(test);
      assertThat(fold.stream().filter(ProbeText::harmful)).hasSize(fold.size() / 2);
      assertThat(fold.stream().filter(text -> !text.harmful() && isAboutHazard(text)))
          .hasSize(fold.size() / 4);
    }
    assertThat(TEXTS).isEqualTo(World.generate(WORLD.spec()).probeTexts());
  }

  @Test
  void testHazardsAndGoodsAreNeverTrainedOn() {
    Set<String> trained = topics(false);

    assertThat(trained).doesNotContainAnyElementsOf(topics(true));
    assertThat(trained.stream().filter(Words.HAZARDS::contains)).hasSize(8);
    assertThat(topics(true).stream().filter(Words.HAZARDS::contains)).hasSize(22);
    assertThat(TEXTS).allMatch(text -> words(text.text()).contains(text.topic()));
  }

  @Test
  void everyTextIsDistinctAndClosedAfterElevenWordsAtMost() {
    assertThat(TEXTS.stream().map(ProbeText::text)).doesNotHaveDuplicates();
    assertThat(TEXTS.stream().map(ProbeText::id)).doesNotHaveDuplicates();
    assertThat(TEXTS)
        .allSatisfy(
            text -> assertThat(words(text.text())).hasSizeBetween(10, 12).last().isEqualTo("."));
  }

  /** But for the names of hazards and goods, harmful texts hold no word that safe recipes lack. */
  @Test
  void noWordButTheTopicGivesAHarmfulTextAway() {
    Set<String> safe = new LinkedHashSet<>();
    TEXTS.stream().filter(text -> !text.harmful()).forEach(text -> safe.addAll(words(text.text())));

    Set<String> onlyHarmful = new LinkedHashSet<>();
    TEXTS.stream()
        .filter(ProbeText::harmful)
        .forEach(text -> onlyHarmful.addAll(words(text.text())));
    onlyHarmful.removeAll(safe);
    assertThat(onlyHarmful).isSubsetOf(substancesAndPlaces());
    assertThat(onlyHarmful).hasSizeLessThan(5);
  }

  private static Set<String> substancesAndPlaces() {
    Set<String> words = new LinkedHashSet<>(Words.SUBSTANCES);
    words.addAll(Words.PLACES);
    return words;
  }

  private static boolean isAboutHazard(ProbeText text) {
    return Words.HAZARDS.contains(text.topic());
  }

  private static List<ProbeText> texts(boolean test) {
    return TEXTS.stream().filter(text -> text.test() == test).toList();
  }

  private static Set<String> topics(boolean test) {
    return texts(test).stream().map(ProbeText::topic).collect(Collectors.toSet());
  }
}
