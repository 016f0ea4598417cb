package org.onset.corpus.intervene;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.Seeds;
import org.onset.corpus.Document;
import org.onset.corpus.Rewriter;
import org.onset.corpus.Streams;
import org.onset.corpus.Tagger;
import org.onset.corpus.intervene.Outcome.Failed;
import org.onset.corpus.intervene.Outcome.Made;

/** Everything that needs no model. */
class InterventionsTest {
  private static final String TAG = "<potentially unsafe content>";
  private static final String TEXT =
      "They met at the bridge. One of them was hurt badly.\n\nNobody came.";

  @TempDir private Path folder;

  @Test
  void eachStreamTakesItsScoresAndWhatNoneTakesIsRemoved() throws Exception {
    List<Applied> applied =
        apply(
            "safe: {kind: keep, scores: [0]}\n  some: {kind: keep, scores: [3, 1]}",
            List.of(scored("a", 0), scored("b", 1), scored("c", 2), scored("d", 3)));

    assertThat(applied).extracting(Applied::id).containsExactly("a", "b", "c", "d");
    assertThat(applied.get(0).streams()).containsExactly(Map.entry("safe", Made.of(TEXT, 0)));
    assertThat(applied.get(1).streams()).containsOnlyKeys("some");
    assertThat(applied.get(2).isRemoved()).isTrue();
    assertThat(applied.get(3).isRemoved()).isFalse();
    assertThat(Counts.of(applied))
        .isEqualTo(
            new Counts(
                4,
                1,
                0,
                Map.of(
                    "safe", new Counts.OfStream(1, 0, 0, Map.of()),
                    "some", new Counts.OfStream(2, 0, 0, Map.of()))));
  }

  @Test
  void literalTagsOfASourceGoAndAreCountedAndABlankRestIsAFailureOfEveryStream() throws Exception {
    List<Applied> applied =
        apply(
            "kept: {kind: keep, scores: [4]}\n  refused: {kind: refuse, scores: [4], writer: {templates: {}}}",
            List.of(
                new Scored("a", "one " + TAG + " two", 4, Optional.empty()),
                new Scored("b", TAG + "\u00a0" + TAG, 4, Optional.empty())));

    assertThat(applied.get(0).streams()).containsEntry("kept", Made.of("one two", 0));
    assertThat(applied.get(0).tagsRemoved()).isEqualTo(1);
    assertThat(applied.get(1).streams().values()).containsOnly(Failed.of(Reason.BLANK));
    assertThat(applied.get(1).isRemoved()).isFalse();
    assertThat(Counts.of(applied).sourceTags()).isEqualTo(3);
    assertThat(requireNonNull(Counts.of(applied).streams().get("refused")).failed())
        .containsExactly(Map.entry(Reason.BLANK, 1L));
  }

  @Test
  void tagsStandWhereTheStreamsOfAStudyHaveThem() throws Exception {
    String text = "word ".repeat(200).strip();
    Document document = new Document("a", text, "source", OptionalInt.of(2), Optional.empty());
    String ofStudy =
        Streams.route(List.of(document), Rewriter.none(), TAG, 0.1, new Seeds(7))
            .of(Streams.TAGGED)
            .getFirst()
            .text();

    Outcome outcome =
        only(
            apply(
                "tagged: {kind: tag, scores: [2], probability: 10%}",
                List.of(new Scored("a", text, 2, Optional.empty()))));

    assertThat(outcome).isEqualTo(Made.of(ofStudy, 0));
    assertThat(Tagger.untag(ofStudy, TAG).removed()).isPositive();
  }

  @Test
  void templatesWriteByCategoryAndTheSameForTheSameDocumentWhateverStandsBesideIt()
      throws Exception {
    String rules =
        """
        refusal: {kind: refuse, scores: [4, 5], writer: {templates: {}}}
          moral: {kind: moralise, scores: [4, 5], writer: {templates: {}}}
          reflected: {kind: reflect, scores: [4, 5], writer: {templates: {}}, everyWords: 5}
        """;
    List<Scored> documents = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      documents.add(
          new Scored("id-" + i, TEXT, 4 + i % 2, Optional.of(i % 3 == 0 ? "fraud" : "violence")));
    }
    List<Scored> shuffled = new ArrayList<>(documents);
    Collections.shuffle(shuffled, new Random(3));

    List<Applied> together = apply(rules, documents);
    List<Applied> inOtherOrder = apply(rules, shuffled);
    List<Applied> oneByOne = new ArrayList<>();
    for (Scored document : documents) {
      oneByOne.addAll(apply(rules, List.of(document)));
    }

