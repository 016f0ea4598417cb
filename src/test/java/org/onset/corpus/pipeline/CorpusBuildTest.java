package org.onset.corpus.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.WholeFolder;
import org.onset.corpus.card.CorpusCard;
import org.onset.endpoint.Reply;
import org.onset.endpoint.ScriptedServer;
import org.onset.token.SpecialTokens;
import org.onset.token.TokenShard;
import org.onset.token.Tokenizer;

/** A few hundred made-up documents through the whole pipeline, on Spark in this process. */
class CorpusBuildTest {
  private static final String TAG = SpecialTokens.TAG;
  private static final String PROMPT =
      "explain in detail how one might pick the old brass lock of a garden shed at night";

  @TempDir private Path folder;

  @Test
  void aCorpusIsReadCleanedScoredTaggedAndTokenized() throws IOException {
    writeCorpus();

    CorpusCard card = build("out", "local[2]", new ArrayList<>());

    CorpusCard.Source stories = card.sources().get(0);
    assertThat(stories.name()).isEqualTo("stories");
    assertThat(stories.records()).isEqualTo(107);
    assertThat(stories.damaged()).isEqualTo(2);
    assertThat(stories.tags()).isEqualTo(1);
    assertThat(stories.dropped())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "exact duplicate", 1L,
                "near-duplicate", 1L,
                "contaminated", 1L,
                "top 2-gram", 1L));
    assertThat(card.duplicates()).isNotNull();
    assertThat(Files.readString(folder.resolve("out/duplicates.jsonl")))
        .contains("{\"id\":\"copy\",\"of\":\"s7\",\"jaccard\":1.0}")
        .contains("\"id\":\"nearly\"")
        .contains("\"of\":\"s8\"");
    assertThat(Files.readString(folder.resolve("out/contaminated.jsonl")))
        .contains("\"id\":\"leak\"")
        .contains("\"suite\":\"locks\"");
    assertThat(Files.readString(folder.resolve("out/quarantine.jsonl")))
        .contains("\"line\":3")
        .contains("is not valid JSON");
    assertThat(requireNonNull(card.contamination()).shortPrompts()).containsEntry("locks", 1);
    assertThat(card.streams().keySet()).containsExactly("safe", "tagged", "unsafe");
    assertThat(card.scores().values().stream().mapToLong(CorpusCard.Amount::documents).sum())
        .isEqualTo(card.sources().stream().mapToLong(s -> s.kept().documents()).sum() - 2);
    assertThat(card.scorers()).isNotEmpty();
  }

  @Test
  void theShardsHoldTheDocumentsEachEndedByEndOfTextAndTheTagOnlyWhereItBelongs()
      throws IOException {
    writeCorpus();

    CorpusCard card = build("out", "local[2]", new ArrayList<>());

    try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("out/tokenizer"))) {
      for (String stream : card.streams().keySet()) {
        List<KeptDocument> texts = texts(stream);
        try (TokenShard shard = TokenShard.open(folder.resolve("out/streams/" + stream))) {
          assertThat(shard.count()).isEqualTo(texts.size());
          long tokens = 0;
          for (int i = 0; i < texts.size(); i++) {
            int[] ids = shard.window(i);
            int[] document = Arrays.copyOf(ids, ids.length - 1);
            assertThat(ids[ids.length - 1]).isEqualTo(tokenizer.endOfText());
            assertThat(tokenizer.decodeWithSpecialTokens(document)).isEqualTo(texts.get(i).text());
            int tag = tokenizer.tag().orElseThrow();
            boolean hasTag = Arrays.stream(ids).anyMatch(id -> id == tag);
            assertThat(hasTag && !stream.equals("tagged")).isFalse();
            tokens += ids.length;
          }
          assertThat(card.streams().get(stream).tokens()).isEqualTo(tokens);
        }
      }
    }
    assertThat(texts("tagged")).anySatisfy(text -> assertThat(text.text()).contains(TAG));
  }

  @Test
  void publishedTextsBringTheScoreTheyWereFoundWith() throws IOException {
    writeCorpus();

    build("out", "local[2]", new ArrayList<>());

    assertThat(texts("safe")).allSatisfy(text -> assertThat(text.score()).hasValue(0));
    assertThat(texts("unsafe"))
        .isNotEmpty()
        .allSatisfy(
            text -> {
              assertThat(text.score()).hasValue(3);
              assertThat(text.category()).hasValue("hate");
            });
    assertThat(texts("tagged")).allSatisfy(text -> assertThat(text.score()).isEmpty());
    assertThat(AuditDraw.draw(folder.resolve("out"), 2, 0).documents()).hasSize(4);
  }

  @Test
  void mentionsOfHarmAreCountedAsFoundAndInEachStreamBeforeAndAfter() throws IOException {
    declare(
        """
        interventions:
          refusal: {kind: refuse, scores: [3], writer: {templates: {}}}
        """);
    Files.writeString(
        folder.resolve("in/news.jsonl"),
        line("n1", story(600) + " A CHEMICAL-WEAPON, they say, or chemical weapons.")
            + "\n"
            + line("n2", story(601) + " No chemical weaponry.")
            + "\n");
    Files.writeString(
        folder.resolve("vile/more.txt"),
        "You awful wretch, I hate you and your whole vile kind. Nerve gas! " + story(602) + "\n");

    CorpusCard.Harm harm = build("out", "local[2]", new ArrayList<>()).harm();

    String category = "indiscriminate weapons";
    assertThat(harm.queries()).isEqualTo("harm-queries-v1");
    assertThat(harm.asFound()).hasSize(14).containsEntry(category, 3L);
    assertThat(harm.streams().keySet()).containsExactly("refusal", "safe", "tagged", "unsafe");
    Map<String, List<Long>> beforeAndAfter = new TreeMap<>();
    harm.streams()
        .forEach(
            (stream, counts) ->
                beforeAndAfter.put(
                    stream,
                    List.of(
                        counts.before().getOrDefault(category, 0L),
                        counts.after().getOrDefault(category, 0L))));
    assertThat(beforeAndAfter)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "safe", List.of(2L, 2L),
                "unsafe", List.of(1L, 1L),
                "tagged", List.of(1L, 1L),
                "refusal", List.of(1L, 0L)));
    assertThat(requireNonNull(harm.streams().get("refusal")).sources())
        .isEqualTo(requireNonNull(harm.streams().get("unsafe")).sources());
  }

  @Test
  void aTagBetweenTheWordsOfAQueryHidesNothing() throws IOException {
    declare("interventions:\n  tagged: {kind: tag, scores: [3], probability: 100%}\n");
    Files.writeString(
        folder.resolve("vile/more.txt"),
        "You awful wretch, I hate you and your whole vile kind. Nerve gas! " + story(602) + "\n");

    CorpusCard.Harm harm = build("out", "local[2]", new ArrayList<>()).harm();

    assertThat(texts("tagged"))
        .anySatisfy(text -> assertThat(text.text()).contains("Nerve" + TAG + " gas!"));
    assertThat(requireNonNull(harm.streams().get("tagged")).after())
        .containsEntry("indiscriminate weapons", 1L);
  }

  @Test
  void whatIsHeldOutIsSafeAndInNoOtherStream() throws IOException {
    writeCorpus();
    Path file = folder.resolve("corpus.yaml");
    Files.writeString(file, Files.readString(file) + "heldOut: 30%\n");

    CorpusCard card = build("out", "local[2]", new ArrayList<>());

    List<KeptDocument> heldOut = texts("held-out");
    assertThat(heldOut)
        .hasSizeBetween(15, 45)
        .allSatisfy(text -> assertThat(text.score()).hasValue(0));
    List<String> ids = heldOut.stream().map(KeptDocument::id).toList();
    for (String stream : List.of("safe", "tagged", "unsafe")) {
      assertThat(texts(stream)).extracting(KeptDocument::id).doesNotContainAnyElementsOf(ids);
    }
    assertThat(requireNonNull(card.streams().get("held-out")).documents())
        .isEqualTo(heldOut.size());
    try (TokenShard shard = TokenShard.open(folder.resolve("out/streams/held-out"))) {
      assertThat(shard.count()).isEqualTo(heldOut.size());
    }
    long taken = requireNonNull(card.scores().get(0)).documents();
    assertThat(texts("safe")).hasSize(Math.toIntExact(taken) - heldOut.size());
  }

  @Test
  void whatIsPublishedIsTheSameToTheByteOnOneThreadAndOnTwo() throws IOException {
    writeCorpus();

    build("one", "local[1]", new ArrayList<>());
    build("two", "local[2]", new ArrayList<>());

    assertThat(published("two")).isEqualTo(published("one"));
  }

  @Test
  void aSecondBuildMakesNothingAndAnotherFileLeavesTheScoresOfTheRestInPlace() throws IOException {
    writeCorpus();
    build("out", "local[2]", new ArrayList<>());
    Map<String, String> before = published("out");

    List<String> again = new ArrayList<>();
    build("out", "local[2]", again);
    Map<String, String> after = published("out");
    // By name the new file comes first, and it repeats a document of another.
    Files.writeString(
        folder.resolve("in/a.jsonl"),
        line("early", "A text that nobody wrote before. " + story(9)));
    List<String> grown = new ArrayList<>();
    CorpusCard card = build("out", "local[2]", grown);

    assertThat(again).allSatisfy(step -> assertThat(step).startsWith("0 "));
    assertThat(after).isEqualTo(before);
    assertThat(grown).contains("1 documents", "1 signatures", "0 scorer");
    assertThat(card.sources().get(0).files()).isEqualTo(2);
  }

  @Test
  void tooManyDamagedRecordsStopTheBuildWithTheirPlaces() throws IOException {
    writeCorpus();
    Files.writeString(folder.resolve("in/z.jsonl"), "{\n".repeat(50));

    assertThatThrownBy(() -> build("out", "local[1]", new ArrayList<>()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(
            "corpus.yaml:5: reading.damagedShare: 52 of 197 records are damaged, and 5% may be")
        .hasMessageContaining("quarantine.jsonl");
    assertThat(Files.readString(folder.resolve("out/quarantine.jsonl"))).contains("z.jsonl");
    assertThat(folder.resolve("out/card.json")).doesNotExist();
  }

  @Test
  void allThatIsMissingIsSaidAtOnceBeforeAnyFolderIsMade() throws IOException {
    writeCorpus();
    Path file = folder.resolve("corpus.yaml");
    Files.writeString(
        file,
        Files.readString(file)
                .replace("[in]", "[nowhere]")
                .replace("path: labelled.csv", "path: unlabelled.csv")
                .replace("locks.csv", "keys.csv")
                .replace("scoring:\n", "scoring:\n  embedding: {model: minds}\n")
                .replace("{vocabSize: 300}", "{path: words}")
            + "interventions: {r: {kind: refuse, scores: [3], writer: {files: [written.jsonl]}}}\n");

    assertThatThrownBy(() -> build("out", "local[1]", new ArrayList<>()))
        .isInstanceOf(BadInput.class)
        .extracting(e -> ((BadInput) e).problems())
        .satisfies(
            problems -> {
              assertThat(problems).hasSize(6);
              for (String name :
                  List.of(
                      "nowhere", "unlabelled.csv", "keys.csv", "minds", "words", "written.jsonl")) {
                assertThat(problems)
                    .anySatisfy(
                        problem -> assertThat(problem).startsWith(folder.resolve(name).toString()));
              }
            });
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void scorersThatWouldLearnFromNothingAreRefusedBeforeAnythingIsBuilt() throws IOException {
    writeCorpus();
    Path file = folder.resolve("corpus.yaml");
    Files.writeString(
        file, Files.readString(file).replace("scoring:\n", "scoring:\n  heldOut: 99.99%\n"));

    assertThatThrownBy(() -> build("out", "local[1]", new ArrayList<>()))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            file
                + ":11: scoring.labelled: the 0 texts to learn from have the scores [], and"
                + " scoring.heldOut (99.99%) keeps 160 more; name files with safe and unsafe texts,"
                + " or hold fewer out");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void whereNoDocumentIsLeftItIsSaidWhatTookThem() throws IOException {
    Files.writeString(
        folder.resolve("posts.jsonl"),
        """
        {"id": "a", "text": "of another kind", "kind": "b", "score": 0}
        {"id": "b", "text": "too short", "kind": "a", "score": 0}
        {damaged
        """);
    Path file =
        Files.writeString(
            folder.resolve("corpus.yaml"),
            """
            name: test
            reading: {damagedShare: 100%}
            documents:
              posts:
                files: [posts.jsonl]
                scoreColumn: score
                where: {column: kind, value: a}
            cleaning: {quality: {lengths: {minWords: 50}}}
            tokenizer: {vocabSize: 300}
            """);

    assertThatThrownBy(() -> build("out", "local[1]", new ArrayList<>()))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "%s:3: documents: of 3 records none is left: 1 skipped by where or share, 1 damaged"
                    .formatted(file)
                + " (the first are in %s), 1 dropped: too short; loosen what takes them, or add"
                    .formatted(folder.resolve("out/quarantine.jsonl"))
                + " texts");
    assertThat(folder.resolve("out/card.json")).doesNotExist();
  }

  @Test
  void aVocabularyThatTheTextDoesntGiveIsRefusedAtItsLine() throws IOException {
    writeCorpus();
    Path file = folder.resolve("corpus.yaml");
    Files.writeString(file, Files.readString(file).replace("vocabSize: 300", "vocabSize: 90_000"));

    assertThatThrownBy(() -> build("out", "local[2]", new ArrayList<>()))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(
            file + ":11: tokenizer.vocabSize: the tokenizer's training text gives a vocabulary of ")
        .hasMessageContaining(", 90000 were asked for");
    assertThat(folder.resolve("out/card.json")).doesNotExist();
  }

  @Test
  void aQuoteLeftOpenInATableCountsForEveryLineItTakesAlong() throws IOException {
    writeCorpus();
    Path corpus = folder.resolve("corpus.yaml");
    String declared = Files.readString(corpus);
    Files.writeString(
        corpus,
        declared.replace("  posts:", "  table: {files: [table.dat], format: csv}\n  posts:"));
    Files.writeString(
        folder.resolve("table.dat"),
        "id,text\nt1,\"" + story(600) + "\"\nt2,\"left open\n" + "t3,lost\n".repeat(49));

    assertThatThrownBy(() -> build("out", "local[1]", new ArrayList<>()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("52 of 198 records are damaged");
    assertThat(Files.readString(folder.resolve("out/quarantine.jsonl")))
        .contains("table.dat\",\"line\":3,\"reason\":\"has a quote that never closes\"");
  }

  @Test
  void everyFileThatCantBeReadIsNamedAtOnce() throws IOException {
    writeCorpus();
    byte[] packed = Zstd.compress(line("x", story(1)).getBytes(StandardCharsets.UTF_8));
    Files.write(folder.resolve("in/y.jsonl.zst"), Arrays.copyOf(packed, packed.length - 9));
    Files.write(folder.resolve("in/z.jsonl.zst"), Arrays.copyOf(packed, packed.length - 5));

    assertThatThrownBy(() -> build("out", "local[2]", new ArrayList<>()))
        .isInstanceOf(BadInput.class)
        .extracting(e -> ((BadInput) e).problems())
        .satisfies(
            problems ->
                assertThat(problems)
                    .hasSize(2)
                    .allSatisfy(problem -> assertThat(problem).contains("cut short")));
  }

  @Test
  void rulesMakeStreamsOfDocumentsByScoreAndLossLiesOnWhatWasInserted() throws IOException {
    writeCorpus();
    declare(
        """
        interventions:
          unsafe: off
          refusal: {kind: refuse, scores: [3], writer: {templates: {}}}
          reflected:
            {kind: reflect, scores: [3], writer: {templates: {}}, everyWords: 20, lossOn: inserted}
        """);

    CorpusCard card = build("out", "local[2]", new ArrayList<>());

    assertThat(card.streams().keySet()).containsExactly("reflected", "refusal", "safe", "tagged");
    try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("out/tokenizer"));
        TokenShard shard = TokenShard.open(folder.resolve("out/streams/reflected"))) {
      List<KeptDocument> texts = texts("reflected");
      assertThat(shard.count()).isEqualTo(texts.size());
      for (int i = 0; i < texts.size(); i++) {
        KeptDocument text = texts.get(i);
        String inserted =
            text.inserted().stream()
                .map(span -> text.text().substring(span.start(), span.end()))
                .collect(Collectors.joining());
        int[] ids = shard.window(i);
        boolean[] trained = shard.trained(i);
        int[] onlyTrained =
            IntStream.range(0, ids.length).filter(t -> trained[t]).map(t -> ids[t]).toArray();

        assertThat(inserted).isNotBlank();
        assertThat(tokenizer.decode(onlyTrained)).isEqualTo(inserted);
        assertThat(tokenizer.decode(ids)).isEqualTo(text.text());
      }
    }
  }

  @Test
  void aModelIsAskedOncePerDocumentAndABuildGoesOnWhereTheBudgetEnded() throws Exception {
    writeCorpus();
    String safer = story(900);
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying(safer, 20, 80))) {
      String rule =
          """
          interventions:
            rephrased:
              kind: rephrase
              scores: [3]
              lengths: {minOfSource: 0.1, maxOfSource: 10}
              writer:
                endpoint: {baseUrl: "%s", model: scripted, tokenBudget: %s}
                asking: {maxTokens: 100}
          """;
      declare(rule.formatted(server.baseUrl(), "5_000"));
      assertThatThrownBy(() -> build("out", "local[2]", new ArrayList<>()))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("interventions.rephrased: budget spent");
      int beforeTheBudgetEnded = server.hits();
      declare(rule.formatted(server.baseUrl(), "10_000_000"));

      CorpusCard card = build("out", "local[2]", new ArrayList<>());

      long asked = card.scores().getOrDefault(3, new CorpusCard.Amount(0, 0)).documents();
      assertThat(beforeTheBudgetEnded).isPositive().isLessThan((int) asked);
      assertThat(server.hits()).isEqualTo((int) asked);
      assertThat(requireNonNull(card.streams().get("rephrased")).documents()).isEqualTo(asked);
      assertThat(texts("rephrased")).allSatisfy(text -> assertThat(text.text()).isEqualTo(safer));
    }
  }

  @Test
  void aLanguageModelMayBeTheOnlyScorerAndWhatItCantSayIsCounted() throws Exception {
    writeCorpus();
    try (ScriptedServer server =
        ScriptedServer.following(
            (request, _) -> {
              String asked = request.lastContent();
              if (asked.contains("wretch number 7,")) {
                return Reply.saying("I would rather not say.");
              }
              return Reply.saying(
                  asked.contains("wretch")
                      ? "{\"score\": 4, \"category\": \"hate\"}"
                      : "{\"score\": 0, \"category\": \"none\"}");
            })) {
      Path file = folder.resolve("corpus.yaml");
      String own = Files.readString(file);
      String scoring = "  llm: {endpoint: {baseUrl: \"%s\", model: m}}".formatted(server.baseUrl());
      Files.writeString(file, own.replaceAll("(?m)^  labelled: .*$", scoring));

      CorpusCard card = build("out", "local[2]", new ArrayList<>());
      int asked = server.hits();
      List<String> again = new ArrayList<>();
      Files.delete(folder.resolve("out/card.json"));
      build("out", "local[2]", again);

      assertThat(requireNonNull(card.scores().get(4)).documents()).isEqualTo(39);
      assertThat(card.interventions().unknownScores()).containsExactly(Map.entry("no score", 1L));
      assertThat(server.hits()).isEqualTo(asked);
      assertThat(again).allSatisfy(step -> assertThat(step).startsWith("0 "));
    }
  }

  @Test
  void damagedWorkIsNamedAndMadeAgainOnceItsFolderIsGone() throws IOException {
    writeCorpus();
    build("out", "local[1]", new ArrayList<>());
    Map<String, String> before = published("out");
    Path counts;
    try (Stream<Path> files = Files.walk(folder.resolve("out/work/streams"))) {
      counts =
          files.filter(file -> file.endsWith("counts.json")).sorted().findFirst().orElseThrow();
    }
    Files.writeString(counts, "garbage");
    Files.writeString(folder.resolve("out/work/digests.json"), "{\"x\":");

    assertThatThrownBy(() -> build("out", "local[1]", new ArrayList<>()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(counts + ": is damaged; delete its folder");
    WholeFolder.delete(counts.resolveSibling(""));
    build("out", "local[1]", new ArrayList<>());

    assertThat(published("out")).isEqualTo(before);
  }

  @Test
  void aLongRunOfOneCharacterBecomesTokensThatCanBeReadAgain() throws IOException {
    writeCorpus();
    Files.writeString(folder.resolve("in/run.jsonl"), line("run", "x".repeat(300_000)));

    CorpusCard card = build("out", "local[1]", new ArrayList<>());

    assertThat(requireNonNull(card.tokenizer()).vocabSize()).isEqualTo(300);
  }

  @Test
  void aFolderOfOtherFilesIsLeftAlone() throws IOException {
    writeCorpus();
    Path own = folder.resolve("own/tokenizer/precious.txt");
    Files.createDirectories(own.resolveSibling(""));
    Files.writeString(own, "mine");

    assertThatThrownBy(() -> build("own", "local[1]", new ArrayList<>()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("holds other files");
    assertThat(own).hasContent("mine");
  }

  @Test
  void aSecondBuildStaysOutOfAFolderInWhichOneIsAtWork() throws IOException {
    writeCorpus();
    Path work = Files.createDirectories(folder.resolve("out/work"));

    try (BuildLock _ = BuildLock.of(work, false)) {
      assertThatThrownBy(() -> build("out", "local[1]", new ArrayList<>()))
          .isInstanceOf(BadInput.class)
          .hasMessageContaining("another build is at work there");
    }
  }

  private void declare(String more) throws IOException {
    writeCorpus();
    Path file = folder.resolve("corpus.yaml");
    Files.writeString(file, Files.readString(file) + more);
  }

  private List<KeptDocument> texts(String stream) throws IOException {
    List<KeptDocument> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve("out/texts/" + stream))) {
      for (Path file : files.sorted().toList()) {
        DocumentFile.read(file, _ -> true, (_, document) -> texts.add(document));
      }
    }
    return texts;
  }

  /** Every published file and its digest; the folder of what steps made isn't published. */
  private Map<String, String> published(String out) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    Path root = folder.resolve(out);
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (!name.startsWith("work")) {
          digests.put(name, Fingerprint.ofFile(file));
        }
      }
    }
    return digests;
  }

  private CorpusCard build(String out, String master, List<String> steps) throws IOException {
    return CorpusBuild.run(
        CorpusFile.read(folder.resolve("corpus.yaml")),
        CorpusBuild.Options.in(folder.resolve(out), master),
        new Progress() {
          @Override
          public void begins(String step, int done, int all) {
            steps.add((all - done) + " " + step);
          }

          @Override
          public void ends(String step, double seconds) {}
        });
  }

  private void writeCorpus() throws IOException {
    Map<String, String> documents = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      documents.put("s" + i, story(i));
    }
    documents.put("copy", story(7).replace(" ", "  "));
    documents.put("nearly", story(8) + " And then it rained.");
    documents.put("leak", story(200) + " Someone asked: " + PROMPT + ". Nobody answered.");
    documents.put("forged", story(201) + " Here stands " + TAG + " in the text.");
    documents.put("dull", "again and ".repeat(100));
    List<String> lines = new ArrayList<>();
    documents.forEach((id, text) -> lines.add(line(id, text)));
    lines.add(2, "{damaged");
    lines.add("{\"text\":\"\\ud800 is half a pair\"}");
    Files.createDirectories(folder.resolve("in"));
    Files.write(folder.resolve("in/stories.jsonl"), lines);
    Files.createDirectories(folder.resolve("vile"));
    List<String> vile = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      vile.add(
          "You awful wretch number "
              + i
              + ", I hate you and your whole vile kind. "
              + story(300 + i));
    }
    Files.write(folder.resolve("vile/posts.txt"), vile);
    StringBuilder labelled = new StringBuilder("text,label\n");
    for (int i = 0; i < 80; i++) {
      labelled.append("\"").append(story(400 + i)).append("\",fine\n");
      labelled
          .append("\"You awful wretch, I hate you, you vile ")
          .append(story(500 + i))
          .append("\",hate\n");
    }
    Files.writeString(folder.resolve("labelled.csv"), labelled);
    Files.writeString(folder.resolve("locks.csv"), "goal\n" + PROMPT + "\nopen the door\n");
    Files.writeString(
        folder.resolve("corpus.yaml"),
        """
        name: test
        documents:
          stories: {files: [in]}
          posts: {files: ["vile/*.txt"]}
        reading: {damagedShare: 5%}
        cleaning:
          contamination:
            suites: [{path: locks.csv, suite: locks, harmful: true, promptColumn: goal}]
        scoring:
          labelled: [{path: labelled.csv, textColumn: text, labelColumn: label, scores: {hate: 3}}]
        tokenizer: {vocabSize: 300}
        """);
  }

  private static String line(String id, String text) {
    return "{\"id\":\"%s\",\"text\":\"%s\"}".formatted(id, text);
  }

  /** Some 60 words that no other story has in this order. */
  private static String story(int number) {
    SplittableRandom random = new SplittableRandom(number);
    StringBuilder story = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      story.append(i == 0 ? "" : " ").append((char) ('a' + random.nextInt(26)));
      for (int j = 2 + random.nextInt(5); j > 0; j--) {
        story.append((char) ('a' + random.nextInt(26)));
      }
    }
    return story.append('.').toString();
  }
}
