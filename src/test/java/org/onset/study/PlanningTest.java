package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.study.Calibration.Point;
import org.onset.study.results.Exposure;
import org.onset.study.spec.StudyFile;
import org.onset.study.spec.StudySpec;

class PlanningTest {
  private static final StudySpec QUICKSTART =
      StudyFile.read(Path.of("studies/quickstart.yaml")).spec();

  @TempDir private Path root;

  @Test
  void theQuickstartCostsThis() throws IOException {
    PlanReport plan = plan(2, new Calibration(List.of()));

    assertThat(plan.tokensPerModel()).isEqualTo(614_400);
    assertThat(plan.stages())
        .extracting(stage -> stage.stage() + " " + stage.nodes() + ", done " + stage.done())
        .containsExactly(
            "corpus 1, done 0",
            "tokens 1, done 0",
            "pretrain 28, done 0",
            "instruct 20, done 0",
            "benign 20, done 0",
            "respond 120, done 0",
            "measure 60, done 0",
            "probe 44, done 0",
            "judge 120, done 0");
    assertThat(plan.stages())
        .filteredOn(stage -> stage.stage().equals("pretrain"))
        .extracting(PlanReport.StageTotal::work)
        .containsExactly(4 * 2_520 * 1_024L); // of 3,000 steps a seed, 480 are shared
    assertThat(plan.trainingSeconds()).isNull(); // nothing was measured
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void exposureIsSaidForEveryArmWithoutEpochsUntilTheCorpusIsPacked() throws IOException {
    Exposure exposure = plan(2, new Calibration(List.of())).exposure();

    assertThat(exposure.arms())
        .extracting(Exposure.Arm::arm)
        .containsExactly("start-0", "start-20", "start-60", "never", "raw");
    assertThat(exposure.arms())
        .extracting(Exposure.Arm::onsetTokens)
        .containsExactly(0L, 122_880L, 368_640L, null, null);
    assertThat(exposure.arms())
        .allSatisfy(
            arm -> {
              assertThat(arm.streams().stream().mapToLong(Exposure.Stream::realisedTokens).sum())
                  .isEqualTo(614_400);
              assertThat(arm.streams()).extracting(Exposure.Stream::epochs).containsOnlyNulls();
            });
    Exposure.Arm early = exposure.arms().get(0);
    Exposure.Arm late = exposure.arms().get(2);
    assertThat((double) late.interventionTokens() / early.interventionTokens())
        .isBetween(0.395, 0.405);
    assertThat(exposure.arms().get(4).interventionTokens()).isZero();
    assertThat(exposure.arms().get(4).interventionLearningRate()).isNull();
    assertThat(late.interventionLearningRate()).isLessThan(early.interventionLearningRate());
  }

  @Test
  void twiceTheSpeedOrTheWorkersIsHalfTheTime() throws IOException {
    Calibration slow = new Calibration(List.of(new Point(1_000, 1e9), new Point(1_000_000, 1e9)));
    Calibration fast = new Calibration(List.of(new Point(1_000, 2e9), new Point(1_000_000, 2e9)));

    assertThat(plan(1, slow).trainingSeconds()).isEqualTo(plan(1, slow).trainingFlops() / 1e9);
    assertThat(plan(1, fast).trainingSeconds()).isEqualTo(plan(1, slow).trainingFlops() / 2e9);
    assertThat(plan(2, slow).trainingSeconds()).isEqualTo(plan(1, slow).trainingFlops() / 2e9);
  }

  @Test
  void whatIsDoneCostsNothingMore() throws IOException {
    PlanReport before = plan(1, new Calibration(List.of()));
    before.nodes().stream()
        .filter(node -> node.label().startsWith("pretrain start-0 "))
        .forEach(node -> root.resolve(node.artifact()).toFile().mkdirs());

    PlanReport after = plan(1, new Calibration(List.of()));

    assertThat(after.nodes()).filteredOn(PlanReport.PlannedNode::done).hasSize(4);
    assertThat(after.trainingFlops()).isLessThan(before.trainingFlops());
    assertThat(after.diskBytes()).isLessThan(before.diskBytes());
  }

  @Test
  void betweenTwoMeasuredSizesTheSpeedIsInterpolatedOnTheLogScale() {
    Calibration measured =
        new Calibration(List.of(new Point(10_000, 1e9), new Point(1_000_000, 3e9)));

    assertThat(measured.flopsPerSecond(100)).isEqualTo(1e9);
    assertThat(measured.flopsPerSecond(100_000)).isEqualTo(2e9);
    assertThat(measured.flopsPerSecond(50_000_000)).isEqualTo(3e9);
  }

  private PlanReport plan(int workers, Calibration calibration) throws IOException {
    Files.createDirectories(root);
    ArtifactStore store = new ArtifactStore(root);
    StageGraph graph = new StageGraph(QUICKSTART, store, "local[2]");
    return new Planning(QUICKSTART, graph, store, workers).report(calibration);
  }
}
