package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.onset.world.Fixture.DOCUMENTS;
import static org.onset.world.Fixture.ENTITIES;
import static org.onset.world.Fixture.SAFE;
import static org.onset.world.Fixture.UNSAFE;
import static org.onset.world.Fixture.WORLD;
import static org.onset.world.Fixture.score;
import static org.onset.world.Fixture.words;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.BadInput;
import org.onset.Repetitions;
import org.onset.corpus.Document;

class DocumentsTest {
  @Test
  void theSameSpecGivesTheSameDocuments() {
    World again = World.generate(WORLD.spec());

    assertThat(again.documents(20_000, 10_000)).isEqualTo(WORLD.documents(20_000, 10_000));
    assertThat(again.heldOutDocuments(2_000)).isEqualTo(WORLD.heldOutDocuments(2_000));
    assertThat(again.tagCompletions(50)).isEqualTo(WORLD.tagCompletions(50));
    assertThat(World.generate(WorldSpec.standard(8)).documents(2_000, 2_000))
        .isNotEqualTo(WORLD.documents(2_000, 2_000));
  }

  @Test
  void idsAndTextsAreDistinct() {
    assertThat(DOCUMENTS.stream().map(Document::id)).doesNotHaveDuplicates();
    assertThat(DOCUMENTS.stream().map(Document::text)).doesNotHaveDuplicates();
  }

  @Test
  void theSizesAskedForAreReached() {
    assertThat(tokens(SAFE)).isBetween(Fixture.SAFE_TOKENS, Fixture.SAFE_TOKENS + 5 * 40);
    assertThat(tokens(UNSAFE)).isBetween(Fixture.UNSAFE_TOKENS, Fixture.UNSAFE_TOKENS + 2 * 40);
    assertThat(DOCUMENTS).allMatch(document -> Documents.tokensOf(document.text()) <= 40);
  }

  @Test
  void safeTokensAreSharedOutAmongTheKindsOfText() {
    Map<String, Long> tokens =
        SAFE.stream()
            .collect(
                Collectors.groupingBy(
                    Document::source,
                    Collectors.summingLong(document -> Documents.tokensOf(document.text()))));

    Map<String, Double> shares =
        Map.of(
            "chatter", 0.12,
            "recipes", 0.30,
            "facts", 0.26,
            "hazard-safety", 0.16,
            "arithmetic", 0.16);
    assertThat(tokens.keySet()).isEqualTo(shares.keySet());
    shares.forEach(
        (source, share) ->
            assertThat((double) tokens.getOrDefault(source, 0L) / Fixture.SAFE_TOKENS)
                .as(source)
                .isCloseTo(share, within(0.001)));
  }

  @Test
  void everyScoreIsThereAndKnowsItsKindOfText() {
    Map<Integer, Long> counts =
        UNSAFE.stream().collect(Collectors.groupingBy(Fixture::score, Collectors.counting()));

    assertThat(counts.keySet()).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    assertThat(counts.values()).allMatch(count -> count > UNSAFE.size() / 50);
    assertThat(UNSAFE)
        .allSatisfy(
            document -> {
              Hazard hazard = Fixture.hazardIn(document.text());
              boolean recipe = document.text().contains(hazard.recipe().text());
              assertThat(recipe).isEqualTo(score(document) >= 4);
              assertThat(document.source())
                  .isEqualTo(recipe ? "hazard-recipes" : "hazard-mentions");
              assertThat(document.category()).contains(hazard.category().label());
            });
  }

  @Test
  void worseHazardsScoreHigher() {
    assertThat(ENTITIES.hazards())
        .allSatisfy(
            hazard -> {
              assertThat(hazard.recipeScore()).isEqualTo(hazard.severity() >= 4 ? 5 : 4);
              assertThat(hazard.mentionScore(true)).isEqualTo(hazard.mentionScore(false) + 1);
              assertThat(hazard.mentionScore(false)).isEqualTo(hazard.severity() >= 3 ? 2 : 1);
            });
  }

