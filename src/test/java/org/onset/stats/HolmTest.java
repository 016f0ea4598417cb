package org.onset.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class HolmTest {
  @Test
  void theSmallestIsMultipliedByAllTheNextByOneFewerAndNoneFallsBelowItsForerunner() {
    assertThat(Holm.adjust(new double[] {0.03, 0.01, 0.04, 0.005}))
        .containsExactly(new double[] {0.06, 0.03, 0.06, 0.02}, within(1e-12));
  }

  @Test
  void nothingPassesOne() {
    assertThat(Holm.adjust(new double[] {0.6, 0.9})).containsExactly(1, 1);
    assertThat(Holm.adjust(new double[0])).isEmpty();
  }

  @Test
  void aContrastWithoutAPValueStaysWithoutButCounts() {
    assertThat(Holm.adjust(List.of(OptionalDouble.of(0.02), OptionalDouble.empty())))
        .containsExactly(OptionalDouble.of(0.04), OptionalDouble.empty());
  }

  @Test
  void whatIsNoPValueIsRefused() {
    assertThatThrownBy(() -> Holm.adjust(new double[] {0.5, Double.NaN}))
        .hasMessage("a p-value lies in [0, 1], got NaN");
  }
}