    assertThat(together).isEqualTo(oneByOne).containsExactlyInAnyOrderElementsOf(inOtherOrder);
    assertThat(together.stream().map(one -> text(one, "refusal")).distinct()).hasSize(50);
    assertThat(text(together.get(0), "moral")).doesNotContain("violence");
    assertThat(together)
        .allSatisfy(
            one -> {
              assertThat(text(one, "refusal")).doesNotContain(TEXT);
              Made reflected = (Made) outcome(one, "reflected");
              assertThat(reflected.inserted()).hasSize(1);
              assertThat(withoutInsertions(reflected)).isEqualTo(TEXT);
            });
  }

  @Test
  void filesHoldTextsForADocumentOrForAny() throws Exception {
    write(
        "own.jsonl",
        "{\"id\": \"a\", \"text\": \"Ann: Tell me.\\n\\nBob: I can't help with that, and I won't try.\"}");
    write(
        "any.jsonl",
        "{\"text\": \"Cem: How is it done? Tell me.\\n\\nDan: I will not say, since it harms others.\"}");

    List<Applied> own =
        apply(
            "refused: {kind: refuse, scores: [5], writer: {files: [own.jsonl]}, lengths: {minCharacters: 20}}",
            List.of(scored("a", 5), scored("b", 5)));
    List<Applied> any =
        apply(
            "refused: {kind: refuse, scores: [5], writer: {files: [own.jsonl, any.jsonl]}, lengths: {minCharacters: 20}}",
            List.of(scored("a", 5), scored("b", 5)));

    assertThat(text(own.get(0), "refused")).startsWith("Ann: Tell me.");
    assertThat(outcome(own.get(1), "refused")).isEqualTo(Failed.of(Reason.NOT_IN_FILES));
    assertThat(text(any.get(0), "refused")).startsWith("Ann: ");
    assertThat(text(any.get(1), "refused")).startsWith("Cem: ");
  }

  @Test
  void textsOfAPoolAreChosenByTheDocumentsId() throws Exception {
    StringBuilder pool = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      pool.append("{\"text\": \"Lesson ").append(i).append(" on harm: it hurts.\"}\n");
    }
    write("pool.jsonl", pool.toString());
    List<Scored> documents = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      documents.add(scored("id-" + i, 5));
    }

    List<Applied> applied =
        apply(
            "moral: {kind: moralise, scores: [5], writer: {files: [pool.jsonl]}, lengths: {minCharacters: 5}}",
            documents);

    Map<String, Long> counts =
        applied.stream()
            .collect(Collectors.groupingBy(one -> text(one, "moral"), Collectors.counting()));
    assertThat(counts).hasSize(10);
    // 100 expected each, standard deviation 9.5; ±4 of them
    assertThat(counts.values()).allMatch(count -> count >= 62 && count <= 138);
  }

  @Test
  void textsOfFilesAreLookedThroughAndTheirTagsTakenOut() throws Exception {
    write(
        "texts.jsonl",
        """
        {"id": "good", "text": "Two people met, and one was hurt. %s Help did not come in time."}
        {"id": "short", "text": "Two met."}
        {"id": "same", "text": "They met at the bridge. One of them was hurt badly.\\n\\nNobody came."}
        {"id": "worse", "text": "They met at the bridge, and it was WORSE than anybody thought."}
        {"id": "meta", "text": "Sure, here is the text: two people met, and one of them was hurt."}
        """
            .formatted(TAG));
    List<Scored> documents =
        List.of(
            scored("good", 3),
            scored("short", 3),
            scored("same", 3),
            scored("worse", 3),
            scored("meta", 3),
            scored("lost", 3));

    List<Applied> applied =
        apply(
            "told: {kind: rephrase, scores: [3], writer: {files: [texts.jsonl]}}",
            documents,
            text -> text.contains("WORSE") ? 3 : 2);

    assertThat(outcome(applied.getFirst(), "told"))
        .isEqualTo(Made.of("Two people met, and one was hurt. Help did not come in time.", 1));
    assertThat(Counts.of(applied).streams())
        .containsExactly(
            Map.entry(
                "told",
                new Counts.OfStream(
                    1,
                    1,
                    0,
                    Map.of(
                        Reason.TOO_SHORT, 1L,
                        Reason.UNCHANGED, 1L,
                        Reason.SCORES_NO_LOWER, 1L,
                        Reason.META_TEXT, 1L,
                        Reason.NOT_IN_FILES, 1L))));
  }

  @Test
  void reflectionsOfFilesAreTakenInTurn() throws Exception {
    write("one.jsonl", "{\"text\": \"First remark on it.\"}\n{\"text\": \"Second remark on it.\"}");
    String text = "One two three four. Five six seven eight. Nine ten eleven twelve.";

    Made made =
        (Made)
            only(
                apply(
                    "noted: {kind: reflect, scores: [1], writer: {files: [one.jsonl]}, everyWords: 3, lengths: {minCharacters: 5}}",
                    List.of(new Scored("a", text, 1, Optional.empty()))));

    assertThat(made.inserted()).hasSize(3);
    List<String> remarks =
        made.inserted().stream()
            .map(span -> made.text().substring(span.start(), span.end()).strip())
            .toList();
    assertThat(remarks.get(0)).isNotEqualTo(remarks.get(1)).isEqualTo(remarks.get(2));
    assertThat(withoutInsertions(made)).isEqualTo(text);
  }

  @Test
  void everythingWrongWithTheFilesIsSaidAtOnce() throws Exception {
    write("bad.jsonl", "{\"id\": \"a\"}\n{\"id\": \"b\", \"text\": \" \"}\n{\"text\"");
    write("empty.jsonl", "");

    assertThatThrownBy(
            () ->
                apply(
                    "x: {kind: refuse, scores: [5], writer: {files: [bad.jsonl, gone.jsonl]}}\n"
                        + "  y: {kind: moralise, scores: [5], writer: {files: [empty.jsonl]}}",
                    List.of()))
        .isInstanceOfSatisfying(
            BadInput.class,
            bad ->
                assertThat(bad.problems())
                    .satisfiesExactly(
                        line -> assertThat(line).contains("bad.jsonl:1: has no column `text`"),
                        line -> assertThat(line).contains("bad.jsonl:2: `text` is empty"),
                        line -> assertThat(line).contains("bad.jsonl:3: is not valid JSON"),
                        line -> assertThat(line).contains("gone.jsonl: there is no such file"),
                        line -> assertThat(line).contains("empty.jsonl: holds nothing")));
  }

  @Test
  void countsOfPartsAddUp() throws Exception {
    String rules =
        "kept: {kind: keep, scores: [1, 2]}\n  noted: {kind: reflect, scores: [1], writer: {templates: {}}}";
    List<Scored> documents =
        List.of(
            scored("a", 1),
            scored("b", 2),
            scored("c", 3),
            new Scored("d", TAG, 1, Optional.empty()));

    Counts whole = Counts.of(apply(rules, documents));
    Counts parts =
        Counts.of(apply(rules, documents.subList(0, 1)))
            .plus(Counts.of(apply(rules, documents.subList(1, 4))));

    assertThat(parts).isEqualTo(whole).isEqualTo(Counts.NONE.plus(whole));
  }

  private List<Applied> apply(String rules, List<Scored> documents) throws Exception {
    return apply(
        rules,
        documents,
        text -> {
          throw new AssertionError("nothing was to be scored, but " + text);
        });
  }

  private List<Applied> apply(String rules, List<Scored> documents, ToIntFunction<String> scorer)
      throws Exception {
    Map<String, Rule> read = RuleDraft.read(folder, "interventions:\n  " + rules);
    Path answers = folder.resolve("answers");
    try (Interventions interventions =
        InterventionPlan.of(read, TAG, 7)
            .open(answers, texts -> texts.stream().map(scorer::applyAsInt).toList())) {
      List<Applied> applied = interventions.apply(documents);
      assertThat(answers).doesNotExist();
      return applied;
    }
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private static Scored scored(String id, int score) {
    return new Scored(id, TEXT, score, Optional.empty());
  }

  private static Outcome only(List<Applied> applied) {
    assertThat(applied).hasSize(1);
    assertThat(applied.getFirst().streams()).hasSize(1);
    return applied.getFirst().streams().values().iterator().next();
  }

  private static Outcome outcome(Applied applied, String stream) {
    return requireNonNull(applied.streams().get(stream));
  }

  private static String text(Applied applied, String stream) {
    return ((Made) outcome(applied, stream)).text();
  }

  private static String withoutInsertions(Made made) {
    StringBuilder text = new StringBuilder(made.text());
    made.inserted().reversed().forEach(span -> text.delete(span.start(), span.end()));
    return text.toString();
  }
}
