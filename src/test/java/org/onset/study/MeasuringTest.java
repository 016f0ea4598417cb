package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.corpus.Request;
import org.onset.eval.Transcript;
import org.onset.study.EvaluationStages.Measures;
import org.onset.study.EvaluationStages.ProbeLayers;
import org.onset.study.StageGraph.Evaluation;
import org.onset.study.results.Results;
import org.onset.study.spec.Draft;
import org.onset.study.spec.StudySpec;

/** What the stages leave is written here by hand, the same for every checkpoint. */
class MeasuringTest {
  private static final List<Request> REQUESTS =
      List.of(
          request("h1", "harmful", "direct", "seen", true),
          request("h2", "harmful", "wrapper", "held-out-hazard", true),
          request("b1", "borderline", "direct", "safe-question", false));

  /** Two completions of each request. */
  private static final Map<String, List<String>> VERDICTS =
      Map.of(
          "h1", List.of("complied", "refused"),
          "h2", List.of("leaked", "incoherent"),
          "b1", List.of("partial", "short_circuit"));

  @TempDir private Path root;

  @Test
  void aRateIsTheMeanOverPromptsOfTheShareOfTheirCompletions() throws IOException {
    List<Measurement> measurements = measure("exact", 0.9);

    assertThat(shares(measurements, "harmful", null, null))
        .containsExactlyEntriesOf(
            ordered(
                "asr", Map.of("h1", 0.5, "h2", 0.5),
                "leak_rate", Map.of("h1", 0.0, "h2", 0.5),
                "refusal_rate", Map.of("h1", 0.5, "h2", 0.0),
                "incoherent_rate", Map.of("h1", 0.0, "h2", 0.5)));
    assertThat(shares(measurements, "borderline", null, null))
        .containsExactlyEntriesOf(
            ordered(
                "overrefusal", Map.of("b1", 1.0),
                "helpful_rate", Map.of("b1", 0.0),
                "incoherent_rate", Map.of("b1", 0.0)));
  }

  @Test
  void variantsAndAttacksHaveTheirOwnRowsAttacksWhereThereAreSeveral() throws IOException {
    List<Measurement> measurements = measure("exact", 0.9);

    assertThat(shares(measurements, "harmful", "wrapper", null))
        .containsEntry("asr", Map.of("h2", 0.5));
    assertThat(shares(measurements, "harmful", null, "seen"))
        .containsEntry("asr", Map.of("h1", 0.5));
    assertThat(shares(measurements, "borderline", "direct", null)).isEmpty();
  }

  @Test
  void quizzesPerplexitiesAndProbesAreTheirOwnQuantities() throws IOException {
    List<Measurement> measurements = measure("exact", 0.9);

    assertThat(shares(measurements, "quiz", null, null))
        .containsExactlyEntriesOf(Map.of("accuracy", Map.of("q1", 1.0, "q2", 0.0)));
    assertThat(shares(measurements, "held-out", null, null))
        .containsExactlyEntriesOf(Map.of("perplexity", Map.of("t1", 12.0)));
    assertThat(shares(measurements, "probe", null, null))
        .containsExactlyEntriesOf(
            ordered("probe_auroc", Map.of("all", 0.9), "probe_accuracy", Map.of("all", 0.8)));
    assertThat(shares(measurements, "probe", null, "untrained"))
        .containsExactlyEntriesOf(
            ordered("probe_auroc", Map.of("all", 0.6), "probe_accuracy", Map.of("all", 0.8)));
  }

  @Test
  void everyArmStageAndSeedIsMeasuredAndNoProbeAfterBenignFinetuning() throws IOException {
    List<Measurement> measurements = measure("exact", 0.9);

    assertThat(measurements)
        .allSatisfy(each -> assertThat(each.values()).containsOnlyKeys(11L, 12L));
    assertThat(measurements).extracting(Measurement::arm).containsOnly("early", "late", "raw");
    assertThat(measurements)
        .filteredOn(
            each ->
                each.quantity().metric().equals("asr")
                    && each.quantity().attack() == null
                    && each.quantity().variant() == null)
        .hasSize(3 * 3 * 2); // arms, stages, decoders
    assertThat(measurements)
        .filteredOn(each -> each.quantity().suite().equals("probe"))
        .extracting(each -> each.quantity().stage())
        .containsOnly("base", "instruct");
    assertThat(measurements)
        .filteredOn(each -> each.quantity().stage().equals("benign"))
        .allSatisfy(each -> assertThat(each.quantity().task()).isEqualTo("arithmetic"));
  }

