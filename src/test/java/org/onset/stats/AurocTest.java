package org.onset.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class AurocTest {
  @Test
  void tiesCountOneHalf() {
    assertThat(Auroc.of(new double[] {1, 1, 2, 0}, new boolean[] {true, false, true, false}))
        .hasValue(0.875);
    assertThat(Auroc.of(new double[] {3, 3, 3}, new boolean[] {true, false, false})).hasValue(0.5);
    assertThat(Auroc.of(new double[] {0.0, -0.0}, new boolean[] {true, false})).hasValue(0.5);
  }

  @ParameterizedTest
  @Repetitions(100)
  void isTheShareOfPairsInTheRightOrder(SplittableRandom random) {
    int rows = random.nextInt(2, 40);
    double[] scores = new double[rows];
    boolean[] positive = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      scores[row] = random.nextInt(6) / 4.0;
      positive[row] = row == 0 || (row > 1 && random.nextBoolean());
    }

    assertThat(Auroc.of(scores, positive).orElseThrow())
        .isCloseTo(shareOfPairs(scores, positive), within(1e-12));
  }

  @Test
  void withoutBothClassesThereIsNone() {
    assertThat(Auroc.of(new double[] {1, 2}, new boolean[] {true, true})).isEmpty();
    assertThat(Auroc.of(new double[0], new boolean[0])).isEmpty();
  }

  @Test
  void aScoreThatIsNoNumberIsRefused() {
    assertThatThrownBy(() -> Auroc.of(new double[] {1, Double.NaN}, new boolean[] {true, false}))
        .hasMessage("scores must be finite, got NaN");
  }

  private static double shareOfPairs(double[] scores, boolean[] positive) {
    double right = 0;
    int pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (positive[i] && !positive[j]) {
          pairs++;
          right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    return right / pairs;
  }
}
