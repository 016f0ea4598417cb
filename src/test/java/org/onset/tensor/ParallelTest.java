package org.onset.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParallelTest {
  private static final int WIDTH = 1 << 14; // worth sharing, however few entries there are

  @BeforeEach
  void onThreeThreads() {
    Libtorch.useThreads(3);
  }

  @AfterEach
  void onOneThreadAgain() {
    Libtorch.useThreads(1);
  }

  @Test
  void everyEntryIsWorkedOnOnceWhoeverElseIsAtWork() throws Exception {
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<?>> calls = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        calls.add(
            callers.submit(
                () -> {
                  Libtorch.useThreads(3);
                  for (int count = 1; count < 500; count++) {
                    AtomicIntegerArray visits = new AtomicIntegerArray(count);
                    Parallel.run(
                        count,
                        WIDTH,
                        (_, from, until) -> {
                          for (int i = from; i < until; i++) {
                            visits.incrementAndGet(i);
                          }
                        });
                    for (int i = 0; i < count; i++) {
                      assertThat(visits.get(i)).isEqualTo(1);
                    }
                  }
                }));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
  }

  @Test
  void aPartThatFailsIsToldOfAfterTheOthersEnded() {
    AtomicIntegerArray ended = new AtomicIntegerArray(3);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Parallel.run(
                    3,
                    WIDTH,
                    (part, _, _) -> {
                      ended.set(part, 1);
                      if (part == 2) {
                        throw new IllegalArgumentException("no");
                      }
                    }));

    assertThat(ended.toString()).isEqualTo("[1, 1, 1]");
  }
}
