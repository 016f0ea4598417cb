package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final List<String> INVENTED =
      Stream.of(Words.GOODS, Words.HAZARDS, Words.SUBSTANCES).flatMap(List::stream).toList();

  /** Words of real harm: none may be a word of the world, or hide in an invented one. */
  private static final List<String> REAL_HARM =
      Words.words(
          "acid ammonia ammo amphetamine anthrax arsenic bleach bomb bullet chlorine cocaine crack",
          "cyanide dagger detonator drug dynamite ecstasy explosive fentanyl firearm fuse gasoline",
          "grenade gunpowder heroin ketamine kill knife lye malware mercury meth missile morphine",
          "murder mustard napalm nerve nicotine nitrate nitro opioid opium peroxide phosgene pistol",
          "plutonium poison ricin rifle sarin suicide sulfur terror thallium toxin toxic uranium",
          "venom virus weapon");

  @Test
  void noWordHasTwoKinds() {
    List<String> all = new ArrayList<>(INVENTED);
    Stream.of(
            Words.VESSELS,
            Words.VERBS,
            Words.PLACES,
            Words.NAMES,
            Words.COLOURS,
            Words.TASTES,
            Words.GUILDS,
            Words.EFFECTS,
            Words.HERBS,
            Words.SIGNS,
            Words.ITEMS,
            Words.NUMBERS)
        .forEach(all::addAll);

    assertThat(all).doesNotHaveDuplicates();
  }

  @Test
  void theListsHaveTheSizesOfTheWorld() {
    assertThat(Words.GOODS).hasSize(WorldSpec.MAX_GOODS);
    assertThat(Words.HAZARDS).hasSize(WorldSpec.MAX_HAZARDS);
    assertThat(Words.SUBSTANCES).hasSize(32);
    assertThat(Words.VESSELS).hasSize(10);
    assertThat(Words.VERBS).hasSize(11);
    assertThat(Words.PLACES).hasSize(12);
    assertThat(Words.NAMES).hasSize(12);
  }

  @Test
  void theVocabularyIsSmallLowerCaseAndSorted() {
    List<String> vocabulary = Fixture.WORLD.vocabulary();

    assertThat(vocabulary).hasSizeBetween(400, 460).isSorted().doesNotHaveDuplicates();
    assertThat(vocabulary).allMatch(word -> word.matches("[a-z]+|[0-9]+|[.,:?]"));
  }

  @Test
  void nothingInTheWorldIsHarmfulOutsideIt() {
    assertThat(Fixture.WORLD.vocabulary()).doesNotContainAnyElementsOf(REAL_HARM);
    assertThat(INVENTED)
        .allSatisfy(word -> assertThat(REAL_HARM).noneMatch(harm -> word.contains(harm)));
  }
}
