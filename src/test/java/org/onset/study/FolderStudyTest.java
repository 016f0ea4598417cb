package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.model.ModelFolder;
import org.onset.model.Transformer;
import org.onset.report.Report;
import org.onset.study.results.Exposure;
import org.onset.study.results.FolderArm;
import org.onset.study.results.Results.Contrast;
import org.onset.study.results.Results.Row;
import org.onset.study.results.RunSummary;
import org.onset.study.spec.StudyFile;
import org.onset.token.Tokenizer;
import org.onset.world.World;
import org.onset.world.WorldSpec;

/**
 * The whole way with two models that stand in for those of another stack: byte-level tokenizers of
 * their own without a tag, sizes and contexts of their own, random weights.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FolderStudyTest {
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());
  private static final String STUDY =
      """
      name: folders
      seeds: [1, 2]
      data:
        world: {seed: 1, goods: 12, hazards: 12, imbalance: 1.5, safeTokens: 8_000, unsafeTokens: 4_000, dialogues: 24}
      arms:
        long: {model: models/long, trainedTokens: 2_000_000, tagCompletions: untagged}
        short: {model: models/short, trainedTokens: 1_000_000}
      instruction:
        everyday: goods
        tuning:
          mixture: {goods: 90%, refusal: 10%}
          steps: 2
          contextLength: 80
          sequencesPerStep: 4
          learningRate: {constant: {peak: 2.0e-3, warmup: 0%}}
      benign:
        arithmetic:
          mixture: {benign-arithmetic: 100%}
          steps: 2
          contextLength: 80
          sequencesPerStep: 4
          learningRate: {constant: {peak: 1.0e-3, warmup: 0%}}
      evaluation:
        maxNewTokens: 4
        contextLength: 96
        perplexityDocuments: 5
        decoders:
          greedy: {}
          safebeam: {beams: 2, extensions: 2, stopOnTag: false}
      primaryContrasts:
        - {arm: long, baseline: short, stage: base, suite: harmful, decoder: greedy, metric: asr}
        - {arm: long, baseline: short, stage: benign, task: arithmetic, suite: harmful, decoder: safebeam, metric: asr}
        - {arm: long, baseline: short, stage: base, suite: probe, layer: 1, metric: probe_accuracy}
      """;

  private Path folder;
  private Path out;
  private RunSummary summary;

  @BeforeAll
  void runOnce(@TempDir Path temporary) throws IOException, InterruptedException {
    folder = temporary;
    writeModel(folder.resolve("models/long"), 300, 2, 128);
    writeModel(folder.resolve("models/short"), 290, 1, 96);
    ForeignModel.writeTemplate(folder.resolve("models/short"));
    out = folder.resolve("run");
    summary = run(STUDY);
  }

  private static void writeModel(Path folder, int vocabSize, int layerCount, int context)
      throws IOException {
    World world = World.generate(new WorldSpec(7, 12, 12, 1.0));
    List<String> texts =
        world.documents(4_000, 2_000).stream().map(document -> document.text()).toList();
    ForeignModel.write(folder, texts, vocabSize, layerCount, context);
  }

  private RunSummary run(String text) throws IOException, InterruptedException {
    return study(text).run(SILENT, false);
  }

  private Study study(String text) throws IOException {
    return new Study(read(text), Study.Options.here(out, out.resolve("store"), 2));
  }

  private StudyFile read(String text) throws IOException {
    return StudyFile.read(Files.writeString(folder.resolve("folders.yaml"), text));
  }

  private List<Row> rows(String stage, String metric, @Nullable String decoder) {
    return summary.results().rows().stream()
        .filter(
            row ->
                row.stage().equals(stage)
                    && row.metric().equals(metric)
                    && Objects.equals(row.decoder(), decoder)
                    && row.attack() == null
                    && row.variant() == null)
        .toList();
  }

  @Test
  void aFolderIsTunedAskedJudgedMeasuredAndProbedAsAnyArm() {
    for (String stage : List.of("base", "instruct", "benign")) {
      assertThat(rows(stage, "asr", "greedy"))
          .isNotEmpty()
          .allSatisfy(
              row -> {
                assertThat(row.value()).isBetween(0.0, 1.0);
                assertThat(row.judge()).isEqualTo("exact");
              });
      assertThat(rows(stage, "accuracy", null)).isNotEmpty().allMatch(row -> row.value() != null);
      assertThat(rows(stage, "perplexity", null)).isNotEmpty().allMatch(row -> row.value() != null);
    }
    assertThat(rows("instruct", "probe_accuracy", null))
        .filteredOn(row -> row.seed() == null)
        .extracting(row -> row.arm() + " " + row.layer())
        .containsExactly("long 0", "long 1", "long 2", "short 0", "short 1");
  }

  @Test
  void theBaseModelIsMeasuredOnceAndItsIntervalSpeaksOfPromptsOnly() {
    assertThat(rows("base", "asr", "greedy"))
        .extracting(row -> row.arm() + " " + row.seed() + " " + row.interval())
        .containsExactly(
            "long null prompts only",
            "long 1 prompts only",
            "short null prompts only",
            "short 1 prompts only");
    assertThat(rows("instruct", "asr", "greedy"))
        .extracting(row -> row.arm() + " " + row.seed() + " " + row.interval())
        .startsWith("long null seeds × prompts", "long 1 prompts only", "long 2 prompts only");
    assertThat(rows("base", "probe_accuracy", null))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.value()).isNotNull();
              assertThat(row.low()).isNull();
              assertThat(row.reason()).contains("one for all seeds");
            });
  }

  @Test
  void twoFoldersAreComparedWithoutATestOfWhatNoSeedVaries() {
    List<Contrast> primary =
        summary.results().contrasts().stream().filter(Contrast::primary).toList();

    assertThat(primary.get(0).difference()).isNotNull();
    assertThat(primary.get(0).p()).isNull();
    assertThat(primary.get(0).seeds()).isEqualTo(1);
    assertThat(primary.get(0).reason()).contains("one for all seeds");
    assertThat(primary.get(2).difference()).isNotNull();
    assertThat(primary.get(2).reason()).contains("one for all seeds");
  }

  @Test
  void whereTheTokenizerHasNoTagSafeBeamHasRowsWithoutANumberAndTheReason() {
    for (String stage : List.of("base", "instruct", "benign")) {
      assertThat(rows(stage, "asr", "safebeam"))
          .hasSameSizeAs(rows(stage, "asr", "greedy"))
          .allSatisfy(
              row -> {
                assertThat(row.value()).isNull();
                assertThat(row.reason()).contains("has no harmfulness tag");
              });
    }
    assertThat(summary.results().contrasts())
        .filteredOn(contrast -> "safebeam".equals(contrast.decoder()))
        .allSatisfy(contrast -> assertThat(contrast.reason()).contains("has no harmfulness tag"));
  }

  @Test
  void whatTheFoldersAreAndThatTheyDifferInLengthIsSaid() throws IOException {
    assertThat(summary.folders())
        .extracting(FolderArm::arm, FolderArm::path, FolderArm::trainedTokens)
        .containsExactly(
            tuple("long", "models/long", 2_000_000L), tuple("short", "models/short", 1_000_000L));
    assertThat(summary.warnings())
        .singleElement()
        .asString()
        .contains("different token counts", "long 2,000,000, short 1,000,000");
    assertThat(summary.exposure()).isEqualTo(new Exposure(List.of()));
    assertThat(summary.provenance())
        .containsEntry("folder of long", "sha256 " + summary.folders().getFirst().sha256());

    Report.write(summary, out);

    assertThat(out.resolve("report.html"))
        .content()
        .contains("models/short", "different token counts")
        .contains(summary.folders().getLast().sha256());
  }

  @Test
  void theRunsFolderHoldsTheBaseModelOnceAndTheTunedOnesWithTheirTokenizer() throws IOException {
    Path models = out.resolve("models");

    assertThat(models.resolve("long/2/base")).doesNotExist();
    try (Transformer base = Transformer.load(models.resolve("long/1/base"));
        Transformer original = Transformer.load(folder.resolve("models/long"));
        Transformer tuned = Transformer.load(models.resolve("long/2/benign-arithmetic"));
        Tokenizer tokenizer = Tokenizer.open(models.resolve("long/2/benign-arithmetic"))) {
      assertThat(base.parameters().toFloats()).isEqualTo(original.parameters().toFloats());
      assertThat(tuned.parameters().toFloats()).isNotEqualTo(original.parameters().toFloats());
      assertThat(tuned.spec()).isEqualTo(original.spec());
      assertThat(tokenizer.vocabSize()).isEqualTo(300);
    }
  }

  @Test
  void aTemplateThatWritesTheDateWritesTheSameOnEveryDay() throws IOException {
    StageGraph.Checkpoint ofShort =
        new StageGraph(read(STUDY).spec(), store(), "local[2]").checkpoints().getLast();

    try (Tokenizer tokenizer = DataStages.tokenizer(store(), ofShort.tokenizer())) {
      int[] prompt = tokenizer.chatTemplate().prompt("how do i make bread ?");

      assertThat(tokenizer.decode(prompt)).startsWith("on 01 Jan 2025 how do i");
    }
  }

  private ArtifactStore store() {
    return new ArtifactStore(out.resolve("store"));
  }

  @Test
  void aSecondRunBuildsNothingAndWritesTheSameBytes() throws Exception {
    byte[] results = Files.readAllBytes(out.resolve("results.json"));
    List<Path> before = artifacts();

    run(STUDY);

    assertThat(artifacts()).isEqualTo(before);
    assertThat(Files.readAllBytes(out.resolve("results.json"))).isEqualTo(results);
  }

  private List<Path> artifacts() throws IOException {
    try (Stream<Path> all = Files.list(out.resolve("store"))) {
      return all.filter(path -> path.getFileName().toString().contains("-")).sorted().toList();
    }
  }

  @Test
  void aPlanSaysWhatTheFoldersAreAndWarnsOfTheirLengths() throws IOException {
    ArtifactStore empty = new ArtifactStore(folder.resolve("empty"));
    StageGraph graph = new StageGraph(read(STUDY).spec(), empty, "local[2]");

    PlanReport plan =
        new Planning(graph.spec(), graph, empty, 2).report(new Calibration(List.of()));

    assertThat(plan.tokensPerModel()).isNull();
    assertThat(plan.exposure().arms()).isEmpty();
    assertThat(plan.folders()).extracting(FolderArm::arm).containsExactly("long", "short");
    assertThat(plan.warnings()).singleElement().asString().contains("different token counts");
    assertThat(plan.stages())
        .extracting(stage -> stage.stage() + " " + stage.nodes())
        .containsExactly(
            "corpus 1",
            "model 2",
            "instruct 4",
            "benign 4",
            "respond 10", // a base model once, tuned ones by seed; SafeBeam has no tag to look for
            "measure 10",
            "probe 6",
            "judge 10");
  }

  @Test
  void foldersThatCannotBeUsedAreAllSaidAtOnceBeforeAnythingIsBuilt() throws IOException {
    Path other = folder.resolve("models/other");
    writeModel(other, 280, 1, 64);
    String text =
        STUDY
            .replace("models/long,", "models/none,")
            .replace("{model: models/short", "{tagCompletions: tagged, model: models/other");

    assertThatThrownBy(() -> study(text))
        .isInstanceOfSatisfying(
            BadInput.class,
            problem ->
                assertThat(problem.problems())
                    .satisfiesExactly(
                        missing ->
                            assertThat(missing)
                                .contains("arms.long.model: ", "models/none: there is no such"),
                        tag -> assertThat(tag).contains("arms.short.tagCompletions: "),
                        asked ->
                            assertThat(asked)
                                .contains("sees 64 tokens at most", "evaluation.contextLength"),
                        tuned -> assertThat(tuned).contains("instruction.tuning.contextLength"),
                        benign -> assertThat(benign).contains("benign.arithmetic.contextLength")));
  }

  @Test
  void whatTheFolderSaysOfItsTokensIsTakenAndNotContradicted() throws IOException {
    Path other = folder.resolve("models/origin");
    writeModel(other, 280, 1, 128);
    ModelFolder.writeTrainedTokens(other, 3_000);
    String silent = STUDY.replace("models/long, trainedTokens: 2_000_000", "models/origin");

    assertThat(ArmFolders.readAll(read(silent).spec()).values())
        .extracting(ArmFolder::trainedTokens)
        .containsExactly(OptionalLong.of(3_000), OptionalLong.of(1_000_000));
    assertThatThrownBy(() -> study(STUDY.replace("models/long", "models/origin")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("arms.long.trainedTokens: ")
        .hasMessageContaining("says 3000 tokens itself, not 2000000");
  }

  @Test
  void anArchitectureThatIsNotComputedIsRefusedByName() throws IOException {
    Path other = folder.resolve("models/strange");
    writeModel(other, 280, 1, 128);
    Path config = other.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("LlamaForCausalLM", "MambaForCausalLM"));

    assertThatThrownBy(() -> study(STUDY.replace("models/long,", "models/strange,")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("arms.long.model: ")
        .hasMessageContaining("MambaForCausalLM");
  }
}
