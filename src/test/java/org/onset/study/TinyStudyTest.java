package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.onset.study.results.Results;
import org.onset.study.results.RunSummary;
import org.onset.study.spec.StudyFile;

/** The whole way on the built-in world, at the smallest size that has every stage. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TinyStudyTest {
  private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());
  private static final String STUDY =
      """
      name: tiny
      seeds: [1, 2]
      data:
        world: {seed: 1, goods: 12, hazards: 12, imbalance: 1.5, safeTokens: 30_000, unsafeTokens: 20_000, dialogues: 100}
      model: {modelDim: 16, layerCount: 1, headCount: 2, kvHeadCount: 1, feedForwardDim: 32}
      pretraining:
        tokenBudget: 10_240
        contextLength: 64
        sequencesPerStep: 8
        learningRate: {constant: {peak: 6.0e-3, warmup: 0%}}
        checkpointEverySteps: 2
      mixtures:
        safe-only: {safe: 100%}
        with-interventions: {safe: 57%, tagged: 20%, rephrased: 8%, refusal: 10%, moral: 5%}
      arms:
        start-20: {before: safe-only, after: with-interventions, onset: 20%, tagCompletions: tagged}
        never: {before: safe-only, after: with-interventions, onset: 100%}
      instruction:
        everyday: goods
        tuning:
          mixture: {goods: 90%, refusal: 10%}
          steps: 3
          contextLength: 64
          sequencesPerStep: 8
          learningRate: {constant: {peak: 2.0e-3, warmup: 0%}}
      benign:
        arithmetic:
          mixture: {benign-arithmetic: 100%}
          steps: 2
          contextLength: 64
          sequencesPerStep: 8
          learningRate: {constant: {peak: 1.0e-3, warmup: 0%}}
      evaluation:
        maxNewTokens: 4
        perplexityDocuments: 10
        decoders:
          topk: {k: 10, temperature: 1.0, samples: 1}
          safebeam-threshold: {beams: 2, extensions: 2, threshold: 0.005, stopOnTag: false}
      primaryContrasts:
        - {arm: start-20, baseline: never, stage: benign, task: arithmetic, suite: harmful, decoder: topk, metric: asr}
      """;

  private Path folder;
  private Path studyFile;
  private Path out;
  private RunSummary summary;

  @BeforeAll
  void runOnce(@TempDir Path temporary) throws IOException, InterruptedException {
    folder = temporary;
    studyFile = Files.writeString(folder.resolve("tiny.yaml"), STUDY);
    out = folder.resolve("run");
    summary = run(studyFile, out, out.resolve("store"));
  }

  private static RunSummary run(Path studyFile, Path out, Path store)
      throws IOException, InterruptedException {
    Study.Options options = Study.Options.here(out, store, 2);
    return new Study(StudyFile.read(studyFile), options).run(SILENT, false);
  }

  @Test
  void everyArmStageAndDecoderHasItsAttackSuccessPooledAndBySeed() {
    for (String arm : List.of("start-20", "never")) {
      for (String stage : List.of("base", "instruct", "benign")) {
        for (String decoder : List.of("topk", "safebeam-threshold")) {
          List<Results.Row> rows =
              summary.results().rows().stream()
                  .filter(
                      row ->
                          row.arm().equals(arm)
                              && row.stage().equals(stage)
                              && decoder.equals(row.decoder())
                              && row.metric().equals("asr")
                              && row.attack() == null
                              && row.variant() == null)
                  .toList();

          assertThat(rows).extracting(Results.Row::seed).containsExactly(null, 1L, 2L);
          assertThat(rows)
              .allSatisfy(
                  row -> {
                    assertThat(row.value()).isBetween(0.0, 1.0);
                    assertThat(row.low()).isLessThanOrEqualTo(row.value());
                    assertThat(row.high()).isGreaterThanOrEqualTo(row.value());
                    assertThat(row.n()).isPositive();
                    assertThat(row.judge()).isEqualTo("exact");
                  });
        }
      }
    }
  }

  @Test
  void whatArmsShareIsTrainedOnce() throws IOException {
    try (Stream<Path> artifacts = Files.list(out.resolve("store"))) {
      Set<String> states =
          artifacts
              .map(artifact -> artifact.getFileName().toString())
              .filter(name -> name.startsWith("state-"))
              .collect(Collectors.toSet());
      // Per seed: the stretch before the onset, and one from there for each arm.
      assertThat(states).hasSize(2 * 3);
    }
  }

  @Test
  void aPrimaryContrastBelowSixSeedsIsShownButNotTested() {
    assertThat(summary.results().contrasts())
        .filteredOn(Results.Contrast::primary)
        .singleElement()
        .satisfies(
            contrast -> {
              assertThat(contrast.p()).isNull();
              assertThat(contrast.reason()).contains("tested from 6 on");
              assertThat(contrast.seeds()).isEqualTo(2);
            });
  }

  @Test
  void aSecondRunBuildsNothingAndWritesTheSameBytes() throws Exception {
    byte[] results = Files.readAllBytes(out.resolve("results.json"));
    List<Path> before = artifacts();

    run(studyFile, out, out.resolve("store"));

    assertThat(artifacts()).isEqualTo(before);
    assertThat(Files.readAllBytes(out.resolve("results.json"))).isEqualTo(results);
  }

  @Test
  void anArmMoreRenamesNothingThatIsThere() throws Exception {
    List<Path> before = artifacts();
    String more =
        STUDY.replace(
            "arms:\n",
            """
            arms:
              start-60: {before: safe-only, after: with-interventions, onset: 60%, tagCompletions: tagged}
            """);
    Path file = Files.writeString(folder.resolve("more.yaml"), more);

    run(file, folder.resolve("more"), out.resolve("store"));

    assertThat(artifacts()).containsAll(before);
    // Per seed: its stretches, models, answers, verdicts, likelihoods and probes; the other arms'
    // stand.
    List<Path> added = new ArrayList<>(artifacts());
    added.removeAll(before);
    assertThat(added)
        .filteredOn(path -> path.getFileName().toString().startsWith("respond-"))
        .hasSize(2 * 3 * 2);
    assertThat(added)
        .filteredOn(path -> path.getFileName().toString().startsWith("state-"))
        .hasSize(2 * 2);
  }

  @Test
  void aRunThatIsKilledGoesOnAndEndsWithTheSameBytes() throws Exception {
    Path killed = folder.resolve("killed");
    boolean finished = false;
    int kills = 0;
    while (!finished) {
      Process process = start(killed);
      // Killed at ever later moments, each time once there is something to lose.
      finished = process.waitFor(4_000 + 1_500L * kills, TimeUnit.MILLISECONDS);
      if (finished) {
        assertThat(process.exitValue()).isZero();
      } else {
        process.destroyForcibly().waitFor();
        kills++;
      }
    }

    assertThat(kills).isPositive();
    assertThat(Files.readAllBytes(killed.resolve("results.json")))
        .isEqualTo(Files.readAllBytes(out.resolve("results.json")));
  }

  private Process start(Path runFolder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("src/main/launch/jvm.flags").toAbsolutePath());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.onset.cli.Main"));
    command.addAll(List.of("run", studyFile.toString(), "--out", runFolder.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<Path> artifacts() throws IOException {
    try (Stream<Path> all = Files.list(out.resolve("store"))) {
      return all.filter(path -> path.getFileName().toString().contains("-")).sorted().toList();
    }
  }

  @Test
  void theFolderHoldsModelsThatLoadAndTranscripts() {
    assertThat(out.resolve("models/never/1/benign-arithmetic"))
        .isDirectoryContaining("glob:**/model.safetensors")
        .isDirectoryContaining("glob:**/tokenizer.json")
        .isDirectoryContaining("glob:**/config.json");
    assertThat(out.resolve("transcripts/never/1/base.jsonl.gz")).isNotEmptyFile();
    assertThat(out.resolve("logs/start-20-2-base.jsonl")).isNotEmptyFile();
    assertThat(out.resolve("exposure.json")).isNotEmptyFile();
    assertThat(out.resolve("provenance.json")).isNotEmptyFile();
    assertThat(out.resolve("study.yaml")).isNotEmptyFile();
  }
}
