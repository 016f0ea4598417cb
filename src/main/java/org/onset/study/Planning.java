package org.onset.study;

import static java.util.Objects.requireNonNull;

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
import org.onset.curriculum.Schedule;
import org.onset.curriculum.StreamSize;
import org.onset.curriculum.TrainingSize;
import org.onset.model.ModelSpec;
import org.onset.study.StageGraph.Checkpoint;
import org.onset.study.results.Exposure;
import org.onset.study.results.FolderArm;
import org.onset.study.spec.StudySpec;
import org.onset.tensor.Dtype;
import org.onset.token.Tokenizer;

/** Says what a study will do and cost. */
final class Planning {
  /** The Java heap of a study beside a training: corpus, tokenizer, windows, answers; measured. */
  private static final long HEAP_BYTES = 300L << 20;

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
    Map<Node, Made> models = models();
    long parameters =
        models.values().stream().mapToLong(made -> made.model.parameterCount()).max().orElseThrow();
    double flops = 0;
    long diskBytes = 0;
    long memoryBytes = TrainingMemory.PROCESS_BYTES;
    for (Node node : nodes) {
      Made made = models.get(node);
      if (made != null && !store.has(node.artifact())) {
        if (isTraining(node)) {
          flops += node.work() * made.model.trainingFlopsPerToken(made.size.contextLength());
          memoryBytes =
              Math.max(memoryBytes, made.memory(spec.resources().dtype()).peakBytes(workers));
        }
        diskBytes +=
            made.model.parameterCount()
                * (isTraining(node) ? BYTES_PER_PARAMETER_ON_DISK : Float.BYTES);
      }
    }
    Double rate = calibration.flopsPerSecond(parameters);
    return new PlanReport(
        spec.name(),
        parameters,
        spec.hasPretrainedArms() ? (Long) graph.size().realisedTokens() : null,
        flops,
        rate == null ? null : (Double) (flops / (rate * workers)),
        HEAP_BYTES + memoryBytes,
        diskBytes,
        totals(nodes),
        nodes.stream().map(this::planned).toList(),
        exposure(),
        folders(),
        warnings());
  }

  /** The model that a node trains, and on how much at a time; or that it copies. */
  private record Made(ModelSpec model, TrainingSize size) {
    TrainingMemory memory(Dtype dtype) {
      int sequences = TrainingMemory.sequencesAtOnce(model, dtype, size);
      return new TrainingMemory(model, dtype, sequences, size.contextLength());
    }
  }

  private TrainingSize size(Checkpoint checkpoint) {
    String task = checkpoint.task();
    if (task != null) {
      return requireNonNull(spec.benign().get(task)).size();
    }
    return checkpoint.stage().equals("instruct") || checkpoint.isFolder()
        ? spec.instruction().tuning().size()
        : graph.size();
  }

  private Map<Node, Made> models() {
    Map<Node, Made> models = new LinkedHashMap<>();
    ModelSpec pretrained = spec.hasPretrainedArms() ? modelSpec() : null;
    for (Checkpoint checkpoint : graph.checkpoints()) {
      ArmFolder folder = graph.folders().get(checkpoint.arm());
      ModelSpec model = folder == null ? pretrained : folder.model();
      if (model != null) {
        Made made = new Made(model, size(checkpoint));
        checkpoint.path().forEach(node -> models.put(node, made));
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
    warnings.addAll(Study.problems(spec));
    return warnings;
  }
}
