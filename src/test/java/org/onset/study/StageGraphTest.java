package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.onset.BadInput;
import org.onset.Repetitions;
import org.onset.study.spec.Draft;
import org.onset.study.spec.Mutations;
import org.onset.study.spec.StudyFile;
import org.onset.study.spec.StudySpec;

class StageGraphTest {
  private static final ArtifactStore STORE = new ArtifactStore(Path.of("nothing-is-built-here"));
  private static final StudySpec QUICKSTART =
      StudyFile.read(Path.of("studies/quickstart.yaml")).spec();

  @Test
  void theQuickstartHasTheseStages() {
    Map<Node.Stage, Long> counts =
        nodes(QUICKSTART).stream()
            .collect(Collectors.groupingBy(Node::stage, TreeMap::new, Collectors.counting()));

    int seeds = 4;
    int checkpoints = seeds * 5 * 3; // five arms; base, instruct, benign
    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Node.Stage.CORPUS, 1L,
                Node.Stage.TOKENS, 1L,
                Node.Stage.PRETRAIN, seeds * 7L,
                Node.Stage.INSTRUCT, seeds * 5L,
                Node.Stage.BENIGN, seeds * 5L,
                Node.Stage.RESPOND, checkpoints * 2L,
                Node.Stage.JUDGE, checkpoints * 2L,
                Node.Stage.MEASURE, (long) checkpoints,
                Node.Stage.PROBE, seeds * (5 * 2 + 1L)));
  }

  @Test
  void whatTheArmsOfTheQuickstartHaveInCommonIsTrainedOnce() {
    assertThat(nodes(QUICKSTART))
        .filteredOn(node -> node.stage() == Node.Stage.PRETRAIN && node.label().endsWith("seed 11"))
        .extracting(node -> node.label() + ": " + node.work() / 1_024 + " steps")
        .containsExactlyInAnyOrder(
            "pretrain start-0 seed 11: 600 steps",
            "pretrain start-20+start-60+never seed 11: 120 steps",
            "pretrain start-20 seed 11: 480 steps",
            "pretrain start-60+never seed 11: 240 steps",
            "pretrain start-60 seed 11: 240 steps",
            "pretrain never seed 11: 240 steps",
            "pretrain raw seed 11: 600 steps");
  }

  @Test
  void anArmIsTrainedAlongItsPath() {
    StageGraph graph = new StageGraph(QUICKSTART, STORE, "local[2]");

    List<Node> path =
        graph.checkpoints().stream()
            .filter(each -> each.arm().equals("start-60") && each.stage().equals("base"))
            .findFirst()
            .orElseThrow()
            .path();

    assertThat(path)
        .extracting(Node::label)
        .containsExactly(
            "pretrain start-20+start-60+never seed 11",
            "pretrain start-60+never seed 11",
            "pretrain start-60 seed 11");
    assertThat(path.get(1).inputs()).contains(path.get(0), graph.tokens());
    assertThat(path.get(2).inputs()).contains(path.get(1), graph.tokens());
    assertThat(path.stream().mapToLong(Node::work).sum()).isEqualTo(614_400);
  }

  /** A step is 256 tokens; early leaves late at step 10, late its beginnings at step 30. */
  private static final Draft KEEPING =
      Draft.small().before("mixtures:", "  keepEveryTokens: 5_000");

  @Test
  void modelsKeptAlongTrainingAreEvaluatedLikeTheBaseModel() {
    StageGraph graph = new StageGraph(KEEPING.spec(), STORE, "local[2]");

    assertThat(graph.checkpoints())
        .filteredOn(each -> each.arm().equals("late") && each.seed() == 11)
        .extracting(StageGraph.Checkpoint::folderName)
        .containsExactly("base-step-20", "base-step-40", "base", "instruct", "benign-arithmetic");
    assertThat(graph.evaluations())
        .filteredOn(each -> Long.valueOf(20).equals(each.checkpoint().step()))
        .hasSize(3 * 2)
        .allSatisfy(
            each -> {
              assertThat(each.judged()).containsOnlyKeys("topk", "safebeam-threshold");
              assertThat(each.probes()).isNotNull();
              assertThat(each.checkpoint().path().stream().mapToLong(Node::work).sum())
                  .isEqualTo(20 * 256);
            });
  }

  @Test
  void keepingModelsCutsTheStretchesAndRenamesNothing() {
    assertThat(nodes(KEEPING.spec()))
        .filteredOn(node -> node.stage() == Node.Stage.PRETRAIN && node.label().contains("seed 11"))
        .extracting(node -> node.label() + ": " + node.work() / 256 + " steps")
        .containsExactlyInAnyOrder(
            "pretrain early+late seed 11: 10 steps",
            "pretrain early seed 11 to step 20: 10 steps",
            "pretrain early seed 11 to step 40: 20 steps",
            "pretrain early seed 11: 10 steps",
            "pretrain late seed 11 to step 20: 10 steps",
            "pretrain late seed 11 to step 40: 20 steps",
            "pretrain late seed 11: 10 steps",
            "pretrain raw seed 11 to step 20: 20 steps",
            "pretrain raw seed 11 to step 40: 20 steps",
            "pretrain raw seed 11: 10 steps");
    assertThat(artifacts(KEEPING.spec())).containsAll(artifacts(Draft.small().spec()));
  }

  @Test
  void armsThatDifferInTheirTagCompletionsOnlyShareThePretraining() {
    Draft draft =
        Draft.small().withArm("raw-completions: {mixture: as-found, tagCompletions: untagged}");

    StageGraph graph = new StageGraph(draft.spec(), STORE, "local[2]");

    assertThat(checkpoint(graph, "raw", "base"))
        .isEqualTo(checkpoint(graph, "raw-completions", "base"));
    assertThat(checkpoint(graph, "raw", "instruct"))
        .isNotEqualTo(checkpoint(graph, "raw-completions", "instruct"));
  }

  @Test
  void everySeedHasItsOwnTrainingOnOneCorpus() {
    StageGraph graph = new StageGraph(QUICKSTART, STORE, "local[2]");

    assertThat(graph.checkpoints()).hasSize(4 * 5 * 3);
    assertThat(graph.checkpoints().stream().map(each -> each.node().artifact()).distinct())
        .hasSize(4 * 5 * 3);
  }

  @Test
  void oneArmMoreRenamesNothing() {
    for (String arm :
        List.of(
            "start-40: {before: safe-only, after: with-interventions, onset: 40%}",
            "dosed: {before: safe-only, after: with-interventions, onset: 0%, dose: match(late)}",
            "never: {mixture: safe-only}")) {
      assertThat(artifacts(Draft.small().withArm(arm).spec()))
          .containsAll(artifacts(Draft.small().spec()))
          .hasSizeGreaterThan(artifacts(Draft.small().spec()).size());
    }
  }

  @Test
  void oneSeedMoreRenamesNothing() {
    assertThat(artifacts(Draft.small().with("[11, 12]", "[3, 11, 12]").spec()))
        .containsAll(artifacts(Draft.small().spec()));
  }

  @Test
  void oneBenignTaskMoreRenamesNothing() {
    Draft more =
        Draft.small()
            .before(
                "evaluation:",
                """
                  mixed:
                    mixture: {benign-mixed: 100%}
                    steps: 10
                    contextLength: 64
                    sequencesPerStep: 8
                    learningRate: {constant: {peak: 1.2e-3, warmup: 0%}}
                """);

    assertThat(artifacts(more.spec())).containsAll(artifacts(Draft.small().spec()));
  }

  @Test
  void whereTrainingIsCutForACheckpointEntersNoName() {
    Draft cut =
        Draft.small()
            .before("mixtures:", "  checkpointEverySteps: 7\n  keepCheckpoints: 3")
            .before("mixtures:", "  stopAfterSkippedSteps: 3")
            .with("    steps: 20\n", "    steps: 20\n    checkpointEverySteps: 7\n")
            .with("    steps: 10\n", "    steps: 10\n    checkpointEverySteps: 7\n");

    assertThat(artifacts(cut.spec())).isEqualTo(artifacts(Draft.small().spec()));
  }

  @Test
  void whatAnArmIsCalledEntersNoName() {
    Draft called = Draft.small().with("arm: early", "arm: x").with("  early:", "  x:");

    assertThat(artifacts(called.spec())).isEqualTo(artifacts(Draft.small().spec()));
  }

  /** A change of the study, and which labels' nodes get another name by it. */
  record Change(String what, UnaryOperator<Draft> made, Predicate<String> renamed) {
    static Change of(String old, String replacement, Predicate<String> renamed) {
      return new Change(
          old + " → " + replacement.replace("\n", " "),
          draft -> draft.with(old, replacement),
          renamed);
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Change> changes() {
    Predicate<String> anything = _ -> true;
    Predicate<String> nothing = _ -> false;
    Predicate<String> text = about("corpus", "tokens");
    Predicate<String> untrained = about("untrained");
    Predicate<String> beforeTuning = text.or(about("pretrain", "base", "untrained"));
    Predicate<String> common = label -> label.startsWith("pretrain early+late");
    return Stream.of(
        Change.of("name: small", "name: other", nothing),
        Change.of("metric: asr", "metric: leak_rate", nothing),
        Change.of("  decoders:", "  promptsPerSuite: 3\n  decoders:", nothing), // for files only
        Change.of("  decoders:", "  perplexityDocuments: 3\n  decoders:", about("likelihoods")),
        Change.of("  decoders:", "  probeL2: 3\n  decoders:", about("probe")),
        Change.of(
            "  decoders:",
            "  maxNewTokens: 3\n  decoders:",
            about("topk", "safebeam-threshold", "judge")),
        Change.of("k: 10", "k: 11", about("topk", "judge")),
        Change.of("threshold: 0.005", "threshold: 0.1", about("safebeam-threshold", "judge")),
        Change.of("seed: 1,", "seed: 2,", anything),
        Change.of("safeTokens: 4_000", "safeTokens: 5_000", anything),
        Change.of("modelDim: 32", "modelDim: 40", text.negate()),
        Change.of("model:", "resources: {threadsPerNode: 2}\nmodel:", text.negate()),
        Change.of("  contextLength: 64", "  contextLength: 128", about("corpus").negate()),
        Change.of("peak: 6.0e-3", "peak: 5.0e-3", text.or(untrained).negate()),
        Change.of("sequencesPerStep: 4", "sequencesPerStep: 5", text.or(untrained).negate()),
        Change.of(
            "\nmixtures:",
            "\n  optimizer: {weightDecay: 0.2}\nmixtures:",
            text.or(untrained).negate()),
        Change.of("[11, 12]", "[11, 13]", about("12", "13")),
        Change.of(
            "moral: 5%", "moral: 4%, unsafe: 1%", about("early", "late").and(common.negate())),
        Change.of("onset: 60%", "onset: 70%", about("late").and(common.negate())),
        Change.of("safe: 72%, unsafe: 28%", "safe: 70%, unsafe: 30%", about("raw")),
        Change.of(
            "{mixture: as-found}",
            "{mixture: as-found, tagCompletions: untagged}",
            about("raw").and(beforeTuning.negate())),
        Change.of(
            "everyday: goods",
            "everyday: goods\n  tagCompletions: 20%",
            about("early", "late").and(beforeTuning.negate())),
        Change.of("steps: 20", "steps: 21", beforeTuning.negate()),
        Change.of("steps: 10", "steps: 11", about("benign", "benign-arithmetic")),
        Change.of(
            "steps: 10",
            "trainPrompts: true\n    steps: 10",
            about("benign", "benign-arithmetic")));
  }

  /** Labels that hold one of the words. */
  private static Predicate<String> about(String... words) {
    Set<String> wanted = Set.of(words);
    return label -> Stream.of(label.split("[ +]")).anyMatch(wanted::contains);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeRenamesWhatDependsOnItAndNothingElse(Change change) {
    Map<String, Set<String>> before = byLabel(Draft.small().spec());
    Map<String, Set<String>> after = byLabel(change.made().apply(Draft.small()).spec());

    Set<String> labels = new TreeSet<>(before.keySet());
    labels.addAll(after.keySet());
    assertThat(labels)
        .allSatisfy(
            label ->
                assertThat(!Objects.equals(before.get(label), after.get(label)))
                    .as(label)
                    .isEqualTo(change.renamed().test(label)));
  }

  /** What reading lets through has a graph, or says in lines why it has none. */
  @ParameterizedTest
  @Repetitions(200)
  void everyStudyThatIsReadHasAGraph(SplittableRandom random) {
    Draft draft = Mutations.of(random);
    StudySpec spec;
    try {
      spec = draft.spec();
    } catch (BadInput e) {
      return;
    }

    try {
      assertThat(nodes(spec)).as(draft.text()).isNotEmpty();
    } catch (BadInput e) {
      assertThat(e.problems()).allMatch(problem -> problem.startsWith("arms."));
    }
  }

  private static Map<String, Set<String>> byLabel(StudySpec spec) {
    return nodes(spec).stream()
        .collect(
            Collectors.groupingBy(
                Node::label,
                TreeMap::new,
                Collectors.mapping(node -> node.artifact().folderName(), Collectors.toSet())));
  }

  private static Set<String> artifacts(StudySpec spec) {
    return nodes(spec).stream()
        .map(node -> node.artifact().folderName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Node checkpoint(StageGraph graph, String arm, String stage) {
    return graph.checkpoints().stream()
        .filter(each -> each.arm().equals(arm) && each.stage().equals(stage))
        .findFirst()
        .orElseThrow()
        .node();
  }

  private static Collection<Node> nodes(StudySpec spec) {
    Set<Node> nodes = new LinkedHashSet<>();
    new StageGraph(spec, STORE, "local[2]").targets().forEach(target -> collect(target, nodes));
    return nodes;
  }

  private static void collect(Node node, Set<Node> nodes) {
    if (nodes.add(node)) {
      node.inputs().forEach(input -> collect(input, nodes));
    }
  }
}
