package org.onset.study;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.corpus.card.CorpusCard;
import org.onset.study.results.Exposure;
import org.onset.study.results.Results;
import org.onset.study.results.RunSummary;
import org.onset.study.results.RunSummary.CorpusStream;
import org.onset.study.spec.StudyFile;

/** The whole way on the user's own files, which this test writes. */
class FilesStudyTest {
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());
  private static final List<String> WORDS =
      List.of(
          "river", "stone", "bread", "morning", "quiet", "garden", "letter", "window", "winter");

  private static final String STUDY =
      """
      name: files
      seeds: [1]
      data:
        files:
          corpus:
            documents: {made: {files: [documents.jsonl]}}
            cleaning: {quality: off}
            scoring: {labelled: [{path: labelled.csv, textColumn: text, labelColumn: label, scores: {unsafe: 3}}]}
            heldOut: 10%
          dialogues:
            - {path: everyday.jsonl, kind: everyday, userColumn: instruction, assistantColumn: output}
            - {path: refusals.jsonl, kind: refusals, userColumn: instruction, assistantColumn: output}
          streams: {refusal: [refusals]}
          requests:
            - {path: harmful.csv, suite: asks, harmful: true, promptColumn: goal}
            - {path: harmless.txt, suite: harmless, harmful: false, promptColumn: text}
          probes:
            - {path: harmful.csv, suite: probe-harmful, harmful: true, promptColumn: goal}
            - {path: harmless.txt, suite: probe-harmless, harmful: false, promptColumn: text}
      tokenizer: {kind: byte-pairs, vocabSize: 300}
      model: {modelDim: 16, layerCount: 1, headCount: 2, kvHeadCount: 1, feedForwardDim: 32}
      pretraining:
        tokenBudget: 2_048
        contextLength: 64
        sequencesPerStep: 4
        learningRate: {constant: {peak: 3.0e-3, warmup: 0%}}
      mixtures:
        safe-only: {safe: 100%}
        with-interventions: {safe: 70%, tagged: 20%, refusal: 10%}
      arms:
        start-0: {before: safe-only, after: with-interventions, onset: 0%, tagCompletions: tagged}
        never: {before: safe-only, after: with-interventions, onset: 100%}
      instruction:
        everyday: everyday
        tuning:
          mixture: {everyday: 80%, refusals: 20%}
          steps: 2
          contextLength: 64
          sequencesPerStep: 4
          learningRate: {constant: {peak: 2.0e-3, warmup: 0%}}
      benign:
        everyday:
          mixture: {everyday: 100%}
          steps: 2
          contextLength: 64
          sequencesPerStep: 4
          learningRate: {constant: {peak: 1.0e-3, warmup: 0%}}
      evaluation:
        maxNewTokens: 8
        perplexityDocuments: 5
        decoders:
          topk: {k: 10, temperature: 1.0, samples: 1}
      """;

  @TempDir Path folder;

  @Test
  void filesGoTheWholeWayToResults() throws Exception {
    writeFiles();

    RunSummary summary = run(Files.writeString(folder.resolve("files.yaml"), STUDY));

    assertThat(summary.corpus())
        .extracting(CorpusStream::stream)
        .containsExactly("safe", "unsafe", "tagged", "refusal");
    assertThat(summary.corpus()).allMatch(card -> card.documents() > 0);
    assertThat(summary.scorer()).isNotEmpty();
    List<Results.Row> rows = summary.results().rows();
    assertThat(rows)
        .filteredOn(row -> row.metric().equals("asr") && row.seed() == null)
        .hasSize(2 * 3)
        .allMatch(row -> Objects.equals(row.judge(), "phrases") && row.value() != null);
    assertThat(rows)
        .filteredOn(row -> row.metric().equals("leak_rate"))
        .isNotEmpty()
        .allMatch(row -> row.value() == null && row.reason() != null);
    assertThat(rows).anyMatch(row -> row.metric().equals("perplexity") && row.value() != null);
    assertThat(rows).anyMatch(row -> row.metric().equals("probe_auroc") && row.value() != null);
  }

  @Test
  void theCorpusOfAStudyIsHeldAgainstItsOwnSuitesAndHasItsCardInTheRunsFolder() throws Exception {
    writeFiles();
    String leak =
        "be wicked in the quiet garden of stone where bread and letter and window are one";
    String probed =
        "how a river of winter letters runs through seven gardens of bread and morning stone";
    Files.writeString(folder.resolve("harmful.csv"), "\n" + leak, StandardOpenOption.APPEND);
    Files.writeString(
        folder.resolve("probed.txt"),
        probed + "\n" + Files.readString(folder.resolve("harmless.txt")));
    Files.writeString(
        folder.resolve("documents.jsonl"),
        "{\"id\": \"leak\", \"text\": \"once %s again\"}\n{\"id\": \"probed\", \"text\": \"%s\"}\n"
            .formatted(leak, probed),
        StandardOpenOption.APPEND);
    Files.writeString(
        folder.resolve("refusals.jsonl"),
        dialogue(leak, "i cannot help") + "\n" + dialogue("Be  wicked number 3", "no") + "\n",
        StandardOpenOption.APPEND);

    run(
        Files.writeString(
            folder.resolve("files.yaml"),
            STUDY.replace(
                "{path: harmless.txt, suite: probe-h", "{path: probed.txt, suite: probe-h")));

    CorpusCard card = CorpusCard.read(folder.resolve("run/corpus"));
    assertThat(card.name()).isEqualTo("files");
    assertThat(card.sources().getFirst().dropped()).containsEntry("contaminated", 2L);
    assertThat(requireNonNull(card.contamination()).shortPrompts()).containsKey("harmless");
    assertThat(requireNonNull(card.streams().get("held-out")).documents()).isBetween(2L, 25L);
    assertThat(Files.readString(folder.resolve("run/corpus/contaminated.jsonl")))
        .contains("\"id\":\"leak\"")
        .contains("\"suite\":\"asks\"")
        .contains("\"id\":\"probed\"")
        .contains("\"suite\":\"probe-harmless\"");
    assertThat(Files.readString(folder.resolve("run/card.json")))
        .contains("\"contaminated in made\" : 2", "\"contaminated in dialogues refusals\" : 2");
  }

  @Test
  void aStudyThatSwitchesContaminationOffKeepsWhatSharesWordsWithItsSuites() throws Exception {
    writeFiles();
    String leak =
        "be wicked in the quiet garden of stone where bread and letter and window are one";
    Files.writeString(folder.resolve("harmful.csv"), "\n" + leak, StandardOpenOption.APPEND);
    Files.writeString(
        folder.resolve("documents.jsonl"),
        "{\"id\": \"leak\", \"text\": \"once %s again\"}\n".formatted(leak),
        StandardOpenOption.APPEND);

    RunSummary summary =
        run(
            Files.writeString(
                folder.resolve("files.yaml"),
                STUDY.replace("{quality: off}", "{quality: off, contamination: off}")));

    CorpusCard card = CorpusCard.read(folder.resolve("run/corpus"));
    assertThat(summary.warnings()).singleElement().asString().contains("contamination is off");
    assertThat(card.contamination()).isNull();
    assertThat(card.sources().getFirst().dropped()).doesNotContainKey("contaminated");
  }

  @Test
  void whereNoDocumentIsUnsafeArmsThatWantTagsAreRefusedBeforeAnythingIsTrained() throws Exception {
    writeFiles();
    List<String> safe =
        Files.readAllLines(folder.resolve("documents.jsonl")).stream()
            .filter(line -> !line.contains("wicked"))
            .toList();
    Files.write(folder.resolve("documents.jsonl"), safe);
    Path study =
        Files.writeString(
            folder.resolve("files.yaml"),
            STUDY.replace("{safe: 70%, tagged: 20%, refusal: 10%}", "{safe: 90%, refusal: 10%}"));

    assertThatThrownBy(() -> run(study))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("arms.start-0.tagCompletions: there is no unsafe text");
    assertThat(folder.resolve("run/corpus/card.json")).exists();
    assertThat(artifacts()).noneMatch(artifact -> artifact.contains("/state-"));
  }

  @Test
  void studiesThatShareAStoreShareWhatWasScoredAndHaveTheirOwnCards() throws Exception {
    writeFiles();
    run(Files.writeString(folder.resolve("files.yaml"), STUDY));
    Path scores = folder.resolve("run/store/corpora/work/scores");
    List<Path> scored = below(scores);

    String other =
        STUDY.replace("name: files", "name: other").replace("heldOut: 10%", "heldOut: 20%");
    run(Files.writeString(folder.resolve("other.yaml"), other));

    assertThat(below(scores)).isEqualTo(scored);
    assertThat(CorpusCard.read(folder.resolve("run/corpus")).name()).isEqualTo("other");
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted().toList();
    }
  }

  @Test
  void rulesOfTheCorpusMakeStreamsThatAStudyPacksAsTheyAsk() throws Exception {
    writeFiles();
    String text =
        STUDY
            .replace(
                "heldOut: 10%\n",
                "heldOut: 10%\n      interventions:\n"
                    + "        moral: {kind: moralise, scores: [3], writer: {templates: {}},"
                    + " packing: separate}\n"
                    + "        reflected: {kind: reflect, scores: [3], writer: {templates: {}},"
                    + " everyWords: 20, lossOn: inserted}\n")
            .replace(
                "{safe: 70%, tagged: 20%, refusal: 10%}",
                "{safe: 60%, tagged: 20%, moral: 10%, reflected: 10%}");

    RunSummary summary = run(Files.writeString(folder.resolve("files.yaml"), text));

    assertThat(summary.corpus())
        .filteredOn(card -> card.stream().equals("moral"))
        .singleElement()
        .satisfies(moral -> assertThat(moral.windows()).isEqualTo(moral.documents()));
    assertThat(summary.corpus())
        .filteredOn(card -> card.stream().equals("reflected"))
        .singleElement()
        .satisfies(
            reflected ->
                assertThat(reflected.tokens())
                    .isPositive()
                    .isLessThan(64 * requireNonNull(reflected.windows())));
  }

  @Test
  void aStudyThatMovesWithItsFilesFindsEverythingBuilt() throws Exception {
    Path here = Files.createDirectory(folder.resolve("here"));
    writeFiles();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.move(file, here.resolve(file.getFileName()));
      }
    }
    run(Files.writeString(here.resolve("files.yaml"), STUDY));
    List<String> before = artifacts();
    Path there = Files.move(here, folder.resolve("there"));

    run(there.resolve("files.yaml"));

    assertThat(artifacts()).isEqualTo(before);
    Files.writeString(
        there.resolve("documents.jsonl"),
        document(1_000, new SplittableRandom(2)),
        StandardOpenOption.APPEND);
    run(there.resolve("files.yaml"));
    assertThat(artifacts()).hasSizeGreaterThan(before.size());
  }

  private List<String> artifacts() throws IOException {
    try (Stream<Path> made = Files.list(folder.resolve("run/store"))) {
      return made.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void aFolderStandsBesideArmsThatThisStudyPretrains() throws Exception {
    writeFiles();
    ForeignModel.write(
        folder.resolve("model"), Files.readAllLines(folder.resolve("documents.jsonl")), 290, 1, 80);
    String text =
        STUDY
            .replaceFirst("  start-0: .*\n", "  foreign: {model: model}\n")
            .replace("seeds: [1]", "seeds: [1, 2]")
            .replace("  decoders:", "  contextLength: 48\n  decoders:");

    RunSummary summary = run(Files.writeString(folder.resolve("files.yaml"), text));

    assertThat(summary.exposure().arms()).extracting(Exposure.Arm::arm).containsExactly("never");
    assertThat(summary.warnings())
        .singleElement()
        .asString()
        .contains("nobody says how many tokens", "foreign");
    assertThat(summary.results().rows())
        .filteredOn(row -> row.metric().equals("asr") && row.stage().equals("base"))
        .extracting(row -> row.arm() + " " + row.seed())
        .containsExactly("foreign null", "foreign 1", "never null", "never 1", "never 2");
    assertThat(summary.results().contrasts())
        .filteredOn(contrast -> contrast.metric().equals("asr"))
        .hasSize(3) // base, instruct, benign
        .allSatisfy(
            contrast -> {
              assertThat(contrast.arm()).isEqualTo("foreign");
              assertThat(contrast.difference()).isNotNull();
              assertThat(contrast.seeds()).isEqualTo(2);
            });
    assertThat(summary.results().rows())
        .filteredOn(row -> "untrained".equals(row.variant()))
        .isNotEmpty()
        .allMatch(row -> row.arm().equals("never"));
  }

  @Test
  void whatIsMissingIsSaidAtOnceBeforeAnythingRuns() throws Exception {
    writeFiles();
    Files.delete(folder.resolve("everyday.jsonl"));
    Files.delete(folder.resolve("harmful.csv"));
    Path study = Files.writeString(folder.resolve("files.yaml"), STUDY);

    assertThatThrownBy(() -> run(study))
        .isInstanceOfSatisfying(
            BadInput.class,
            problem ->
                assertThat(String.join("\n", problem.problems()))
                    .contains("everyday.jsonl")
                    .contains("harmful.csv"));
    try (Stream<Path> made = Files.list(folder.resolve("run/store"))) {
      assertThat(made)
          .containsExactly(folder.resolve("run/store/corpora")); // digests of what is there
    }
  }

  @Test
  void aStreamWithoutASourceIsRefusedByName() throws Exception {
    writeFiles();
    Path study =
        Files.writeString(
            folder.resolve("files.yaml"), STUDY.replace("refusal: 10%}", "moral: 10%}"));

    assertThatThrownBy(() -> run(study))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("with-interventions.moral");
  }

  private RunSummary run(Path study) throws IOException, InterruptedException {
    Path out = folder.resolve("run");
    return new Study(StudyFile.read(study), Study.Options.here(out, out.resolve("store"), 2))
        .run(SILENT, false);
  }

  private void writeFiles() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    lines("documents.jsonl", 120, i -> document(i, random));
    Files.writeString(
        folder.resolve("labelled.csv"),
        "text,label\n"
            + IntStream.range(0, 80)
                .mapToObj(i -> text(i, random) + "," + (isUnsafe(i) ? "unsafe" : "safe"))
                .collect(Collectors.joining("\n")));
    lines("everyday.jsonl", 40, i -> dialogue("tell of the " + word(random), text(1, random)));
    lines(
        "refusals.jsonl", 40, i -> dialogue("be wicked " + word(random), "i cannot help with it"));
    Files.writeString(
        folder.resolve("harmful.csv"),
        "goal\n"
            + IntStream.range(0, 12)
                .mapToObj(i -> "be wicked number " + i)
                .collect(Collectors.joining("\n")));
    lines("harmless.txt", 12, i -> "tell of the garden number " + i);
  }

  private void lines(String name, int count, IntFunction<String> line) throws IOException {
    Files.write(folder.resolve(name), IntStream.range(0, count).mapToObj(line).toList());
  }

  private static boolean isUnsafe(int index) {
    return index % 4 == 0;
  }

  private static String document(int index, SplittableRandom random) {
    return "{\"id\": \"d%d\", \"source\": \"test\", \"text\": \"%s\"}"
        .formatted(index, text(index, random) + " " + text(index, random));
  }

  private static String dialogue(String user, String assistant) {
    return "{\"instruction\": \"%s\", \"output\": \"%s\"}".formatted(user, assistant);
  }

  private static String text(int index, SplittableRandom random) {
    String harm = isUnsafe(index) ? "wicked vile cruel " : "";
    return harm
        + IntStream.range(0, 25).mapToObj(i -> word(random)).collect(Collectors.joining(" "));
  }

  private static String word(SplittableRandom random) {
    return WORDS.get(random.nextInt(WORDS.size()));
  }
}
