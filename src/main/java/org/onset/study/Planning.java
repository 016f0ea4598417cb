package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.onset.BadInput;
import org.onset.corpus.Sources;
import org.onset.curriculum.Schedule;
import org.onset.curriculum.StreamSize;
import org.onset.model.ModelSpec;
import org.onset.study.StageGraph.Checkpoint;
import org.onset.study.results.Exposure;
import org.onset.study.results.FolderArm;
import org.onset.study.spec.DataSpec.FilesData;
import org.onset.study.spec.StudySpec;
import org.onset.token.Tokenizer;

/** Says what a study will do and cost. */
final class Planning {
  /** f32 parameters, gradients, two moments, and as much again for activations. */
  private static final int BYTES_PER_PARAMETER_IN_TRAINING = 4 * 4 * 2;

  /** The JVM, libtorch and what they keep, whatever the model: seen with the smallest ones. */
  private static final long BASE_BYTES = 3L << 29;

  /** f32 weights and two moments. */
  private static final int BYTES_PER_PARAMETER_ON_DISK = 4 * 3;

  private final StudySpec spec;
  private final StageGraph graph;
  private final ArtifactStore store;
  private final int workers;

  Planning(StudySpec spec, StageGraph graph, ArtifactStore store, int workers) {
    this.spec = spec;
    this.graph = graph;
    this.store = store;
    this.workers = workers;
  }

  PlanReport report(Calibration calibration) throws IOException {
    Set<Node> nodes = new LinkedHashSet<>();
    graph.targets().forEach(target -> collect(target, nodes));
    Map<Node, ModelSpec> models = models();
    long parameters =
        models.values().stream().mapToLong(ModelSpec::parameterCount).max().orElseThrow();
    int context =
        spec.hasPretrainedArms()
            ? spec.pretrained().training().contextLength()
            : spec.instruction().tuning().contextLength();
    double flops = 0;
    long diskBytes = 0;
    for (Node node : nodes) {
      ModelSpec model = models.get(node);
      if (model != null && !store.has(node.artifact())) {
        boolean trained = isTraining(node);
        flops += trained ? node.work() * Calibration.flopsPerToken(model, context) : 0;
        diskBytes += model.parameterCount() * (trained ? BYTES_PER_PARAMETER_ON_DISK : Float.BYTES);
      }
    }
    Double rate = calibration.flopsPerSecond(parameters);
    return new PlanReport(
        spec.name(),
        parameters,
        spec.hasPretrainedArms() ? (Long) graph.size().realisedTokens() : null,
        flops,
        rate == null ? null : (Double) (flops / (rate * workers)),
        BASE_BYTES + parameters * BYTES_PER_PARAMETER_IN_TRAINING * workers,
        diskBytes,
        totals(nodes),
        nodes.stream().map(this::planned).toList(),
        exposure(),
        folders(),
        warnings());
  }

  /** The model that each node trains or copies. */
  private Map<Node, ModelSpec> models() {
    Map<Node, ModelSpec> models = new LinkedHashMap<>();
    ModelSpec pretrained = spec.hasPretrainedArms() ? modelSpec() : null;
    for (Checkpoint checkpoint : graph.checkpoints()) {
      ArmFolder folder = graph.folders().get(checkpoint.arm());
      ModelSpec model = folder == null ? pretrained : folder.model();
      if (model != null) {
        checkpoint.path().forEach(node -> models.put(node, model));
      }
    }
    return models;
  }

  private List<FolderArm> folders() {
    Path here = Path.of("").toAbsolutePath();
    return graph.folders().values().stream().map(folder -> folder.described(here)).toList();
  }

  private static void collect(Node node, Set<Node> nodes) {
    if (!nodes.contains(node)) {
      node.inputs().forEach(input -> collect(input, nodes));
      nodes.add(node);
    }
  }

  private static boolean isTraining(Node node) {
    return switch (node.stage()) {
      case PRETRAIN, INSTRUCT, BENIGN -> true;
      case CORPUS, TOKENS, MODEL, RESPOND, MEASURE, PROBE, JUDGE -> false;
    };
  }

  private List<PlanReport.StageTotal> totals(Set<Node> nodes) {
    Map<Node.Stage, List<Node>> byStage = new EnumMap<>(Node.Stage.class);
    nodes.forEach(node -> byStage.computeIfAbsent(node.stage(), _ -> new ArrayList<>()).add(node));
    List<PlanReport.StageTotal> totals = new ArrayList<>();
    byStage.forEach(
        (stage, ofStage) ->
            totals.add(
                new PlanReport.StageTotal(
                    stage.title,
                    ofStage.size(),
                    (int) ofStage.stream().filter(node -> store.has(node.artifact())).count(),
                    ofStage.stream().mapToLong(Node::work).sum(),
                    stage.unit)));
    return totals;
  }

  private PlanReport.PlannedNode planned(Node node) {
    return new PlanReport.PlannedNode(
        node.label(),
        node.artifact().folderName(),
        node.inputs().stream().map(input -> input.artifact().folderName()).toList(),
        node.work(),
        store.has(node.artifact()));
  }

  /** The tokenizer's own size where it is made already, else what the study asks for. */
  private ModelSpec modelSpec() {
    Path tokenizer = DataStages.tokenizerFolder(store.folder(graph.tokens().artifact()));
    if (Files.isDirectory(tokenizer)) {
      try (Tokenizer made = Tokenizer.open(tokenizer)) {
        return TrainingStages.modelSpec(spec, made.vocabSize());
      }
    }
    return TrainingStages.modelSpec(spec, DataStages.vocabSize(spec));
  }

  /** Epochs are known once the corpus is packed; until then streams count as endless. */
  private Exposure exposure() throws IOException {
    if (graph.schedules().isEmpty()) {
      return new Exposure(List.of());
    }
    if (store.has(graph.tokens().artifact())) {
      return Exposures.of(graph, Exposures.sizes(spec, store.folder(graph.tokens().artifact())));
    }
    Map<String, StreamSize> endless = new LinkedHashMap<>();
    for (Schedule schedule : graph.schedules().values()) {
      for (String stream : schedule.streams()) {
        endless.put(
            stream,
            new StreamSize(
                Integer.MAX_VALUE,
                (long) Integer.MAX_VALUE * graph.size().contextLength(),
                OptionalInt.empty()));
      }
    }
    return Exposures.withoutEpochs(Exposures.of(graph, endless));
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>(graph.warnings());
    FilesData files = spec.data().files();
    try {
      if (files != null) {
        Sources.check(files.sources());
      }
    } catch (BadInput e) {
      warnings.addAll(e.problems());
    }
    return warnings;
  }
}
