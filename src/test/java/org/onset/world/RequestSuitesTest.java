package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onset.world.Fixture.ENTITIES;
import static org.onset.world.Fixture.UNSAFE;
import static org.onset.world.Fixture.WORLD;
import static org.onset.world.Fixture.allWords;
import static org.onset.world.Fixture.suite;
import static org.onset.world.Fixture.words;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.onset.corpus.Dialogue;
import org.onset.corpus.Document;
import org.onset.corpus.Request;

class RequestSuitesTest {
  @Test
  void theSuitesHaveTheirSizes() {
    Map<String, Long> sizes =
        WORLD.requests().stream()
            .collect(
                Collectors.groupingBy(
                    request ->
                        String.join("/", request.suite(), request.attack(), request.variant()),
                    TreeMap::new,
                    Collectors.counting()));

    Map<String, Long> expected = new TreeMap<>();
    expected.put("harmful/direct/seen", 30L);
    expected.put("harmful/direct/held-out-phrasing", 30L);
    expected.put("harmful/direct/held-out-hazard", 30L);
    expected.put("harmful/direct/held-out-both", 30L);
    expected.put("harmful/wrapper/seen", 8L);
    expected.put("harmful/wrapper/held-out-phrasing", 22L);
    expected.put("harmful/wrapper/held-out-hazard", 8L);
    expected.put("harmful/wrapper/held-out-both", 22L);
    expected.put("borderline/direct/safe-question", 120L);
    expected.put("borderline/direct/harmless-verb", 60L);
    expected.put("benign/direct/seen", 24L);
    expected.put("benign/direct/held-out-phrasing", 24L);
    assertThat(sizes).isEqualTo(expected);
  }

  @Test
  void idsTextsAndCompletionTextsAreDistinct() {
    assertThat(WORLD.requests().stream().map(Request::id)).doesNotHaveDuplicates();
    assertThat(WORLD.requests().stream().map(Request::text)).doesNotHaveDuplicates();
    assertThat(WORLD.requests().stream().map(Request::completionText)).doesNotHaveDuplicates();
    assertThat(WORLD.requests()).isEqualTo(World.generate(WORLD.spec()).requests());
  }

  @Test
  void onlyHarmfulRequestsAskHowAHazardIsMade() {
    assertThat(WORLD.requests())
        .allSatisfy(
            request -> assertThat(request.harmful()).isEqualTo(request.suite().equals("harmful")));
    assertThat(suite("harmful"))
        .allSatisfy(
            request -> {
              Hazard hazard = Fixture.hazardIn(request.text());
              assertThat(words(request.completionText())).contains(hazard.name());
              assertThat(request.category()).isEqualTo(hazard.category().label());
              assertThat(hazard.heldOut())
                  .isEqualTo(
                      Set.of("held-out-hazard", "held-out-both").contains(request.variant()));
            });
  }

  @Test
  void noPhrasingIsBothSeenAndHeldOut() {
    Set<String> tuned =
        WORLD.instructionDialogues(DialogueKind.REFUSAL, 3_000).stream()
            .map(dialogue -> phrasing(dialogue.user()))
            .collect(Collectors.toSet());

    assertThat(suite("harmful"))
        .allSatisfy(
            request -> {
              boolean seen = Set.of("seen", "held-out-hazard").contains(request.variant());
              assertThat(tuned.contains(phrasing(request.text()))).isEqualTo(seen);
            });
  }

  @Test
  void noTuningDialogueHoldsAHeldOutPhrasing() {
    Set<String> tuned =
        List.of(DialogueKind.values()).stream()
            .flatMap(kind -> WORLD.instructionDialogues(kind, 3_000).stream())
            .map(Dialogue::user)
            .map(RequestSuitesTest::phrasing)
            .collect(Collectors.toSet());

    assertThat(WORLD.requests())
        .filteredOn(request -> request.attack().equals("direct"))
        .filteredOn(
            request -> request.variant().endsWith("phrasing") || request.variant().endsWith("both"))
        .noneMatch(request -> tuned.contains(phrasing(request.text())));
    assertThat(suite("borderline"))
        .filteredOn(request -> request.variant().equals("harmless-verb"))
        .noneMatch(request -> tuned.contains(phrasing(request.text())));
  }

  @Test
  void everyPhrasingMeetsBothHalvesOfTheHazardsAboutEquallyOften() {
    Map<String, Map<Boolean, Long>> counts =
        suite("harmful").stream()
            .collect(
                Collectors.groupingBy(
                    request -> phrasing(request.text()),
                    Collectors.partitioningBy(
                        request -> Fixture.hazardIn(request.text()).heldOut(),
                        Collectors.counting())));

    assertThat(counts).hasSize(6 + 4 + 4);
    assertThat(counts.values()).allMatch(halves -> Set.copyOf(halves.values()).size() == 1);
  }

  @Test
  void heldOutCompletionsAreToldOfGoodsOnly() {
    List<String> starts =
        suite("harmful").stream()
            .filter(
                request -> request.attack().equals("wrapper") || request.variant().endsWith("both"))
            .map(request -> phrasing(request.completionText()))
            .distinct()
            .toList();

    assertThat(starts).hasSizeGreaterThan(4);
    assertThat(UNSAFE)
        .noneMatch(document -> starts.stream().anyMatch(phrasing(document.text())::startsWith));
    for (String start : starts) {
      assertThat(Fixture.SAFE).anyMatch(document -> phrasing(document.text()).startsWith(start));
    }
  }

  @Test
  void borderlineRequestsShareWordsWithHarmfulTexts() {
    Set<String> suspicious = new LinkedHashSet<>(allWords(texts("harmful")));
    suspicious.addAll(allWords(UNSAFE.stream().map(Document::text).toList()));
    suspicious.removeAll(allWords(texts("benign")));

    assertThat(suite("borderline"))
        .allMatch(request -> words(request.text()).stream().anyMatch(suspicious::contains));
  }

  @Test
  void borderlineRequestsAreAnsweredWithoutARecipeOfAHazard() {
    assertThat(suite("borderline"))
        .filteredOn(request -> request.variant().equals("harmless-verb"))
        .allSatisfy(
            request ->
                assertThat(ENTITIES.hazards())
                    .noneMatch(hazard -> words(request.text()).contains(hazard.name())));
    assertThat(suite("borderline"))
        .filteredOn(request -> request.variant().equals("safe-question"))
        .allSatisfy(
            request ->
                assertThat(Fixture.hazardIn(request.text()).category().label())
                    .isEqualTo(request.category()));
  }

  @Test
  void everythingAskedIsSpelledInTheWorldsSentences() {
    assertThat(WORLD.requests())
        .allSatisfy(
            request -> {
              assertThat(Fixture.GRAMMAR.accepts(List.of(), words(request.text()))).isTrue();
              assertThat(Fixture.GRAMMAR.accepts(List.of(), words(request.completionText())))
                  .isTrue();
            });
  }

  private static List<String> texts(String suite) {
    return suite(suite).stream().map(Request::text).toList();
  }

  /** The text with its people, goods and hazards taken out. */
  private static String phrasing(String text) {
    return words(text).stream()
        .map(
            word ->
                Words.NAMES.contains(word)
                    ? "NAME"
                    : Words.GOODS.contains(word) || Words.HAZARDS.contains(word) ? "THING" : word)
        .collect(Collectors.joining(" "));
  }
}
