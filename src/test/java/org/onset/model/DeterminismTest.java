package org.onset.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Seeds;
import org.onset.tensor.AdamW;
import org.onset.tensor.Libtorch;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

class DeterminismTest {
  /** Its biases and norms have gradients that the threads of a pass sum up, each a part. */
  private static final ModelSpec SPEC =
      new ModelSpec(97, 96, 2, 4, 2, 24, 96, 32, 10_000, 1e-5, true, true, true, RopeScaling.NONE);

  @AfterEach
  void onOneThreadAgain() {
    Libtorch.useThreads(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void twoRunsAgreeInEveryBitAlsoBesideABusyNeighbour(int threads) throws Exception {
    try (ExecutorService workers = Executors.newFixedThreadPool(2)) {
      float[] alone = workers.submit(trained(threads, 1)).get();
      float[] again = workers.submit(trained(threads, 1)).get();
      AtomicBoolean enough = new AtomicBoolean();
      CountDownLatch busy = new CountDownLatch(1);
      Future<float[]> neighbour =
          workers.submit(
              () -> {
                float[] last = trained(threads, 2).call();
                busy.countDown();
                while (!enough.get()) {
                  last = trained(threads, 2).call();
                }
                return last;
              });
      busy.await();
      float[] beside = workers.submit(trained(threads, 1)).get();
      enough.set(true);

      assertThat(again).isEqualTo(alone);
      assertThat(beside).isEqualTo(alone);
      assertThat(neighbour.get()).isNotEqualTo(alone);
    }
  }

  /** Gradients and parameters after ten steps. */
  private static Callable<float[]> trained(int threads, long seed) {
    return () -> {
      Libtorch.useThreads(threads);
      SplittableRandom random = new SplittableRandom(seed);
      int[][] tokens = new int[12][];
      Arrays.setAll(tokens, _ -> random.ints(33, 0, SPEC.vocabSize()).toArray());
      boolean[][] trained = TransformerTest.allTrained(tokens);
      try (Scope _ = new Scope();
          Transformer model = Transformer.initialise(SPEC, new Seeds(seed))) {
        Tensor first = Tensor.zeros(SPEC.parameterCount());
        Tensor second = Tensor.zeros(SPEC.parameterCount());
        for (int step = 1; step <= 10; step++) {
          model.gradients().fill(0);
          model.accumulateGradients(tokens, trained, 256);
          AdamW.step(
              model.parameters(),
              model.gradients(),
              first,
              second,
              step,
              1e-2,
              0.9,
              0.95,
              1e-8,
              0.1);
        }
        float[] gradients = model.gradients().toFloats();
        float[] both = Arrays.copyOf(gradients, 2 * gradients.length);
        System.arraycopy(
            model.parameters().toFloats(), 0, both, gradients.length, gradients.length);
        return both;
      }
    };
  }
}
