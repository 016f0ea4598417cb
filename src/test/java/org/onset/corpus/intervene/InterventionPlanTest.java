package org.onset.corpus.intervene;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterventionPlanTest {
  private static final String RULES =
      """
      interventions:
        kept: {kind: keep, scores: [4, 5]}
        tagged: {kind: tag, scores: [4, 5], probability: 5%}
        moral: {kind: moralise, scores: [4, 5], writer: {files: [morals.jsonl]}}
        refusal: {kind: refuse, scores: [4, 5], writer: {templates: {}}}
        reflected: {kind: reflect, scores: [4, 5], writer: {endpoint: {baseUrl: "http://localhost:1/v1", model: m}}}
      """;

  @TempDir private Path folder;

  @Test
  void aFingerprintChangesWithWhatDeterminesTheOutcomesAndOnlyThen() throws Exception {
    InterventionPlan plan = plan(RULES, "<tag>", 1);

    assertThat(plan.fingerprint()).hasSize(64).isEqualTo(plan(RULES, "<tag>", 1).fingerprint());
    assertThat(changed("<tag>", 2, "", ""))
        .containsExactly("kept", "tagged", "moral", "refusal", "reflected");
    assertThat(changed("<TAG>", 1, "", "")).hasSize(5);
    assertThat(changed("<tag>", 1, "probability: 5%", "probability: 3%")).containsExactly("tagged");
    assertThat(changed("<tag>", 1, "{kind: keep, scores: [4, 5]}", "{kind: keep, scores: [4]}"))
        .containsExactly("kept");
    assertThat(changed("<tag>", 1, "{kind: keep, scores: [4, 5]}", "{kind: keep, scores: [5, 4]}"))
        .isEmpty();
    assertThat(changed("<tag>", 1, "model: m", "model: n")).containsExactly("reflected");
    assertThat(changed("<tag>", 1, "model: m", "model: m, maxParallel: 1, tokenBudget: 5"))
        .isEmpty();
    assertThat(changed("<tag>", 1, "localhost:1", "elsewhere:2")).isEmpty();
    assertThat(changed("<tag>", 1, "model: m}", "model: m}, asking: {maxTokens: 9}"))
        .containsExactly("reflected");
    assertThat(changed("<tag>", 1, "{templates: {}}", "{files: [morals.jsonl]}"))
        .containsExactly("refusal");
  }

  @Test
  void aFingerprintIsOfTheContentOfFilesWhereverTheyLie() throws Exception {
    String before = plan(RULES, "<tag>", 1).fingerprint("moral");
    Files.copy(folder.resolve("morals.jsonl"), folder.resolve("copy.jsonl"));

    assertThat(changed("<tag>", 1, "morals.jsonl", "copy.jsonl")).isEmpty();
    Files.writeString(folder.resolve("copy.jsonl"), "{\"text\": \"Another text.\"}");
    assertThat(changed("<tag>", 1, "morals.jsonl", "copy.jsonl")).containsExactly("moral");
    assertThat(plan(RULES, "<tag>", 1).fingerprint("moral")).isEqualTo(before);
  }

  @Test
  void aRenamedStreamMakesAnotherWholeOfTheSameParts() throws Exception {
    InterventionPlan plan = plan(RULES, "<tag>", 1);
    InterventionPlan renamed = plan(RULES.replace("kept:", "raw:"), "<tag>", 1);

    assertThat(renamed.fingerprint("raw")).isEqualTo(plan.fingerprint("kept"));
    assertThat(renamed.fingerprint()).isNotEqualTo(plan.fingerprint());
  }

  @Test
  void aPlanThatTravelledDoesTheSameWithoutItsFiles() throws Exception {
    String rules =
        RULES.lines().filter(line -> !line.contains("endpoint")).reduce("", (a, b) -> a + b + "\n");
    InterventionPlan plan = plan(rules, "<tag>", 1);
    Files.delete(folder.resolve("morals.jsonl"));
    List<Scored> documents = List.of(new Scored("a", "one two three", 4, Optional.of("crime")));

    InterventionPlan arrived = copyOf(plan);

    assertThat(arrived.fingerprint()).isEqualTo(plan.fingerprint());
    assertThat(arrived.asksModels()).isFalse();
    assertThat(apply(arrived, documents)).isEqualTo(apply(plan, documents));
    assertThat(copyOf(plan(RULES, "<tag>", 1)).asksModels()).isTrue();
  }

  @Test
  void outcomesAndCountsTravelToo() throws Exception {
    List<Applied> applied =
        apply(
            plan(
                RULES
                    .lines()
                    .filter(line -> !line.contains("endpoint"))
                    .reduce("", (a, b) -> a + b + "\n"),
                "<tag>",
                1),
            List.of(
                new Scored("a", "one", 4, Optional.empty()),
                new Scored("b", " ", 5, Optional.empty())));

    assertThat(copyOf(applied.getFirst())).isEqualTo(applied.getFirst());
    assertThat(copyOf(applied.getLast())).isEqualTo(applied.getLast());
    assertThat(copyOf(Counts.of(applied))).isEqualTo(Counts.of(applied));
  }

  private List<Applied> apply(InterventionPlan plan, List<Scored> documents) throws Exception {
    try (Interventions interventions =
        plan.open(folder.resolve("answers"), texts -> texts.stream().map(_ -> 0).toList())) {
      return interventions.apply(documents);
    }
  }

  /** The streams whose fingerprint changes. */
  private List<String> changed(String tag, long seed, String from, String to) throws IOException {
    InterventionPlan before = plan(RULES, "<tag>", 1);
    InterventionPlan after = plan(RULES.replace(from, to), tag, seed);
    return before.rules().keySet().stream()
        .filter(stream -> !before.fingerprint(stream).equals(after.fingerprint(stream)))
        .toList();
  }

  private InterventionPlan plan(String rules, String tag, long seed) throws IOException {
    Path morals = folder.resolve("morals.jsonl");
    if (Files.notExists(morals)) {
      Files.writeString(
          morals,
          "{\"text\": \"" + "A lesson on harm, and on those who bear it. ".repeat(6) + "\"}");
    }
    Map<String, Rule> read = RuleDraft.read(folder, rules);
    return InterventionPlan.of(read, tag, seed);
  }

  @SuppressWarnings("unchecked") // a copy has its original's class
  private static <T> T copyOf(T original) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(original);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }
}
