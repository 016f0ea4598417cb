package org.onset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProbesTest {
  private static final int ROWS = 300;

  @Test
  void aLayerThatHoldsTheClassIsReadAndOneThatDoesNotIsNot() {
    SplittableRandom random = new SplittableRandom(5);
    float[][][] activations = new float[2][ROWS][8];
    boolean[] positive = new boolean[ROWS];
    boolean[] test = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      positive[row] = random.nextBoolean();
      test[row] = row >= 100;
      for (int dim = 0; dim < 8; dim++) {
        activations[0][row][dim] = (float) random.nextGaussian();
        activations[1][row][dim] =
            (float) (random.nextGaussian() + (dim == 2 && positive[row] ? 5 : 0));
      }
    }

    List<Probes.LayerResult> results = Probes.run(activations, positive, test, 0.01);

    assertThat(results).extracting(Probes.LayerResult::layer).containsExactly(0, 1);
    assertThat(results.get(0).auroc().orElseThrow()).isBetween(0.4, 0.6);
    assertThat(results.get(1).auroc().orElseThrow()).isGreaterThan(0.98);
    assertThat(results.get(1).accuracy()).isGreaterThan(0.95);
    assertThat(results.get(1).trainRows()).isEqualTo(100);
    assertThat(results.get(1).testRows()).isEqualTo(200);
  }

  @Test
  void theTestRowsDoNotTouchTheFit() {
    boolean[] positive = {false, true, false, true, true, false};
    boolean[] test = {false, false, false, false, true, true};
    float[][][] small = {{{0}, {1}, {0.5f}, {2}, {3}, {-1}}};
    float[][][] huge = {{{0}, {1}, {0.5f}, {2}, {3e6f}, {-1e6f}}};

    assertThat(Probes.run(huge, positive, test, 0.01))
        .isEqualTo(Probes.run(small, positive, test, 0.01));
  }

  @Test
  void aTestFoldOfOneClassHasAnAccuracyButNoAuroc() {
    boolean[] positive = {false, true, true};
    float[][][] activations = {{{0}, {1}, {2}}};

    List<Probes.LayerResult> results =
        Probes.run(activations, positive, new boolean[] {false, false, true}, 0.01);

    assertThat(results.getFirst().auroc()).isEmpty();
    assertThat(results.getFirst().accuracy()).isEqualTo(1);
  }

  @Test
  void anEmptyTestFoldIsRefused() {
    assertThatThrownBy(() -> Probes.run(new float[1][2][1], new boolean[2], new boolean[2], 0.01))
        .hasMessage("no row belongs to the test fold");
  }
}
