package org.onset.study.spec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.corpus.Source;
import org.onset.corpus.pipeline.CorpusSpec;
import org.onset.study.spec.ArmSpec.TagCompletions;

class StudyFileTest {
  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("studies"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyStudyThatIsShippedLoads(Path file) {
    StudyFile study = StudyFile.read(file, Map.of("ONSET_DATA", "/data")::get);

    assertThat(study.spec().name() + ".yaml").isEqualTo(file.getFileName().toString());
    assertThat(study.spec().arms()).isNotEmpty();
    assertThat(study.folder()).isEqualTo(Path.of("studies").toAbsolutePath());
  }

  @Test
  void theDraftOfTheseTestsIsSound() {
    assertThat(Draft.small().problems()).isEmpty();
  }

  @Test
  void defaultsFillWhatTheFileLeavesOutAndAreWrittenDownWithTheRest() {
    StudyFile study = Draft.small().read();

    assertThat(study.spec().pretrained().training().optimizer().weightDecay()).isEqualTo(0.1);
    assertThat(study.spec().benign().values())
        .extracting(task -> task.optimizer().weightDecay())
        .containsExactly(0.0);
    assertThat(study.spec().arms().values())
        .extracting(ArmSpec::tagCompletions)
        .containsExactly(TagCompletions.TAGGED, TagCompletions.TAGGED, TagCompletions.NONE);
    assertThat(new Draft(study.resolved()).spec()).isEqualTo(study.spec());
  }

  @Test
  void whatIsOffStaysOffInTheResolvedStudy() {
    StudyFile study =
        FilesDraft.small()
            .with("as-found: {safe: 72%, unsafe: 28%}", "as-found: {safe: 100%}")
            .with("{rephrased: off}", "{unsafe: off}")
            .read(Map.of("DATA", "/somewhere"));
    CorpusSpec corpus = requireNonNull(study.spec().data().files()).corpus();

    assertThat(corpus.cleaning().quality()).isNull();
    assertThat(corpus.cleaning().contamination()).isNull();
    assertThat(corpus.cleaning().nearDuplicates()).isNotNull();
    assertThat(corpus.interventions().keySet()).containsExactly("safe", "tagged");
    StudyFile again = new Draft(study.resolved()).read(Map.of("DATA", "/somewhere"));
    assertThat(requireNonNull(again.spec().data().files()).corpus().cleaning())
        .isEqualTo(corpus.cleaning());
    assertThat(requireNonNull(again.spec().data().files()).corpus().interventions())
        .isEqualTo(corpus.interventions());
  }

  @Test
  void aKeyOfTheFileLeavesTheOtherDefaultsBesideItAlone() {
    StudySpec spec = Draft.small().before("mixtures:", "  optimizer: {weightDecay: 0.01}").spec();

    assertThat(spec.pretrained().training().optimizer())
        .isEqualTo(new AdamWSpec(0.9, 0.95, 1e-8, 0.01, 1.0));
  }

  @Test
  void armsKeepTheOrderOfTheFile() {
    assertThat(Draft.small().withArm("aaa: {mixture: safe-only}").spec().arms().keySet())
        .containsExactly("early", "late", "raw", "aaa");
  }

  @Test
  void problemsAreAllSaidAtOnceInTheOrderOfTheFile() {
    Draft draft =
        Draft.small()
            .with("seeds: [11, 12]", "seeds: eleven")
            .with("modelDim: 32", "modelDimm: 32")
            .with("warmup: 5%", "warmup: 5")
            .with("onset: 60%", "onset: 120%")
            .with("samples: 2", "samples: 2.5");

    assertThat(draft.problems())
        .containsExactly(
            draft.at("seeds", "seeds: must be a list, such as [1, 2], was \"eleven\""),
            draft.at(
                "model:",
                "model.modelDim: is missing; it must be a whole number, such as 2_000_000"),
            draft.at(
                "modelDimm",
                "model.modelDimm: is not a key that is known here; known are feedForwardDim,"
                    + " headCount, headDim, kvHeadCount, layerCount, modelDim, normEpsilon,"
                    + " ropeTheta, tiedEmbeddings"),
            draft.at(
                "warmup: 5,",
                "pretraining.learningRate.warmupStableDecay.warmup: must be a share from 0% to"
                    + " 100% with its sign, such as 20%, was 5"),
            draft.at(
                "onset: 120%",
                "arms.late.onset: must be a share from 0% to 100% with its sign, such as 20%, was"
                    + " \"120%\""),
            draft.at(
                "samples",
                "evaluation.decoders.topk.samples: must be a whole number, such as 2_000_000, was"
                    + " 2.5"));
  }

  static Stream<Arguments> faultsOfFormAndOfValue() {
    List<Map.Entry<String, String>> form =
        List.of(
            Map.entry("seeds: [11, 12]", "seeds: eleven"),
            Map.entry("headCount: 4", "headCont: 4"),
            Map.entry("onset: 60%", "onset: 120%"),
            Map.entry("path: refusals.jsonl, kind: refusals", "path: refusals.jsonl, kind: 5"),
            Map.entry("streams: {refusal", "stream: {refusal"),
            Map.entry("samples: 2", "samples: 2.5"));
    List<Map.Entry<String, String>> value =
        List.of(
            Map.entry("${DATA}", "${OTHER}"),
            Map.entry("scores: {unsafe: 3}", "scores: {unsafe: 6}"),
            Map.entry("threshold: 0.005", "threshold: 5.0"),
            Map.entry("chat.jsonl", "ch\\0t.jsonl"),
            Map.entry("{peak: 1.2e-3, warmup: 0%}", "{peak: 12.0, warmup: 0%}"),
            Map.entry("vocabSize: 300", "vocabSize: 3"));
    return form.stream().flatMap(one -> value.stream().map(other -> Arguments.of(one, other)));
  }

  @ParameterizedTest
  @MethodSource("faultsOfFormAndOfValue")
  void faultsOfFormAndOfValueAreSaidTogether(
      Map.Entry<String, String> form, Map.Entry<String, String> value) {
    Draft sound = FilesDraft.small().with("${DATA}/documents", "${DATA}/d").with("${DATA}", "data");
    Draft base = value.getKey().equals("${DATA}") ? FilesDraft.small() : sound;

    List<String> ofForm = sound.with(form.getKey(), form.getValue()).problems();
    List<String> ofValue = base.with(value.getKey(), value.getValue()).problems();
    List<String> ofBoth =
        base.with(form.getKey(), form.getValue()).with(value.getKey(), value.getValue()).problems();

    assertThat(ofForm).isNotEmpty();
    assertThat(ofValue).isNotEmpty();
    assertThat(ofBoth)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(ofForm.stream(), ofValue.stream()).toList());
  }

