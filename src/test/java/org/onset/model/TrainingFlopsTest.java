package org.onset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingFlopsTest {
  private static ModelSpec spec(boolean tied) {
    return new ModelSpec(100, 16, 3, 4, 2, 8, 24, 64, 10_000, 1e-5, tied);
  }

  /**
   * Products counted one by one, [rows, in] times [in, out] at 2 each; three times for training.
   */
  @Test
  void theyAreThoseOfTheProductsAndOfNothingElse() {
    for (int time : new int[] {1, 7, 64}) {
      double products = 2.0 * time * 16 * 100; // logits
      for (int layer = 0; layer < 3; layer++) {
        products += 2.0 * time * 16 * (4 + 2 + 2) * 8; // queries, keys, values
        for (int position = 0; position < time; position++) {
          int seen = position + 1;
          products += 4 * (2.0 * 8 * seen + 2.0 * 8 * seen); // scores, then their sum of values
        }
        products += 2.0 * time * 4 * 8 * 16;
        products += 2.0 * time * 16 * 24 * 2 + 2.0 * time * 24 * 16; // gate, up, down
      }
      double norms = 6.0 * time * (3 * 2 + 1) * 16; // they count as parameters
      double diagonal = 3 * 3 * 4 * (2.0 * 8 + 2.0 * 8) * time / 2; // half of the square has none

      for (boolean tied : List.of(true, false)) {
        assertThat(spec(tied).trainingFlopsPerToken(time) * time)
            .isCloseTo(3 * products + norms - diagonal, within(1e-6 * products));
      }
    }
  }
}
