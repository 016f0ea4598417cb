package org.onset.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class LibtorchTest {
  @Test
  void theNumberOfThreadsBelongsToTheJavaThread() throws Exception {
    try (ExecutorService one = Executors.newSingleThreadExecutor();
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      one.submit(() -> Libtorch.useThreads(1)).get();
      other.submit(() -> Libtorch.useThreads(2)).get();

      assertThat(one.submit(Libtorch::threads).get()).isEqualTo(1);
      assertThat(other.submit(Libtorch::threads).get()).isEqualTo(2);
      other.submit(() -> Libtorch.useThreads(1)).get();
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Libtorch.useThreads(0));
  }

  @Test
  void whatRunsAloneTakesOneThreadAndFailuresGiveTheOthersBack() {
    Libtorch.useThreads(2);
    try {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  Libtorch.alone(
                      () -> {
                        assertThat(torch.get_num_threads()).isEqualTo(1);
                        throw new IllegalStateException("no");
                      }));
      assertThat(torch.get_num_threads()).isEqualTo(2);
      assertThat(Libtorch.threads()).isEqualTo(2);
    } finally {
      Libtorch.useThreads(1);
    }
  }

  @Test
  void theVersionIsTheBindingsOwn() {
    assertThat(Libtorch.version()).matches("\\d+\\.\\d+\\.\\d+-\\d+\\.\\d+\\.\\d+");
  }
}
