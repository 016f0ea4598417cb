package org.onset.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.tensor.Dtype;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

class CachePoolTest {
  private static final ModelSpec SPEC = TinyModels.grouped();

  @ParameterizedTest
  @Repetitions(30)
  void slotsInUseAreNeverGivenAwayAndKeepWhatTheyHoldWhenThePoolGrows(SplittableRandom random) {
    Map<Integer, Float> held = new TreeMap<>();
    try (CachePool pool = new CachePool(SPEC, Dtype.FLOAT32, 4)) {
      for (int operation = 0; operation < 200; operation++) {
        if (!held.isEmpty() && random.nextInt(3) == 0) {
          List<Integer> slots = new ArrayList<>(held.keySet());
          held.remove(slots.get(random.nextInt(slots.size())));
        } else {
          int slot = pool.take(random.nextInt(50), () -> inUse(held));
          assertThat(held).doesNotContainKey(slot);
          float value = random.nextInt(1000);
          write(pool, slot, value);
          held.put(slot, value);
        }
      }
      held.forEach((slot, value) -> assertThat(read(pool, slot)).containsOnly(value));
    }
  }

  @Test
  void theSlotThatIsAskedForIsGivenWhereItIsFree() {
    try (CachePool pool = new CachePool(SPEC, Dtype.FLOAT32, 8)) {
      assertThat(pool.take(5, IntStream::empty)).isEqualTo(5);
      assertThat(pool.take(5, IntStream::empty)).isEqualTo(6);
      assertThat(pool.take(8, IntStream::empty)).isZero();
    }
  }

  private static IntStream inUse(Map<Integer, Float> held) {
    return IntStream.concat(IntStream.of(-1), held.keySet().stream().mapToInt(slot -> slot));
  }

  private static void write(CachePool pool, int slot, float value) {
    try (Scope _ = new Scope()) {
      everywhere(pool, slot).forEach(tensor -> tensor.fill(value));
    }
  }

  private static List<Float> read(CachePool pool, int slot) {
    List<Float> values = new ArrayList<>();
    try (Scope _ = new Scope()) {
      for (Tensor tensor : everywhere(pool, slot)) {
        for (float value : tensor.toFloats()) {
          values.add(value);
        }
      }
    }
    return values;
  }

  private static List<Tensor> everywhere(CachePool pool, int slot) {
    List<Tensor> tensors = new ArrayList<>();
    for (int layer = 0; layer < SPEC.layerCount(); layer++) {
      tensors.add(pool.keys(layer).narrow(0, slot, 1));
      tensors.add(pool.values(layer).narrow(0, slot, 1));
    }
    return tensors;
  }
}