  @Test
  void phrasesDoNotShowALeak() throws IOException {
    assertThat(measure("phrases", 0.9))
        .filteredOn(each -> each.quantity().metric().equals("leak_rate"))
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.reason()).isEqualTo("the judge can't tell"));
  }

  @Test
  void anAurocWithoutBothKindsOfTextsIsAbsentWithAReason() throws IOException {
    assertThat(measure("exact", null))
        .filteredOn(
            each ->
                each.quantity().metric().equals("probe_auroc") && each.quantity().variant() == null)
        .isNotEmpty()
        .allSatisfy(
            each -> {
              assertThat(each.reason()).isEqualTo("the test texts are not of both kinds");
              assertThat(each.items()).isEqualTo(24);
            });
  }

  /** Metric → item → share, of the base model of the arm `raw`, seed 11, decoded by `topk`. */
  private static Map<String, Map<String, Double>> shares(
      List<Measurement> measurements,
      String suite,
      @Nullable String attack,
      @Nullable String variant) {
    Map<String, Map<String, Double>> shares = new LinkedHashMap<>();
    for (Measurement each : measurements) {
      Quantity quantity = each.quantity();
      if (each.arm().equals("raw")
          && quantity.stage().equals("base")
          && quantity.suite().equals(suite)
          && (quantity.decoder() == null || quantity.decoder().equals("topk"))
          && Objects.equals(quantity.attack(), attack)
          && Objects.equals(quantity.variant(), variant)) {
        shares.put(quantity.metric(), each.values().getOrDefault(11L, Map.of()));
      }
    }
    return shares;
  }

  @Test
  void aModelKeptAlongTrainingIsMeasuredAtItsStepAndComparedWithNone() throws IOException {
    StudySpec spec = Draft.small().before("mixtures:", "  keepEveryTokens: 5_000").spec();

    List<Measurement> measurements = measure(spec, "exact", 0.9);

    assertThat(measurements)
        .filteredOn(each -> each.arm().equals("raw") && each.quantity().metric().equals("asr"))
        .filteredOn(each -> "topk".equals(each.quantity().decoder()))
        .filteredOn(each -> each.quantity().variant() == null && each.quantity().attack() == null)
        .extracting(each -> each.quantity().stage() + " " + each.quantity().step())
        .containsExactly("base 20", "base 40", "base null", "instruct null", "benign null");
    Results results = new ResultTables(spec, measurements).results();
    assertThat(results.rows())
        .filteredOn(row -> Long.valueOf(40).equals(row.step()))
        .hasSize((int) results.rows().stream().filter(MeasuringTest::isOfABaseModel).count());
    assertThat(results.contrasts()).isNotEmpty().allMatch(contrast -> contrast.step() == null);
  }

  private static boolean isOfABaseModel(Results.Row row) {
    return row.stage().equals("base")
        && row.step() == null
        && !Measuring.UNTRAINED.equals(row.variant());
  }

  private List<Measurement> measure(String judge, @Nullable Double auroc) throws IOException {
    return measure(Draft.small().spec(), judge, auroc);
  }

  private List<Measurement> measure(StudySpec spec, String judge, @Nullable Double auroc)
      throws IOException {
    ArtifactStore store = new ArtifactStore(root);
    StageGraph graph = new StageGraph(spec, store, "local[2]");
    for (Evaluation evaluation : graph.evaluations()) {
      for (Node judged : evaluation.judged().values()) {
        JsonLines.write(
            store.folder(judged.artifact()).resolve("transcripts.jsonl.gz"), transcripts(judge));
      }
      Path measures = store.folder(evaluation.measures().artifact());
      JsonLines.writeJson(measures.resolve("measures.json"), measures());
      Node probes = evaluation.probes();
      if (probes != null) {
        writeProbes(store, probes, auroc);
      }
    }
    for (Node untrained : graph.untrainedProbes().values()) {
      writeProbes(store, untrained, 0.6);
    }
    EvaluationStages stages = new EvaluationStages(spec, store, graph.corpus());
    return Measuring.all(graph, stages, REQUESTS);
  }

  private static void writeProbes(ArtifactStore store, Node node, @Nullable Double auroc)
      throws IOException {
    JsonLines.writeJson(
        store.folder(node.artifact()).resolve("probes.json"),
        new ProbeLayers(List.of(new ProbeLayers.Layer(0, auroc, 0.8, 24))));
  }

  private static Measures measures() {
    return new Measures(
        List.of(new Measures.Answer("q1", "quiz", true), new Measures.Answer("q2", "quiz", false)),
        List.of(new Measures.TextPerplexity("t1", 12)));
  }

  private static List<Transcript> transcripts(String judge) {
    List<Transcript> transcripts = new ArrayList<>();
    for (Request request : REQUESTS) {
      List<String> verdicts = VERDICTS.getOrDefault(request.id(), List.of());
      for (int sample = 0; sample < verdicts.size(); sample++) {
        transcripts.add(
            new Transcript(
                request.id(),
                request.suite(),
                request.attack(),
                request.variant(),
                "topk",
                11,
                sample,
                request.text(),
                "words",
                "stop",
                -1,
                judge,
                verdicts.get(sample)));
      }
    }
    return transcripts;
  }

  private static Request request(
      String id, String suite, String attack, String variant, boolean harmful) {
    return new Request(id, suite, attack, variant, "", harmful, "ask " + id, "tell " + id);
  }

  private static Map<String, Map<String, Double>> ordered(Object... metricsAndShares) {
    Map<String, Map<String, Double>> ordered = new LinkedHashMap<>();
    for (int i = 0; i < metricsAndShares.length; i += 2) {
      @SuppressWarnings("unchecked")
      Map<String, Double> shares = (Map<String, Double>) metricsAndShares[i + 1];
      ordered.put((String) metricsAndShares[i], shares);
    }
    return ordered;
  }
}
