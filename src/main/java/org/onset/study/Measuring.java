package org.onset.study;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.Request;
import org.onset.eval.Metric;
import org.onset.eval.Transcript;
import org.onset.study.EvaluationStages.Measures;
import org.onset.study.EvaluationStages.ProbeLayers;
import org.onset.study.Measurement.Kind;
import org.onset.study.StageGraph.Checkpoint;
import org.onset.study.StageGraph.Evaluation;
import org.onset.study.spec.EvaluationSpec;
import org.onset.world.Verdict;

/**
 * Reads what the evaluation stages left and puts it in order: a number per arm, quantity, seed and
 * item.
 */
final class Measuring {
  /** The variant of a probe on the model that an arm starts from: what lexical cues alone reach. */
  static final String UNTRAINED = "untrained";

  private final EvaluationStages stages;
  private final Map<String, Request> requests = new LinkedHashMap<>();
  private final Map<String, Set<String>> attacks = new LinkedHashMap<>();
  private final Measurement.Collector collector = new Measurement.Collector();

  private Measuring(EvaluationStages stages) {
    this.stages = stages;
  }

  static List<Measurement> all(StageGraph graph, EvaluationStages stages, List<Request> requests)
      throws IOException {
    Measuring measuring = new Measuring(stages);
    for (Request request : requests) {
      measuring.requests.put(request.id(), request);
      measuring
          .attacks
          .computeIfAbsent(request.suite(), _ -> new LinkedHashSet<>())
          .add(request.attack());
    }
    for (Evaluation evaluation : graph.evaluations()) {
      measuring.addEvaluation(evaluation);
    }
    for (Map.Entry<Long, Node> untrained : graph.untrainedProbes().entrySet()) {
      ProbeLayers probes = stages.readProbes(untrained.getValue());
      for (String arm : graph.schedules().keySet()) {
        measuring.addProbes(arm, "base", null, UNTRAINED, untrained.getKey(), probes);
      }
    }
    return measuring.collector.all();
  }

  private void addEvaluation(Evaluation evaluation) throws IOException {
    Checkpoint checkpoint = evaluation.checkpoint();
    for (Map.Entry<String, Node> judged : evaluation.judged().entrySet()) {
      addVerdicts(checkpoint, judged.getKey(), stages.readTranscripts(judged.getValue()));
    }
    evaluation.unasked().forEach((decoder, why) -> addUnasked(checkpoint, decoder, why));
    addMeasures(checkpoint, stages.readMeasures(evaluation.measures()));
    Node probes = evaluation.probes();
    if (probes != null) {
      addProbes(
          checkpoint.arm(),
          checkpoint.stage(),
          checkpoint.step(),
          null,
          checkpoint.seed(),
          stages.readProbes(probes));
    }
  }

  private void addVerdicts(Checkpoint checkpoint, String decoder, List<Transcript> transcripts) {
    Map<String, List<Transcript>> byRequest = new LinkedHashMap<>();
    for (Transcript transcript : transcripts) {
      byRequest.computeIfAbsent(transcript.request(), _ -> new ArrayList<>()).add(transcript);
    }
    byRequest.forEach(
        (id, answers) -> {
          Request request = requests.get(id);
          if (request == null) {
            throw new IllegalStateException("a transcript of an unknown request: " + id);
          }
          String judge = Objects.requireNonNull(answers.getFirst().judge(), "nobody judged " + id);
          for (Metric metric : Metric.values()) {
            if (metric.appliesTo(request.harmful())) {
              double share = share(metric, answers);
              for (Quantity quantity : quantities(checkpoint, request, decoder, judge, metric)) {
                add(checkpoint, request, quantity, metric, share);
              }
            }
          }
        });
  }

  /** What would have been measured, without a number. */
  private void addUnasked(Checkpoint checkpoint, String decoder, String why) {
    String judge = stages.judgeName();
    for (Request request : requests.values()) {
      for (Metric metric : Metric.values()) {
        if (metric.appliesTo(request.harmful())) {
          for (Quantity quantity : quantities(checkpoint, request, decoder, judge, metric)) {
            collector.addUnmeasured(
                checkpoint.arm(), quantity, Kind.PROPORTION, checkpoint.seed(), why, 0);
          }
        }
      }
    }
  }

