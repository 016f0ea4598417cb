package org.onset.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.onset.cli.CommandRun.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Seeds;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;
import org.onset.token.WordTokenizer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int CONTEXT_LENGTH = 12;

  private Path folder;
  private String model;
  private int vocabSize;
  private Transformer transformer;

  @BeforeAll
  void saveModel(@TempDir Path temporary) {
    folder = temporary;
    Path saved = temporary.resolve("model");
    WordTokenizer.write(List.of("river", "stone", "bread"), saved);
    try (Tokenizer tokenizer = Tokenizer.open(saved)) {
      vocabSize = tokenizer.vocabSize();
      ModelSpec spec =
          new ModelSpec(vocabSize, 8, 1, 2, 1, 4, 16, CONTEXT_LENGTH, 10_000, 1e-5, true);
      transformer = Transformer.initialise(spec, new Seeds(4));
      transformer.save(saved, tokenizer.stopTokens());
    }
    model = saved.toString();
  }

  @AfterAll
  void closeModel() {
    transformer.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "plan",
        "report",
        "score",
        "generate",
        "chat",
        "export",
        "import",
        "doctor"
      })
  void everyCommandExplainsItself(String command) {
    CommandRun run = run(command, "--help");

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Usage: onset " + command).contains("--help");
    assertThat(run.err()).isEmpty();
    assertThat(run("--help").out()).contains("  " + command);
  }

  @Test
  void usageMistakesEndWithTwoAndTheUsage() {
    for (String[] arguments :
        List.of(
            new String[] {},
            new String[] {"pretrain"},
            new String[] {"score"},
            new String[] {"score", model, "--tokens", "1", "--frob"},
            new String[] {"score", model, "--tokens", "1", "--text", "river"},
            new String[] {"generate", model, "--tokens", "1", "--prompt", "river"},
            new String[] {"chat"},
            new String[] {"generate", model, "--tokens", "1", "--beams", "many"})) {
      CommandRun run = run(arguments);

      assertThat(run.status()).as(String.join(" ", arguments)).isEqualTo(2);
      assertThat(run.err()).startsWith("onset: ").contains("Usage: onset").doesNotContain("\tat ");
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void scoreSaysTheLogProbabilityOfEachTokenGivenThoseBeforeIt() {
    CommandRun run = run("score", model, "--tokens", "5, 6 7\t5", "--json");

    assertThat(run.status()).isZero();
    JsonNode answer = run.json();
    assertThat(answer.propertyNames()).containsExactly("tokens", "logprobs");
    assertThat(ints(answer.get("tokens"))).containsExactly(5, 6, 7, 5);
    assertThat(answer.get("logprobs").get(0).isNull()).isTrue();
    double[] expected = transformer.logProbabilities(new int[][] {{5, 6, 7, 5}})[0];
    assertThat(answer.get("logprobs").size()).isEqualTo(4);
    for (int i = 0; i < 3; i++) {
      assertThat(answer.get("logprobs").get(i + 1).asDouble()).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void weightsThatAreNoNumberAreRefusedByName(@TempDir Path folder) throws IOException {
    for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(Path.of(model, file), folder.resolve(file));
    }
    byte[] weights = Files.readAllBytes(Path.of(model, "model.safetensors"));
    ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).putFloat(weights.length - 4, Float.NaN);
    Files.write(folder.resolve("model.safetensors"), weights);

    CommandRun run = run("score", folder.toString(), "--tokens", "5 6");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("holds what is infinite or no number").doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void safeBeamWithoutATagSaysThatItIsBeamSearch(@TempDir Path folder) throws IOException {
    for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(Path.of(model, file), folder.resolve(file));
    }
    String config = Files.readString(Path.of(model, "tokenizer_config.json"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"), config.replace("onset_tag_token", "other_token"));

    for (String decoder : List.of("safebeam", "safebeam-threshold")) {
      assertThat(run("generate", folder.toString(), "--tokens", "5", "--decoder", decoder).err())
          .contains("onset_tag_token", decoder + " is plain beam search");
      assertThat(run("generate", model, "--tokens", "5", "--decoder", decoder).err())
          .doesNotContain("plain beam search");
    }
  }

  @Test
  void jsonThatIsCutShortIsSaidWithItsLineAndWithoutTheParsersSettings(@TempDir Path folder)
      throws IOException {
    for (String bad : List.of("{\n\"hidden_size\": 8,", "{\n\"hidden_size\": NaN}")) {
      Files.writeString(folder.resolve("config.json"), bad);

      CommandRun run = run("score", folder.toString(), "--tokens", "5 6");

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err())
          .contains("config.json:2: ")
          .doesNotContain("Source", "ReadFeature")
          .hasLineCount(1);
    }
  }

  @Test
  void ofManyProblemsTheFirstHundredAreSaid() {
    String words = IntStream.range(0, 150).mapToObj(i -> "x" + i).collect(joining(" "));

    assertThat(run("score", model, "--tokens", words).err().lines().toList())
        .hasSize(101)
        .last()
        .isEqualTo("and 50 more");
  }

  @Test
  void aFolderThatCannotBeMadeIsSaidSo(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    CommandRun run = run("export", model, "--out", file.resolve("new").toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("onset: ").contains("name another path");
  }

  @Test
  void inBfloat16AModelGivesNearlyTheSame() {
    JsonNode exact = run("score", model, "--tokens", "5 6 7 5", "--json").json();
    JsonNode rounded =
        run("score", model, "--dtype", "bfloat16", "--tokens", "5 6 7 5", "--json").json();

    assertThat(rounded).isNotEqualTo(exact);
    for (int i = 1; i < 4; i++) {
      assertThat(rounded.get("logprobs").get(i).asDouble())
          .isCloseTo(exact.get("logprobs").get(i).asDouble(), within(0.1));
    }
    CommandRun refused = run("generate", model, "--tokens", "x", "--dtype", "float8");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("--dtype: 'float8' is none of float32, bfloat16", "--tokens: 'x'");
  }

  @Test
  void oneTokenHasNothingBeforeIt() {
    assertThat(run("score", model, "--tokens", "5", "--json").out().strip())
        .isEqualTo("{\"tokens\":[5],\"logprobs\":[null]}");
    assertThat(run("score", model, "--tokens", "5 6").out().lines().toList())
        .hasSize(2)
        .first()
        .isEqualTo("5\t-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"greedy", "topk", "topp", "beam", "safebeam", "safebeam-threshold"})
  void generateSaysTheNewTokensAndTheirLogProbability(String decoder) {
    CommandRun run =
        run(
            "generate",
            model,
            "--tokens",
            "0 5 6",
            "--decoder",
            decoder,
            "--max-tokens",
            "4",
            "--json");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    JsonNode answer = run.json();
    assertThat(answer.propertyNames()).containsExactly("tokens", "text", "logprob", "finish");
    List<Integer> made = ints(answer.get("tokens"));
    assertThat(made).hasSizeBetween(1, 4);
    List<Integer> whole = new ArrayList<>(List.of(0, 5, 6));
    whole.addAll(made);
    double[] each = transformer.logProbabilities(new int[][] {array(whole)})[0];
    double sum = 0;
    for (int i = 2; i < each.length; i++) {
      sum += each[i];
    }
    assertThat(answer.get("logprob").asDouble()).isCloseTo(sum, within(1e-4));
    assertThat(answer.get("finish").asString()).isIn("stop", "length");
    assertThat(answer.get("text").isString()).isTrue();
  }

  @Test
  void aTextIsScoredAndContinuedAsItsTokensAre() {
    assertThat(run("score", model, "--text", "river stone bread", "--json").out())
        .isEqualTo(run("score", model, "--tokens", "6 7 8", "--json").out());
    assertThat(run("generate", model, "--prompt", "river stone", "--json").out())
        .isEqualTo(run("generate", model, "--tokens", "6 7", "--json").out());
    assertThat(run("generate", model, "--prompt", "stone", "--chat", "--json").out())
        .isEqualTo(run("generate", model, "--tokens", "1 7 3 2", "--json").out());
    for (String[] empty :
        List.of(
            new String[] {"score", model, "--text", ""},
            new String[] {"generate", model, "--prompt", ""})) {
      assertThat(run(empty).errors())
          .containsExactly(empty[2] + ": holds nothing; give at least one token");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"beam", "safebeam", "safebeam-threshold"})
  void theTraceHoldsEveryCandidateOfEveryStep(String decoder) {
    CommandRun run =
        run(
            "generate",
            model,
            "--tokens",
            "5 6",
            "--decoder",
            decoder,
            "--beams",
            "2",
            "--json",
            "--max-tokens",
            "3",
            "--trace");

    assertThat(run.status()).isZero();
    assertThat(run.json().propertyNames())
        .containsExactly("tokens", "text", "logprob", "finish", "steps");
    JsonNode steps = run.json().get("steps");
    assertThat(steps.size()).isBetween(1, 3);
    assertThat(steps.get(0).size()).isEqualTo(4);
    double best = Double.NEGATIVE_INFINITY;
    for (JsonNode candidate : steps.get(steps.size() - 1)) {
      assertThat(candidate.propertyNames())
          .containsExactly("beam", "token", "logprob", "total", "tag_probability", "kept");
      assertThat(candidate.get("tag_probability").isNull()).isEqualTo(decoder.equals("beam"));
      if (candidate.get("kept").asBoolean()) {
        best = Math.max(best, candidate.get("total").asDouble());
      }
    }
    assertThat(best).isEqualTo(run.json().get("logprob").asDouble());
    assertThat(steps.get(0).get(0).get("total")).isEqualTo(steps.get(0).get(0).get("logprob"));
  }

  @Test
  void samplingIsRepeatedByItsSeed() {
    String[] sampled = {
      "generate", model, "--tokens", "5", "--decoder", "topk", "--k", "8", "--json", "--seed"
    };

    List<String> answers =
        Stream.of("1", "1", "2", "3").map(seed -> run(with(sampled, seed)).out()).toList();

    assertThat(answers.get(1)).isEqualTo(answers.get(0));
    assertThat(answers.subList(2, 4)).isNotEqualTo(List.of(answers.get(0), answers.get(0)));
  }

  private static String[] with(String[] arguments, String last) {
    return Stream.concat(Stream.of(arguments), Stream.of(last)).toArray(String[]::new);
  }

  @Test
  void aCompletionEndsWithTheContext() {
    CommandRun run =
        run("generate", model, "--tokens", "5 6 5 6 5 6 5 6 5 6", "--max-tokens", "50", "--json");

    assertThat(run.status()).isZero();
    assertThat(run.json().get("tokens").size()).isLessThanOrEqualTo(2);
  }

  @Test
  void everythingWrongWithACommandIsSaidAtOnce() {
    CommandRun run =
        run(
            "generate",
            model,
            "--tokens",
            "5 -1 x 99",
            "--decoder",
            "topk",
            "--k",
            "0",
            "--temperature",
            "0",
            "--max-tokens",
            "0");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors())
        .containsExactly(
            "--k: must be above 0, was 0",
            "--temperature: must be above 0 and finite, was 0.0; for the most likely token take"
                + " greedy",
            "--max-tokens: must be above 0, was 0",
            "--tokens: 'x' is not a whole number; write ids, as in \"1 2 3\"",
            "--tokens: -1 is not a token of this model; ids go from 0 to " + (vocabSize - 1),
            "--tokens: 99 is not a token of this model; ids go from 0 to " + (vocabSize - 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--decoder magic | --decoder: 'magic' is none of greedy, topk, topp, beam, safebeam, safebeam-threshold",
        "--decoder topp --p 1.5 | --p: must lie above 0 and at most at 1, was 1.5",
        "--decoder topp --temperature NaN | --temperature: must be above 0 and finite, was NaN; for the most likely token take greedy",
        "--decoder beam --beams 0 | --beams: must lie within 1 and 1000, was 0",
        "--decoder beam --beams 2000000000 | --beams: must lie within 1 and 1000, was 2000000000",
        "--decoder safebeam --extensions -1 | --extensions: must lie within 1 and 1000, was -1",
        "--decoder safebeam-threshold --threshold 2 | --threshold: must lie within 0.0 and 1.0, was 2.0",
        "--max-tokens -4 | --max-tokens: must be above 0, was -4",
        "--k 3 | --k: greedy doesn't have it, only topk; leave it out or choose another --decoder",
        "--decoder topk --p 0.5 | --p: topk doesn't have it, only topp; leave it out or choose another --decoder",
        "--decoder beam --temperature 1 | --temperature: beam doesn't have it, only topk, topp; leave it out or choose another --decoder",
        "--decoder topp --beams 4 | --beams: topp doesn't have it, only beam, safebeam, safebeam-threshold; leave it out or choose another --decoder",
        "--decoder beam --extensions 4 | --extensions: beam doesn't have it, only safebeam, safebeam-threshold; leave it out or choose another --decoder",
        "--decoder safebeam --threshold 0.1 | --threshold: safebeam doesn't have it, only safebeam-threshold; leave it out or choose another --decoder",
        "--decoder beam --stop-on-tag | --stop-on-tag: beam doesn't have it, only safebeam, safebeam-threshold; leave it out or choose another --decoder",
        "--decoder safebeam --seed 0 | --seed: safebeam doesn't have it, only topk, topp; leave it out or choose another --decoder",
        "--chat | --chat: goes with --prompt, since tokens are continued as they are",
        "--decoder beam --trace | --trace: goes with --json",
        "--trace --json | --trace: greedy has no beams; take beam, safebeam or safebeam-threshold",
      })
  void anOptionOutOfItsRangeIsRefused(String options, String problem) {
    List<String> arguments = new ArrayList<>(List.of("generate", model, "--tokens", "5"));
    arguments.addAll(List.of(options.split(" ")));

    CommandRun run = run(arguments.toArray(String[]::new));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.errors()).containsExactly(problem);
  }

  @Test
  void tokensThatFillTheContextCanBeScoredButNotContinued() {
    String full = "5 6 7 ".repeat(4).strip();

    assertThat(run("score", model, "--tokens", full).status()).isZero();
    assertThat(run("score", model, "--tokens", full + " 5").errors())
        .containsExactly(
            "--tokens: 13 tokens are more than fit the model's context of 12; give fewer");
    assertThat(run("generate", model, "--tokens", full).errors())
        .containsExactly(
            "--tokens: 12 tokens leave no room for another in the model's context of 12; give fewer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"score", "generate"})
  void aFolderThatIsNoModelIsRefused(String command) throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path damaged = Files.createDirectories(folder.resolve("damaged"));
    Files.writeString(damaged.resolve("config.json"), "{");

    CommandRun nowhere = run(command, folder.resolve("nowhere").toString(), "--tokens", "1 x");
    assertThat(nowhere.status()).isEqualTo(2);
    assertThat(nowhere.errors())
        .containsExactly(
            "--tokens: 'x' is not a whole number; write ids, as in \"1 2 3\"",
            folder.resolve("nowhere")
                + ": no such folder; name a model's folder, such as runs/NAME/models/ARM/SEED/base");
    for (Path path : List.of(empty, damaged)) {
      CommandRun run = run(command, path.toString(), "--tokens", "1");
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains(path.toString()).doesNotContain("\tat ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "plan"})
  void aStudyWithProblemsEndsWithTwoAndALineForEach(String command) throws IOException {
    Path file = Files.writeString(folder.resolve("study.yaml"), "name: a/b\nseeds: 3\n");

    CommandRun run = run(command, file.toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors())
        .hasSizeGreaterThan(5)
        .allMatch(line -> line.startsWith(file + ":"))
        .contains(file + ":2: seeds: must be a list, such as [1, 2], was 3");
    assertThat(run(command, folder.resolve("nowhere.yaml").toString()).errors())
        .containsExactly(
            folder.resolve("nowhere.yaml") + ": there is no such file; name a study file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "plan"})
  void whereAStudyRunsIsCheckedToo(String command) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    CommandRun run = run(command, "studies/smoke.yaml", "--cores", "0", "--out", file.toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.errors())
        .contains(
            "--cores: must be above 0, was 0", "--out: " + file + " is a file; name a folder");
  }

  @Test
  void aReportOfNothingIsRefused() {
    CommandRun run = run("report", folder.resolve("nowhere").toString());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.errors())
        .containsExactly(
            folder.resolve("nowhere") + ": no finished run lies here; run its study first");
  }

  @Test
  void aDamagedSummaryIsSaidWithItsFile() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.writeString(run.resolve("summary.json"), "{\"title\": ");

    CommandRun report = run("report", run.toString());

    assertThat(report.status()).isEqualTo(2);
    assertThat(report.err())
        .startsWith(run.resolve("summary.json") + ": damaged; run the study again")
        .doesNotContain("\tat ");
  }

  @Test
  void theDoctorFindsThisMachineFit() {
    CommandRun run = run("doctor");

    assertThat(run.out()).endsWith("Onset can run here.\n").contains("ok       libtorch");
    assertThat(run.status()).isZero();
    assertThat(JSON.readTree(run("doctor", "--json").out()).get(0).propertyNames())
        .contains("what", "fine", "needed", "found");
  }

  private static List<Integer> ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asInt).toList();
  }

  private static int[] array(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
