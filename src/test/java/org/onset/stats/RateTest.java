package org.onset.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RateTest {
  @Test
  void theIntervalIsClopperAndPearsons() {
    Rate rate = Rate.of(7, 10).orElseThrow();

    assertThat(rate.value()).isEqualTo(0.7);
    assertThat(rate.low()).isCloseTo(0.3475, within(1e-4));
    assertThat(rate.high()).isCloseTo(0.9333, within(1e-4));
  }

  @Test
  void noneAndAllHaveAnIntervalOnOneSide() {
    assertThat(Rate.of(0, 20).orElseThrow().low()).isZero();
    assertThat(Rate.of(0, 20).orElseThrow().high())
        .isCloseTo(1 - Math.pow(0.025, 1 / 20.0), within(1e-9));
    assertThat(Rate.of(20, 20).orElseThrow().low())
        .isCloseTo(Math.pow(0.025, 1 / 20.0), within(1e-9));
    assertThat(Rate.of(20, 20).orElseThrow().high()).isEqualTo(1);
  }

  @Test
  void ofNoTrialsThereIsNoRate() {
    assertThat(Rate.of(0, 0)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> Rate.of(3, 2));
  }
}