  @Test
  void aMissingPartIsSaidWhereItBelongs() {
    assertThat(Draft.small().with("name: small\n", "").problems())
        .containsExactly(
            "1: name: is missing; it must be text, in quotes where it looks like a number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "20.7       | must be a whole number, such as 2_000_000, was 20.7",
        "32.0       | must be a whole number, such as 2_000_000, was 32.0",
        "2e3        | must be a whole number, such as 2_000_000, was 2000.0",
        "32_00      | must be a whole number, such as 2_000_000, was \"32_00\"",
        "'32'       | must be a whole number, such as 2_000_000, was \"32\"",
        "0x20       | must be a whole number, such as 2_000_000, was \"0x20\"",
        "[32]       | must be a whole number, such as 2_000_000, was [32]",
        "true       | must be a whole number, such as 2_000_000, was true",
        "null       | must be a whole number, such as 2_000_000, was null",
        "``         | must be a whole number, such as 2_000_000, was null",
        "3000000000 | must lie within -2147483648 and 2147483647, was 3000000000",
        "2147483640 | must be at most 65536, was 2147483640",
        "-32        | must be above 0, was -32",
        "0          | must be above 0, was 0",
        ".nan       | must be a finite number, was .nan",
        "-.inf      | must be a finite number, was -.inf",
        "*other     | must be written out; references (*name) aren't followed",
      })
  void aWholeNumberIsWrittenAsOne(String written, String message) {
    Draft draft = Draft.small().with("modelDim: 32", "modelDim: " + written);

    assertThat(draft.problems())
        .containsExactly(draft.at("modelDim", "model.modelDim: " + message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"12800", "12_800"})
  void digitsMayStandInGroupsOfThree(String written) {
    assertThat(Draft.small().with("12_800", written).spec().pretrained().training().tokenBudget())
        .isEqualTo(12_800);
  }

  @Test
  void textThatLooksLikeGroupedDigitsStaysText() {
    assertThat(Draft.small().with("name: small", "name: \"1_000\"").spec().name())
        .isEqualTo("1_000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "99999999999999999999 | must lie within -9223372036854775808 and 9223372036854775807, was 99999999999999999999",
        "9223372036854775807  | makes more than 1000000 steps of 256 tokens; raise sequencesPerStep or lower it",
        "255                  | must hold a step of 256 tokens (contextLength times sequencesPerStep), was 255",
        "-5                   | must be above 0, was -5",
      })
  void aTokenBudgetIsOneThatCanBeTrained(String written, String message) {
    Draft draft = Draft.small().with("tokenBudget: 12_800", "tokenBudget: " + written);

    assertThat(draft.problems())
        .contains(draft.at("tokenBudget", "pretraining.tokenBudget: " + message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        ".nan   | must be a finite number, was .nan",
        ".inf   | must be a finite number, was .inf",
        "1e400  | must be a finite number, such as 0.5, was \"Infinity\"",
        "'0.1'  | must be a finite number, such as 0.5, was \"0.1\"",
        "-0.1   | must lie above 0 and at most 1, was -0.1",
        "5      | must lie above 0 and at most 1, was 5.0",
      })
  void aNumberIsFiniteAndWithinItsRange(String written, String message) {
    Draft draft = Draft.small().with("peak: 6.0e-3", "peak: " + written);

    assertThat(draft.problems())
        .containsExactly(
            draft.at(
                "warmupStableDecay",
                "pretraining.learningRate.warmupStableDecay.peak: " + message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100%", "100.00%", "0%", "0.7%", "20.25%"})
  void aShareIsWrittenInPercent(String written) {
    assertThat(Draft.small().with("onset: 60%", "onset: " + written).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"101%", "100.1%", "-1%", "20 %", "20", "0.2", "'%'", "1e1%", ".5%", "٢٠%"})
  void whatIsNoShareIsRefused(String written) {
    Draft draft = Draft.small().with("onset: 60%", "onset: " + written);

    assertThat(draft.problems())
        .singleElement()
        .asString()
        .startsWith(draft.at("late:", "arms.late.onset: must be a share from 0% to 100% with"));
  }

  @Test
  void aKeyWrittenTwiceIsRefusedAtItsSecondLine() {
    Draft draft = Draft.small().before("seeds:", "seeds: [13]");

    assertThat(draft.problems())
        .containsExactly(
            draft.at("seeds: [11", "can't be read as YAML: Duplicate Object property \"seeds\""));
  }

  @Test
  void whatIsNoYamlIsSaidInOneLine() {
    Draft draft = Draft.small().with("[11, 12]", "[11, 12");

    assertThat(draft.problems())
        .containsExactly(
            draft.at(
                "data:",
                "can't be read as YAML: while parsing a flow sequence, expected ',' or ']', but got"
                    + " :"));
  }

  @Test
  void aSecondDocumentIsNotSilentlyLeftOut() {
    assertThat(new Draft("a: 1\n---\nb: 2\n").problems())
        .containsExactly(
            "4: a second document (after ---) ends here; a study file holds one study");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# nothing yet\n", "[1, 2]", "study", "5"})
  void aFileWithoutKeysIsNoStudy(String text) {
    assertThatThrownBy(() -> new Draft(text).read())
        .isInstanceOf(BadInput.class)
        .hasMessageEndingWith(
            "study.yaml: a study is a mapping of keys to values; see studies/quickstart.yaml");
  }

  @Test
  void aMissingFileIsSaid(@TempDir Path folder) {
    assertThatThrownBy(() -> StudyFile.read(folder.resolve("nowhere.yaml")))
        .isInstanceOf(BadInput.class)
        .hasMessage(folder.resolve("nowhere.yaml") + ": there is no such file; name a study file");
    assertThatThrownBy(() -> StudyFile.read(folder))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(folder + ": can't be read (");
  }

  @Test
  void bytesThatAreNoTextAreSaid(@TempDir Path folder) throws IOException {
    Path file =
        Files.write(
            folder.resolve("s.yaml"), "name: sm\u00e4ll".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> StudyFile.read(file))
        .isInstanceOf(BadInput.class)
        .hasMessage(file + ": is not text in UTF-8");
  }

  @Test
  void pathsAreRelativeToTheFileOrToAVariable() {
    StudyFile study = FilesDraft.small().read(Map.of("DATA", "/somewhere"));

    List<Path> files =
        requireNonNull(study.spec().data().files()).sources().stream().map(Source::path).toList();
    assertThat(files)
        .contains(
            study.folder().resolve("labelled.csv"),
            study.folder().resolveSibling("requests: hard.csv"));
    assertThat(study.resolved()).contains("${DATA}/documents.jsonl").doesNotContain("/somewhere");
  }

  @Test
  void everyVariableThatIsNotSetIsSaid() {
    Draft draft =
        FilesDraft.small()
            .with("path: labelled.csv", "path: \"${LABELLED}/labelled.csv\"")
            .with("chat.jsonl", "ch\\0t.jsonl");

    assertThat(draft.problems())
        .containsExactly(
            draft.at(
                "documents.jsonl",
                "data.files.corpus.documents.stories.files[0]: the environment variable DATA is not set; set"
                    + " it to the folder that holds the data"),
            draft.at(
                "labelled.csv",
                "data.files.corpus.scoring.labelled[0].path: the environment variable LABELLED is not set; set"
                    + " it to the folder that holds the data"),
            draft.at(
                "ch\\0t.jsonl",
                "data.files.dialogues[0].path: is no path: Nul character not allowed"));
  }
}