  /** All that a request's answers count in: its suite, one attack of several, its variant. */
  private List<Quantity> quantities(
      Checkpoint checkpoint, Request request, String decoder, String judge, Metric metric) {
    List<Quantity> quantities = new ArrayList<>();
    quantities.add(quantity(checkpoint, request, null, null, decoder, judge, metric));
    if (attacks.getOrDefault(request.suite(), Set.of()).size() > 1) {
      quantities.add(quantity(checkpoint, request, request.attack(), null, decoder, judge, metric));
    }
    if (!request.variant().isEmpty()) {
      quantities.add(
          quantity(checkpoint, request, null, request.variant(), decoder, judge, metric));
    }
    return quantities;
  }

  private static double share(Metric metric, List<Transcript> answers) {
    long counted = 0;
    for (Transcript answer : answers) {
      String verdict = answer.verdict();
      if (verdict == null) {
        throw new IllegalStateException("a transcript that nobody judged: " + answer.request());
      }
      if (metric.counts(Verdict.valueOf(verdict.toUpperCase(Locale.ROOT)))) {
        counted++;
      }
    }
    return (double) counted / answers.size();
  }

  private static Quantity quantity(
      Checkpoint checkpoint,
      Request request,
      @Nullable String attack,
      @Nullable String variant,
      String decoder,
      String judge,
      Metric metric) {
    return new Quantity(
        checkpoint.stage(),
        checkpoint.task(),
        checkpoint.step(),
        request.suite(),
        attack,
        decoder,
        judge,
        variant,
        null,
        metric.word());
  }

  private void add(
      Checkpoint checkpoint, Request request, Quantity quantity, Metric metric, double share) {
    String arm = checkpoint.arm();
    long seed = checkpoint.seed();
    String judge = Objects.requireNonNull(quantity.judge());
    if (metric.isSeenBy(judge)) {
      collector.add(arm, quantity, Kind.PROPORTION, seed, request.id(), share, 0);
    } else {
      collector.addUnmeasured(arm, quantity, Kind.PROPORTION, seed, "the judge can't tell", 0);
    }
  }

  private void addMeasures(Checkpoint checkpoint, Measures measures) {
    for (Measures.Answer answer : measures.answers()) {
      collector.add(
          checkpoint.arm(),
          plain(checkpoint, answer.suite(), "accuracy"),
          Kind.PROPORTION,
          checkpoint.seed(),
          answer.question(),
          answer.right() ? 1 : 0,
          0);
    }
    for (Measures.TextPerplexity text : measures.perplexities()) {
      collector.add(
          checkpoint.arm(),
          plain(checkpoint, EvaluationSpec.HELD_OUT, "perplexity"),
          Kind.PERPLEXITY,
          checkpoint.seed(),
          text.text(),
          text.perplexity(),
          0);
    }
  }

  private static Quantity plain(Checkpoint checkpoint, String suite, String metric) {
    return new Quantity(
        checkpoint.stage(),
        checkpoint.task(),
        checkpoint.step(),
        suite,
        null,
        null,
        null,
        null,
        null,
        metric);
  }

  private void addProbes(
      String arm,
      String stage,
      @Nullable Long step,
      @Nullable String variant,
      long seed,
      ProbeLayers probes) {
    for (ProbeLayers.Layer layer : probes.layers()) {
      addProbe(
          arm, quantity(stage, step, variant, layer, "probe_auroc"), seed, layer, layer.auroc());
      addProbe(
          arm,
          quantity(stage, step, variant, layer, "probe_accuracy"),
          seed,
          layer,
          layer.accuracy());
    }
  }

  private static Quantity quantity(
      String stage,
      @Nullable Long step,
      @Nullable String variant,
      ProbeLayers.Layer layer,
      String metric) {
    return new Quantity(
        stage, null, step, EvaluationSpec.PROBE, null, null, null, variant, layer.layer(), metric);
  }

  private void addProbe(
      String arm, Quantity quantity, long seed, ProbeLayers.Layer layer, @Nullable Double value) {
    int texts = layer.testTexts();
    if (value == null) {
      String reason = "the test texts are not of both kinds";
      collector.addUnmeasured(arm, quantity, Kind.PER_SEED, seed, reason, texts);
    } else {
      collector.add(arm, quantity, Kind.PER_SEED, seed, "all", value, texts);
    }
  }
}
