package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PreparedBatchesTest {
  @Test
  @Timeout(30)
  void theNextBatchIsMadeBeforeItIsAskedFor() throws InterruptedException {
    CountDownLatch madeNext = new CountDownLatch(1);
    Batches counting =
        step -> {
          if (step == 6) {
            madeNext.countDown();
          }
          return Toy.batch(step);
        };

    try (PreparedBatches prepared = new PreparedBatches(counting, 10)) {
      assertThat(prepared.batch(5).tokens()).isDeepEqualTo(Toy.batch(5).tokens());

      assertThat(madeNext.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void inOrderEachBatchIsMadeOnceAndNoneBeyondTheEnd() {
    List<Long> made = new CopyOnWriteArrayList<>();
    Batches recording =
        step -> {
          made.add(step);
          return Toy.batch(step);
        };

    try (PreparedBatches prepared = new PreparedBatches(recording, 8)) {
      for (long step = 3; step < 8; step++) {
        assertThat(prepared.batch(step).tokens()).isDeepEqualTo(Toy.batch(step).tokens());
      }
    }

    assertThat(made).containsExactly(3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void anyStepCanBeAskedForOutOfOrder() {
    try (PreparedBatches prepared = new PreparedBatches(Toy::batch, 10)) {
      for (long step : new long[] {4, 4, 9, 0, 1, 5}) {
        assertThat(prepared.batch(step).tokens()).isDeepEqualTo(Toy.batch(step).tokens());
      }
    }
  }

  @Test
  void whatGoesWrongWithABatchIsThrownWhenItIsAskedFor() {
    Batches failing =
        step -> {
          if (step == 1) {
            throw new IllegalArgumentException("no such window");
          }
          return Toy.batch(step);
        };

    try (PreparedBatches prepared = new PreparedBatches(failing, 10)) {
      assertThat(prepared.batch(0).tokens()).isDeepEqualTo(Toy.batch(0).tokens());
      assertThatThrownBy(() -> prepared.batch(1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no such window");
    }
  }

  @Test
  void anInterruptIsKeptForTheLoop() {
    try (PreparedBatches prepared = new PreparedBatches(Toy::batch, 10)) {
      Thread.currentThread().interrupt();

      assertThat(prepared.batch(0).tokens()).isDeepEqualTo(Toy.batch(0).tokens());
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