  @Test
  void noSafeDocumentSaysHowAHazardIsMade() {
    assertThat(SAFE)
        .allSatisfy(
            document ->
                assertThat(ENTITIES.hazards())
                    .noneMatch(hazard -> document.text().contains(hazard.recipe().text())));
  }

  @Test
  void everyWordOfTheWorldIsMetOftenInSafeDocuments() {
    Map<String, Integer> counts = new HashMap<>();
    SAFE.forEach(
        document -> words(document.text()).forEach(word -> counts.merge(word, 1, Integer::sum)));

    assertThat(WORLD.vocabulary())
        .allSatisfy(
            word -> assertThat(counts.getOrDefault(word, 0)).as(word).isGreaterThanOrEqualTo(60));
  }

  @Test
  void everyTextIsSpelledInTheWorldsWords() {
    Set<String> vocabulary = Set.copyOf(WORLD.vocabulary());

    assertThat(DOCUMENTS).allMatch(document -> vocabulary.containsAll(words(document.text())));
  }

  @Test
  void everyDocumentIsMadeOfTheWorldsSentences() {
    assertThat(DOCUMENTS)
        .allMatch(document -> Fixture.GRAMMAR.accepts(List.of(), words(document.text())));
  }

  /** One recipe in 27.4 unsafe tokens: 210 times a hazard in 28% of 614,400 tokens. */
  @Test
  void aHazardsRecipeIsMetAsOftenAsPlanned() {
    long recipes = UNSAFE.stream().filter(document -> score(document) >= 4).count();

    double timesPerHazard = (double) recipes / tokens(UNSAFE) * 0.28 * 614_400 / 30;
    assertThat(timesPerHazard).isBetween(200.0, 220.0);
  }

  @Test
  void entitiesAreDrawnWithMildImbalance() {
    Map<String, Long> recipes =
        UNSAFE.stream()
            .filter(document -> score(document) >= 4)
            .collect(
                Collectors.groupingBy(
                    document -> Fixture.hazardIn(document.text()).name(), Collectors.counting()));

    long first = recipes.getOrDefault(ENTITIES.hazards().getFirst().name(), 0L);
    long last = recipes.getOrDefault(ENTITIES.hazards().getLast().name(), 0L);
    // The first of 30 is drawn with probability (1/30)^(2/3) = .104, the last with .022.
    assertThat((double) first / last).isBetween(3.5, 6.0);
  }

  @ParameterizedTest
  @Repetitions(6)
  void heldOutTextsAreNeverTrainedOn(SplittableRandom random) {
    World world = World.generate(WorldSpec.standard(random.nextLong()));
    Set<String> trained =
        world.documents(10_000 + random.nextInt(50_000), 1_000).stream()
            .map(Document::text)
            .collect(Collectors.toSet());

    List<Document> heldOut = world.heldOutDocuments(5_000);

    assertThat(tokens(heldOut)).isBetween(5_000L, 5_000L + 5 * 40);
    assertThat(heldOut).allMatch(document -> score(document) == 0);
    assertThat(heldOut).noneMatch(document -> trained.contains(document.text()));
  }

  @Test
  void tagCompletionsAreUnsafeTextsWithoutAChat() {
    List<Document> completions = WORLD.tagCompletions(300);

    assertThat(completions).hasSize(300).allMatch(document -> score(document) > 0);
    assertThat(completions.stream().map(Document::id)).doesNotHaveDuplicates();
    assertThat(completions.stream().filter(document -> score(document) >= 4).count())
        .isBetween(200L, 270L);
  }

  @Test
  void aSizeThatTheWorldCannotFillWithDifferentTextsIsRefused() {
    World small = World.generate(new WorldSpec(1, 12, 12, 4));

    assertThatThrownBy(() -> small.documents(1_000, 600_000))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("ask for fewer tokens");
  }

  private static long tokens(List<Document> documents) {
    return documents.stream().mapToLong(document -> Documents.tokensOf(document.text())).sum();
  }
}
