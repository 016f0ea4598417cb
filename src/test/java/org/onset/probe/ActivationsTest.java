package org.onset.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.onset.Seeds;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;

class ActivationsTest {
  private static final ModelSpec SPEC =
      new ModelSpec(20, 16, 2, 2, 1, 8, 24, 32, 10_000, 1e-5, true);

  @Test
  void theLastTokenOfEachTextIsReadHoweverLongTheOthersAre() {
    try (Transformer model = Transformer.initialise(SPEC, new Seeds(3))) {
      float[][][] together =
          Activations.atLastToken(model, new int[][] {{5, 6, 7}, {8, 9, 10, 11, 12, 13}});
      float[][][] alone = Activations.atLastToken(model, new int[][] {{5, 6, 7}});

      assertThat(together.length).isEqualTo(3); // the embedding and two blocks
      for (int layer = 0; layer < 3; layer++) {
        assertThat(together[layer][0].length).isEqualTo(16);
        assertThat(together[layer][0]).containsExactly(alone[layer][0], within(1e-5f));
      }
    }
  }

  @Test
  void aTextWithoutTokensIsRefused() {
    try (Transformer model = Transformer.initialise(SPEC, new Seeds(3))) {
      assertThatThrownBy(() -> Activations.atLastToken(model, new int[][] {{1}, {}}))
          .hasMessage("text 1 has no token");
    }
  }
}
