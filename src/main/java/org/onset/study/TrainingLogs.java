package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.onset.study.StageGraph.Checkpoint;
import org.onset.study.results.RunSummary.LossCurve;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The metrics of training as they came: a line per step, gathered along each arm's path. */
final class TrainingLogs {
  private static final int POINTS_PER_CURVE = 150;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final StageGraph graph;
  private final ArtifactStore store;

  TrainingLogs(StageGraph graph, ArtifactStore store) {
    this.graph = graph;
    this.store = store;
  }

  void writeTo(RunFolder folder) throws IOException {
    for (Checkpoint checkpoint : graph.checkpoints()) {
      // The logs of models kept on the way are the beginnings of the others'.
      if (checkpoint.step() == null && !checkpoint.isFolder()) {
        folder.replaceLines(
            "logs/%s-%d-%s.jsonl"
                .formatted(checkpoint.arm(), checkpoint.seed(), checkpoint.folderName()),
            lines(checkpoint));
      }
    }
  }

  private List<String> lines(Checkpoint checkpoint) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Node node : checkpoint.path()) {
      lines.addAll(Files.readAllLines(store.folder(node.artifact()).resolve(StepLog.FILE)));
    }
    return lines;
  }

  /** The pretraining loss of every pretrained arm and seed, averaged over equal stretches. */
  List<LossCurve> lossCurves() throws IOException {
    List<LossCurve> curves = new ArrayList<>();
    for (Checkpoint checkpoint : graph.checkpoints()) {
      if (checkpoint.stage().equals("base")
          && checkpoint.step() == null
          && !checkpoint.isFolder()) {
        List<JsonNode> steps = lines(checkpoint).stream().map(JSON::readTree).toList();
        curves.add(
            new LossCurve(
                checkpoint.arm(),
                checkpoint.seed(),
                Schedules.onsetTokens(graph.schedule(checkpoint.arm()), graph.size()),
                thinned(steps),
                (int) steps.stream().filter(step -> step.get("spike").asBoolean()).count(),
                (int) steps.stream().filter(step -> !step.get("applied").asBoolean()).count()));
      }
    }
    return curves;
  }

  private static List<LossCurve.Point> thinned(List<JsonNode> steps) {
    int stretch = Math.max(1, Math.ceilDiv(steps.size(), POINTS_PER_CURVE));
    List<LossCurve.Point> points = new ArrayList<>();
    double sum = 0;
    int count = 0;
    for (int i = 0; i < steps.size(); i++) {
      JsonNode step = steps.get(i);
      if (step.get("loss").isNumber()) {
        sum += step.get("loss").asDouble();
        count++;
      }
      if ((i + 1) % stretch == 0 || i == steps.size() - 1) {
        if (count > 0) {
          points.add(new LossCurve.Point(step.get("tokensSeen").asLong(), sum / count));
        }
        sum = 0;
        count = 0;
      }
    }
    return points;
  }
}
