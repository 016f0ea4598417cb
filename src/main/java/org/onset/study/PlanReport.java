package org.onset.study;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onset.study.results.Exposure;
import org.onset.study.results.FolderArm;

/**
 * What a study will do and cost; nothing has been trained.
 *
 * @param parameters of one model, the largest where there are several
 * @param tokensPerModel of a pretraining; null where no arm is pretrained
 * @param trainingFlops of all training that is left to do: 6 floating-point operations per
 *     parameter and token, and those of attention
 * @param trainingSeconds estimated from this machine's calibration, independent arms side by side;
 *     null where nothing could be measured
 * @param memoryBytes of the whole process while training
 * @param diskBytes of the artifacts that are left to build
 * @param folders the arms that are models trained elsewhere
 * @param warnings what keeps the study from running as it stands, such as missing files, or what to
 *     know before arms are compared
 */
public record PlanReport(
    String study,
    long parameters,
    @Nullable Long tokensPerModel,
    double trainingFlops,
    @Nullable Double trainingSeconds,
    long memoryBytes,
    long diskBytes,
    List<StageTotal> stages,
    List<PlannedNode> nodes,
    Exposure exposure,
    List<FolderArm> folders,
    List<String> warnings) {
  public PlanReport {
    stages = List.copyOf(stages);
    nodes = List.copyOf(nodes);
    folders = List.copyOf(folders);
    warnings = List.copyOf(warnings);
  }

  /** All nodes of one stage; {@code done} lie in the store already. */
  public record StageTotal(String stage, int nodes, int done, long work, String unit) {}

  /**
   * One node of the graph.
   *
   * @param inputs artifacts it is made from
   */
  public record PlannedNode(
      String label, String artifact, List<String> inputs, long work, boolean done) {}
}
