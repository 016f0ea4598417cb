package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class LossSpikesTest {
  @Test
  void nothingIsASpikeBeforeThereAreLossesEnoughToCompareWith() {
    assertThat(LossSpikes.isSpike(100, Collections.nCopies(31, 3.0))).isFalse();
    assertThat(LossSpikes.isSpike(100, Collections.nCopies(32, 3.0))).isTrue();
  }

  @Test
  void aLossThatNeverVariesMayRiseByFivePercent() {
    List<Double> recent = Collections.nCopies(32, 2.0);

    assertThat(LossSpikes.isSpike(2.1, recent)).isFalse();
    assertThat(LossSpikes.isSpike(2.1001, recent)).isTrue();
  }

  @Test
  void theMoreLossesVaryTheFurtherASpikeMustStandOut() {
    List<Double> recent = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      recent.add(i % 2 == 0 ? 1.9 : 2.1); // median 2, median absolute deviation 0.1
    }

    assertThat(LossSpikes.isSpike(2 + 5 * 0.14826 - 1e-6, recent)).isFalse();
    assertThat(LossSpikes.isSpike(2 + 5 * 0.14826 + 1e-6, recent)).isTrue();
  }

  @Test
  void earlierSpikesDontHideALaterOne() {
    List<Double> recent = new ArrayList<>(Collections.nCopies(32, 2.0));
    Collections.fill(recent.subList(5, 20), 9.0);

    assertThat(LossSpikes.isSpike(4, recent)).isTrue();
  }

  @ParameterizedTest
  @Repetitions(50)
  void aNoisyFallingLossHasNone(SplittableRandom random) {
    Progress progress = Progress.START;

    for (int step = 0; step < 300; step++) {
      progress =
          progress.after(1, 1 + 4 * Math.exp(-step / 80.0) + 0.1 * random.nextDouble(), true);
    }

    assertThat(progress.spikes()).isEmpty();
    assertThat(progress.recentLosses()).hasSize(32);
  }

  @Test
  void aLossThatStaysHighSoonIsTheUsualOne() {
    Progress progress = Progress.START;

    for (int step = 0; step < 100; step++) {
      progress = progress.after(1, step < 50 ? 2 : 3, true);
    }

    assertThat(progress.spikes()).startsWith(50L).hasSizeBetween(15, 17);
  }
}
