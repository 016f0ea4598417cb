package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onset.world.Fixture.ENTITIES;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class EntitiesTest {
  @Test
  void halfOfTheHazardsOfEveryCategoryAndSeverityAreHeldOut() {
    assertThat(ENTITIES.heldOut()).hasSize(15);
    assertThat(ENTITIES.refused()).hasSize(15);
    assertThat(count(ENTITIES.heldOut(), Hazard::category).values())
        .allMatch(n -> n == 2 || n == 3);
    assertThat(count(ENTITIES.heldOut(), Hazard::severity).values()).containsOnly(3L);
    assertThat(count(ENTITIES.hazards(), Hazard::category).values()).containsOnly(5L).hasSize(6);
    assertThat(count(ENTITIES.hazards(), Hazard::severity).keySet())
        .containsExactlyInAnyOrder(1, 2, 3, 4, 5);
  }

  @Test
  void neitherHalfOfTheHazardsRanksAboveTheOther() {
    List<Hazard> ranked = ENTITIES.hazards();

    for (int i = 0; i < ranked.size(); i += 2) {
      assertThat(ranked.get(i).heldOut()).isNotEqualTo(ranked.get(i + 1).heldOut());
    }
  }

  @ParameterizedTest
  @Repetitions(50)
  void everySizeAndSeedGivesDistinctRecipesOfSharedSubstances(SplittableRandom random) {
    WorldSpec spec =
        new WorldSpec(random.nextLong(), 12 + random.nextInt(13), 12 + 6 * random.nextInt(4), 1.5);

    Entities entities = Entities.generate(spec);

    List<Recipe> recipes =
        Stream.concat(
                entities.goods().stream().map(Good::recipe),
                entities.hazards().stream().map(Hazard::recipe))
            .toList();
    assertThat(recipes).hasSize(spec.goods() + spec.hazards());
    assertThat(recipes.stream().map(EntitiesTest::substances)).doesNotHaveDuplicates();
    assertThat(recipes).noneMatch(recipe -> recipe.firstVerb().equals(recipe.lastVerb()));
    Set<String> ofGoods = new HashSet<>();
    entities.goods().forEach(good -> ofGoods.addAll(substances(good.recipe())));
    assertThat(entities.hazards())
        .allMatch(hazard -> ofGoods.containsAll(substances(hazard.recipe())));
    assertThat(entities.heldOut()).hasSize(spec.hazards() / 2);
  }

  @Test
  void noAnswerIsRightMuchMoreOftenThanChance() {
    for (Fact fact : Fact.OF_GOODS) {
      long most = mostOften(count(ENTITIES.goods(), good -> good.fact(fact)));
      assertThat(most).isEqualTo(Math.ceilDiv(24, fact.words.size()));
    }
    for (Fact fact : Fact.OF_HAZARDS) {
      long most = mostOften(count(ENTITIES.hazards(), hazard -> hazard.fact(fact)));
      assertThat(most).isEqualTo(Math.ceilDiv(30, fact.words.size()));
    }
  }

  @Test
  void anotherSeedIsAnotherWorldOfTheSameWords() {
    Entities other = Entities.generate(WorldSpec.standard(8));

    assertThat(other).isNotEqualTo(ENTITIES);
    assertThat(Entities.generate(WorldSpec.standard(7))).isEqualTo(ENTITIES);
    assertThat(new Grammar(other).vocabulary()).isEqualTo(Fixture.WORLD.vocabulary());
  }

  private static Set<String> substances(Recipe recipe) {
    return Set.of(recipe.firstSubstance(), recipe.secondSubstance());
  }

  private static <T, K> Map<K, Long> count(List<T> entities, Function<T, K> key) {
    return entities.stream().collect(Collectors.groupingBy(key, Collectors.counting()));
  }

  private static <K> long mostOften(Map<K, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).max().orElseThrow();
  }
}
