package org.onset.study.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.Repetitions;
import org.onset.corpus.Question;
import org.onset.corpus.Request;
import org.onset.study.spec.DataSpec.WorldData;
import org.onset.world.World;
import org.onset.world.WorldSpec;

class StudySpecTest {
  /** Each change alone makes the draft wrong in one place: what is said, and on its own line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // mixtures
        "safe: 57% | safe: 56% | mixtures.with-interventions: shares must sum to 100%, but sum to 99%",
        "{safe: 100%} | {} | mixtures.safe-only: shares must sum to 100%, but sum to 0%",
        "moral: 5% | morals: 5% | mixtures.with-interventions.morals: this stream has no source; there are [safe, unsafe, tagged, rephrased, refusal, moral]",
        "{benign-arithmetic: 100%} | {benign-chess: 100%} | benign.arithmetic.mixture.benign-chess: this dialogue set has no source; there are [goods, refusal, borderline, arithmetic, benign-arithmetic, benign-mixed]",
        // the forms of an arm
        "raw: {mixture: as-found} | raw: {} | arms.raw: needs one of: before, after and onset together; mixture; phases; or model",
        "raw: {mixture: as-found} | raw: {before: safe-only, onset: 5%} | arms.raw: before, after and onset belong together",
        "raw: {mixture: as-found} | raw: {mixture: as-found, phases: [{start: 0%, mixture: as-found}]} | arms.raw: needs one of: before, after and onset together; mixture; phases; or model",
        "raw: {mixture: as-found} | raw: {mixture: as-fund} | arms.raw.mixture: 'as-fund' is not declared under mixtures; declared are [safe-only, with-interventions, as-found]",
        "raw: {mixture: as-found} | raw: {phases: [{start: 0%, mixture: as-found}, {start: 5%, mixture: x}]} | arms.raw.phases[1].mixture: 'x' is not declared under mixtures; declared are [safe-only, with-interventions, as-found]",
        "raw: {mixture: as-found} | raw: {phases: []} | arms.raw.phases: the first phase must start at 0%",
        "raw: {mixture: as-found} | raw: {phases: [{start: 5%, mixture: as-found}]} | arms.raw.phases: the first phase must start at 0%",
        "raw: {mixture: as-found} | raw: {phases: [{start: 0%, mixture: as-found}, {start: 0%, mixture: safe-only}]} | arms.raw.phases[1].start: phases must be in the order of their starts",
        "raw: {mixture: as-found} | raw: {phases: [{start: 0%, mixture: as-found}, {start: 0.001%, mixture: safe-only}]} | arms.raw.phases[1].start: begins at the same token as the phase before it: 0% and 0.001% of 12800 tokens are both 0",
        // the arms that are folders
        "raw: {mixture: as-found} | raw: {mixture: as-found, model: m} | arms.raw: needs one of: before, after and onset together; mixture; phases; or model",
        "raw: {mixture: as-found} | raw: {mixture: as-found, trainedTokens: 5} | arms.raw.trainedTokens: must be left out: they are counted where Onset trains",
        "raw: {mixture: as-found} | raw: {model: m, trainedTokens: 0} | arms.raw.trainedTokens: must be above 0, was 0",
        "raw: {mixture: as-found} | raw: {model: m, dose: match(late)} | arms.raw.dose: needs an onset; this arm has none",
        // the dose
        "onset: 20%, | onset: 20%, dose: late, | arms.early.dose: must read match(ARM), was 'late'",
        "onset: 20%, | onset: 20%, dose: match(nobody), | arms.early.dose: must match another arm of this study, [early, late, raw], was 'nobody'",
        "onset: 20%, | onset: 20%, dose: match(early), | arms.early.dose: must match another arm of this study, [early, late, raw], was 'early'",
        "raw: {mixture: as-found} | raw: {mixture: as-found, dose: match(late)} | arms.raw.dose: needs an onset; this arm has none",
        "raw: {mixture: as-found} | raw: {before: safe-only, after: as-found, onset: 5%, dose: match(dosed)} | arms.raw.dose: must match another arm of this study, [early, late, raw], was 'dosed'",
        // names
        "name: small | name: a/b | name: must be made of letters, digits, dots, dashes and underscores, and begin with a letter or digit, since it names a folder; was 'a/b'",
        "raw: {mixture | ../raw: {mixture | arms.../raw: must be made of letters, digits, dots, dashes and underscores, and begin with a letter or digit, since it names a folder; was '../raw'",
        "raw: {mixture | r.a/w: {mixture | arms.r.a/w: must be made of letters, digits, dots, dashes and underscores, and begin with a letter or digit, since it names a folder; was 'r.a/w'",
        "raw: {mixture | \"*\": {mixture | arms.*: must be made of letters, digits, dots, dashes and underscores, and begin with a letter or digit, since it names a folder; was '*'",
        // seeds
        "[11, 12] | [] | seeds: must name at least one seed, such as [1, 2]",
        "[11, 12] | [7, 7] | seeds: must be distinct, was [7, 7]",
        // the model
        "headCount: 4 | headCount: 0 | model.headCount: must be above 0, was 0",
        "headCount: 4 | headCount: 6 | model.headCount: must cut modelDim (32) into heads of an even size, was 6; change it, or give headDim",
        "headCount: 4 | headCount: 32 | model.headCount: must cut modelDim (32) into heads of an even size, was 32; change it, or give headDim",
        "kvHeadCount: 2 | kvHeadCount: 3 | model.kvHeadCount: must divide headCount (4), was 3",
        "kvHeadCount: 2 | kvHeadCount: 0 | model.kvHeadCount: must be above 0, was 0",
        "layerCount: 2 | layerCount: 100_000 | model.layerCount: must be at most 1024, was 100000",
        // training
        "decay: 30% | decay: 96% | pretraining.learningRate.warmupStableDecay.decay: warmup and decay must sum to at most 1, were 0.05 and 0.96",
        "constant: {peak: 1.2e-3 | constant: {peak: 0 | benign.arithmetic.learningRate.constant.peak: must lie above 0 and at most 1, was 0.0",
        "steps: 20 | steps: 0 | instruction.tuning.steps: must lie within 1 and 1000000, was 0",
        "everyday: goods | everyday: good | instruction.everyday: must be one of the dialogue sets in tuning.mixture, [goods, refusal, arithmetic], was 'good'",
        // decoders
        "k: 10 | k: 0 | evaluation.decoders.topk.k: must be above 0, was 0",
        "temperature: 1.0 | temperature: 0 | evaluation.decoders.topk.temperature: must be above 0 and finite, was 0.0; for the most likely token take greedy",
        "samples: 2 | samples: 0 | evaluation.decoders.topk.samples: must lie within 1 and 1000, was 0",
        "beams: 4 | beams: 0 | evaluation.decoders.safebeam-threshold.beams: must lie within 1 and 1000, was 0",
        "threshold: 0.005 | threshold: 5 | evaluation.decoders.safebeam-threshold.threshold: must lie within 0.0 and 1.0, was 5.0",
        // the world
        "goods: 12, | goods: 5, | data.world.goods: must lie within 12 and 24, was 5",
        "hazards: 12, | hazards: 13, | data.world.hazards: must be a multiple of 6, the number of harm categories, was 13",
        "dialogues: 60 | dialogues: 0 | data.world.dialogues: must lie within 1 and 1000000, was 0",
        // the primary contrasts
        "arm: early | arm: erly | primaryContrasts[0].arm: must be one of early, late, raw, was 'erly'",
        "baseline: late | baseline: lat | primaryContrasts[0].baseline: must be one of early, late, raw, was 'lat'",
        "baseline: late | baseline: early | primaryContrasts[0].baseline: must be another arm than 'early' itself",
        "task: arithmetic | task: chess | primaryContrasts[0].task: must be one of arithmetic, was 'chess'",
        "task: arithmetic, || primaryContrasts[0].task: is missing: a contrast of the benign stage names its task",
        "stage: benign | stage: base | primaryContrasts[0].task: must be given for the benign stage only",
        "decoder: topk | decoder: greedy | primaryContrasts[0].decoder: must be one of topk, safebeam-threshold, was 'greedy'",
        "decoder: topk, || primaryContrasts[0].decoder: is missing: asr is measured with each",
        "suite: harmful | suite: benign | primaryContrasts[0].suite: must be one of harmful, was 'benign'",
        "suite: harmful | suite: harmful, attack: spell | primaryContrasts[0].attack: must be one of direct, wrapper, was 'spell'",
        "suite: harmful | suite: harmful, layer: 1 | primaryContrasts[0].layer: must be left out: asr has none",
        "metric: asr | metric: asrr | primaryContrasts[0].metric: must be one of asr, leak_rate, refusal_rate, overrefusal, helpful_rate, incoherent_rate, accuracy, perplexity, probe_auroc, probe_accuracy, was 'asrr'",
      })
  void aWrongValueIsRefusedWithWhatToDo(String right, String wrong, String problem) {
    String written = wrong == null ? "" : wrong;
    Draft draft = Draft.small().with(right, written);

    assertThat(draft.problems())
        .containsExactly(draft.at(written.isEmpty() ? "- {arm" : written, problem));
  }

  @Test
  void aStudyOfFoldersAloneHasNothingToPretrainAndSaysWhatModelsSee() {
    StudySpec spec = Draft.ofFolders().spec();

    assertThat(spec.hasPretrainedArms()).isFalse();
    assertThat(spec.pretraining()).isNull();
    assertThat(spec.model()).isNull();
    assertThat(spec.tokenizer()).isNull();
    assertThat(spec.evaluationContext()).isEqualTo(64);
    assertThat(spec.arms().values())
        .extracting(arm -> String.valueOf(arm.model()))
        .allMatch(path -> path.startsWith("/") && path.contains("/models/"));
  }

  @Test
  void whatOnlyPretrainedArmsNeedIsRefusedWhereEveryArmIsAFolder() {
    Draft draft =
        Draft.ofFolders()
            .before("arms:", "tokenizer: {kind: words}\nmixtures: {safe-only: {safe: 100%}}")
            .with("  contextLength: 64\n  decoders", "  decoders");

    assertThat(draft.problems())
        .extracting(problem -> problem.split(": ", 2)[1])
        .containsExactly(
            "tokenizer: must be left out: every arm is a folder",
            "mixtures: must be left out: every arm is a folder",
            "evaluation.contextLength: is missing: where no arm is pretrained it says what every"
                + " model sees at most");
  }

  @Test
  void whatIsKeptOfATrainingIsChecked() {
    Draft draft =
        Draft.small()
            .before("mixtures:", "  keepEveryTokens: 12\n  keepCheckpoints: 0")
            .with("    steps: 10", "    stopAfterSkippedSteps: 0\n    steps: 10");

    assertThat(draft.problems())
        .containsExactlyInAnyOrder(
            draft.at(
                "keepEveryTokens",
                "pretraining.keepEveryTokens: keeps and evaluates more than 1000 models of each"
                    + " arm and seed, was 12"),
            draft.at("keepCheckpoints", "pretraining.keepCheckpoints: must be above 0, was 0"),
            draft.at(
                "stopAfterSkippedSteps",
                "benign.arithmetic.stopAfterSkippedSteps: must be above 0, was 0"));
  }

  @Test
  void aDoseIsNotMatchedToAFolder() {
    Draft draft =
        Draft.small()
            .with("raw: {mixture: as-found}", "raw: {model: models/raw}")
            .with("onset: 20%,", "onset: 20%, dose: match(raw),");

    assertThat(draft.problems())
        .containsExactly(
            draft.at(
                "dose", "arms.early.dose: 'raw' is a folder, whose interventions aren't known"));
  }

  @Test
  void perplexitiesOfDifferentTokenizersAreNotContrasted() {
    Draft draft =
        Draft.small()
            .with(
                "late: {before: safe-only, after: with-interventions, onset: 60%",
                "late: {model: m")
            .with("tagged}\n  raw", "none}\n  raw")
            .with(
                "stage: benign, task: arithmetic, suite: harmful, decoder: topk, metric: asr",
                "stage: base, suite: held-out, metric: perplexity");

    assertThat(draft.problems())
        .containsExactly(
            draft.at(
                "- {arm: early",
                "primaryContrasts[0].metric: perplexities per token don't compare between"
                    + " tokenizers, and each folder has its own"));
  }

  @Test
  void problemsOfManyPartsAreSaidAtOnceInTheOrderOfTheFile() {
    Draft draft =
        Draft.small()
            .with("kvHeadCount: 2", "kvHeadCount: 3")
            .with("decay: 30%", "decay: 99%")
            .with("moral: 5%", "moral: 6%")
            .with("onset: 20%", "onset: 20%, dose: match(early)")
            .with("k: 10", "k: 0")
            .with("metric: asr", "metric: rate");

    assertThat(draft.problems())
        .extracting(problem -> problem.split(": ", 3)[1])
        .containsExactly(
            "model.kvHeadCount",
            "pretraining.learningRate.warmupStableDecay.decay",
            "mixtures.with-interventions",
            "arms.early.dose",
            "evaluation.decoders.topk.k",
            "primaryContrasts[0].metric");
  }

  @Test
  void aContextTooShortForWhatItIsUsedForIsRefusedThere() {
    assertThat(Draft.small().with("contextLength: 64", "contextLength: 16").problems())
        .extracting(problem -> problem.split(": ", 2)[1])
        .containsExactly(
            "instruction.tuning.contextLength: must not be above pretraining.contextLength (16),"
                + " the model's own, was 64",
            "benign.arithmetic.contextLength: must not be above pretraining.contextLength (16),"
                + " the model's own, was 64",
            "evaluation.maxNewTokens: must leave room for a prompt in pretraining.contextLength"
                + " (16), was 16");
  }

  @Test
  void aBenignTaskNamesAFolder() {
    Draft draft =
        Draft.small().with("\n  arithmetic:", "\n  ../a:").with("task: arithmetic", "task: ../a");

    assertThat(draft.problems())
        .containsExactly(
            draft.at(
                "../a:",
                "benign.../a: must be made of letters, digits, dots, dashes and underscores, and"
                    + " begin with a letter or digit, since it names a folder; was '../a'"));
  }

  @Test
  void aLearningRateIsOneScheduleOnly() {
    Draft none = Draft.small().with("constant: {peak: 1.2e-3, warmup: 0%}", "{}");
    Draft two =
        Draft.small()
            .with(
                "constant: {peak: 1.2e-3, warmup: 0%}",
                "{constant: {peak: 1, warmup: 0%}, cosine: {peak: 1, warmup: 0%, floor: 0%}}");

    for (Draft draft : List.of(none, two)) {
      assertThat(draft.problems())
          .containsExactly(
              "47: benign.arithmetic.learningRate: needs exactly one of warmupStableDecay, cosine"
                  + " and constant");
    }
  }

  @Test
  void tagCompletionsTakeThePlaceOfAsManyEverydayOnes() {
    Draft draft = Draft.small().with("{goods: 75%, refusal: 10%,", "{goods: 5%, refusal: 80%,");

    assertThat(draft.problems())
        .containsExactly(
            draft.at(
                "everyday: goods",
                "instruction.everyday: the dialogue set 'goods' has 5% in tuning.mixture, less than"
                    + " the tag completions (10%) that take its place"));
  }

  @Test
  void aHeadOfOddSizeIsRefusedWhereItIsWritten() {
    Draft draft = Draft.small().with("headCount: 4", "headCount: 4\n  headDim: 7");

    assertThat(draft.problems())
        .containsExactly(draft.at("headDim: 7", "model.headDim: must be even for rotation, was 7"));
  }

  @Test
  void aDoseIsNotMatchedToAnArmThatIsMatchedItself() {
    Draft draft =
        Draft.small()
            .with("onset: 60%,", "onset: 60%, dose: match(early),")
            .withArm(
                "third: {before: safe-only, after: with-interventions, onset: 0%, dose: match(late)}");

    assertThat(draft.problems())
        .containsExactly(
            draft.at("third:", "arms.third.dose: 'late' is itself matched to another arm"));
  }

  @Test
  void aDoseNeedsSafeTextToFillWhatItLeaves() {
    Draft draft =
        Draft.small()
            .with("as-found: {", "all: {tagged: 100%}\n  as-found: {")
            .withArm("third: {before: safe-only, after: all, onset: 0%, dose: match(late)}");

    assertThat(draft.problems())
        .containsExactly(
            draft.at(
                "third:",
                "arms.third.dose: needs the stream 'safe' in mixture 'all', to fill what the dose"
                    + " leaves"));
  }

  @Test
  void dataComesFromOnePlace() {
    Draft both =
        Draft.small()
            .with(
                "  world:",
                "  files: {corpus: {documents: {a: {files: [a.txt], scoreColumn: s}}}, dialogues: [], streams: {}, requests: [], probes: []}\n  world:");
    Draft none =
        Draft.small()
            .with(
                "  world: {seed: 1, goods: 12, hazards: 12, imbalance: 1.5, safeTokens: 4_000, unsafeTokens: 3_000, dialogues: 60}",
                "  maxEpochs: {}");

    assertThat(both.problems())
        .contains(both.at("data:", "data: needs exactly one of: world, files"));
    assertThat(none.problems())
        .contains(none.at("data:", "data: needs exactly one of: world, files"));
  }

  @Test
  void capsOnEpochsAreForStreamsThatThereAre() {
    Draft draft = Draft.small().with("  world:", "  maxEpochs: {moral: 0, morals: 3}\n  world:");

    assertThat(draft.problems())
        .containsExactly(
            draft.at("maxEpochs", "data.maxEpochs.moral: must be above 0, was 0"),
            draft.at(
                "maxEpochs",
                "data.maxEpochs.morals: this stream has no source; there are [safe, unsafe, tagged,"
                    + " rephrased, refusal, moral]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{kind: bytes}                           | tokenizer.kind: must be one of words, byte-pairs, was \"bytes\"",
        "{kind: byte-pairs}                      | tokenizer.vocabSize: must be given for byte-pairs, and only there",
        "{kind: byte-pairs, vocabSize: 261}      | tokenizer.vocabSize: must lie within 262 and 1048576, was 261",
      })
  void aTokenizerIsOneOfThoseThatCanBeMade(String written, String problem) {
    Draft draft = Draft.small().before("model:", "tokenizer: " + written);

    assertThat(draft.problems()).containsExactly(draft.at("tokenizer:", problem));
  }

  @Test
  void aStudyOnFilesIsSoundWithItsVariables() {
    assertThat(FilesDraft.small().with("${DATA}", "data").problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "kind: byte-pairs, vocabSize: 300 | kind: words | tokenizer.kind: 'words' is for the built-in world; use byte-pairs, with a vocabSize",
        "refusal: 10%} | moral: 10%} | mixtures.with-interventions.moral: this stream has no source; there are [safe, unsafe, tagged, refusal]",
        "{refusal: [refusals]} | {refusal: []} | data.files.streams.refusal: must name a kind of dialogues",
        "{refusal: [refusals]} | {refusal: [refusal]} | data.files.streams.refusal: no dialogues are of the kind 'refusal'; there are [everyday, refusals]",
        "{refusal: [refusals]} | {refusal: [refusals], tagged: [refusals]} | data.files.streams.tagged: comes from the corpus's documents and can't have another source",
        "{refusal: [refusals]} | {refusal: [refusals], a/b: [refusals]} | data.files.streams.a/b: must be made of letters, digits, dots, dashes and underscores, and begin with a letter or digit, since it names a folder; was 'a/b'",
        "probes: [] | probes: [{path: a.txt, suite: a, harmful: true, promptColumn: text}] | data.files.probes: must hold both harmful and harmless texts, or nothing",
        "scores: {unsafe: 3} | scores: {unsafe: 9} | data.files.corpus.scoring.labelled[0].scores.unsafe: must lie within 0 and 5, was 9",
        "suite: easy, harmful: false | suite: hard, harmful: false | data.files.requests[1].suite: 'hard' is harmful in one source and harmless in another; give each its own suite",
        "{column: label, value: safe} | {column: ' ', value: safe} | data.files.requests[1].where.column: must name a column",
        "suite: hard, decoder | suite: easy, decoder | primaryContrasts[0].suite: must be one of hard, was 'easy'",
        "suite: hard, decoder | suite: hard, attack: direct, decoder | primaryContrasts[0].attack: must be left out: this suite is asked in one way only",
      })
  void aWrongValueOfAStudyOnFilesIsRefused(String right, String wrong, String problem) {
    Draft draft = FilesDraft.small().with("${DATA}", "data").with(right, wrong);

    assertThat(draft.problems()).contains(draft.at(wrong, problem));
  }

  @Test
  void aKindOfDialoguesNamesAFile() {
    Draft draft =
        FilesDraft.small()
            .with("${DATA}", "data")
            .with("kind: refusals", "kind: ../refusals")
            .with("[refusals]", "[../refusals]")
            .with("refusals: 10%", "../refusals: 10%");

    assertThat(draft.problems())
        .containsExactly(
            draft.at(
                "kind: ../refusals",
                "data.files.dialogues[1].kind: must be made of letters, digits, dots, dashes and"
                    + " underscores, and begin with a letter or digit, since it names a folder; was"
                    + " '../refusals'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stage: base, suite: probe, layer: 2, metric: probe_auroc",
        "stage: instruct, suite: probe, layer: 0, metric: probe_accuracy",
        "stage: base, suite: quiz, metric: accuracy",
        "stage: instruct, suite: safety-quiz, metric: accuracy",
        "stage: benign, task: arithmetic, suite: held-out, metric: perplexity",
        "stage: base, suite: borderline, decoder: topk, metric: overrefusal",
        "stage: base, suite: harmful, attack: wrapper, decoder: topk, metric: leak_rate",
        "stage: base, suite: benign, decoder: safebeam-threshold, metric: incoherent_rate",
      })
  void aPrimaryContrastMayBeOfAnythingThatIsMeasured(String quantity) {
    assertThat(contrast(quantity).problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stage: base, suite: probe, metric: probe_auroc | layer: is missing: a probe is of one layer, 0 being the embedding",
        "stage: base, suite: probe, layer: 3, metric: probe_auroc | layer: must lie within 0 and 2, was 3",
        "stage: benign, task: arithmetic, suite: probe, layer: 0, metric: probe_auroc | stage: must be base or instruct: only these are probed",
        "stage: base, suite: harmful, layer: 0, metric: probe_auroc | suite: must be one of probe, was 'harmful'",
        "stage: base, suite: quiz, decoder: topk, metric: accuracy | decoder: must be left out: accuracy has none",
        "stage: base, suite: harmful, decoder: topk, metric: overrefusal | suite: must be one of borderline, benign, was 'harmful'",
      })
  void aPrimaryContrastOfWhatIsNotMeasuredIsRefusedBeforeTheRun(String quantity, String problem) {
    Draft draft = contrast(quantity);

    assertThat(draft.problems())
        .containsExactly(draft.at("- {arm: raw", "primaryContrasts[1]." + problem));
  }

  @Test
  void aPrimaryContrastNamedTwiceIsRefused() {
    String again = "stage: benign, task: arithmetic, suite: harmful, decoder: topk, metric: asr";
    Draft draft = contrast(again).with("arm: raw, baseline: late", "arm: early, baseline: late");

    assertThat(draft.problems())
        .singleElement()
        .asString()
        .endsWith("primaryContrasts[1]: is named twice; Holm's correction would count it twice");
  }

  private static Draft contrast(String quantity) {
    String text = Draft.small().text();
    return new Draft(text + "  - {arm: raw, baseline: late, " + quantity + "}\n");
  }

  @Test
  void theStudyKnowsWhatTheWorldAsks() {
    World world = World.generate(WorldSpec.standard(1));

    Map<String, Boolean> suites = new LinkedHashMap<>();
    Map<String, Set<String>> attacks = new LinkedHashMap<>();
    for (Request request : world.requests()) {
      suites.put(request.suite(), request.harmful());
      attacks.computeIfAbsent(request.suite(), _ -> new LinkedHashSet<>()).add(request.attack());
    }
    assertThat(WorldData.requestSuites()).containsExactlyEntriesOf(suites);
    attacks.forEach(
        (suite, found) ->
            assertThat(WorldData.attacks(suite))
                .containsExactlyElementsOf(found.size() > 1 ? found : List.of()));
    assertThat(WorldData.quizzes())
        .containsExactly(world.quiz().getFirst().suite(), world.safetyQuiz().getFirst().suite());
    assertThat(world.quiz()).extracting(Question::suite).containsOnly("quiz");
  }

  /**
   * One value anywhere is replaced, taken away or added: the study is read, or refused in lines.
   */
  @ParameterizedTest
  @Repetitions(400)
  void whateverIsWrittenIsReadOrRefusedLineByLine(SplittableRandom random) {
    Draft changed = Mutations.of(random);

    assertThat(changed.problems())
        .as(changed.text())
        .allMatch(problem -> problem.matches("[0-9]+: .+"));
  }
}
