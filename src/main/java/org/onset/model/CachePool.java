package org.onset.model;

import java.util.BitSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.onset.tensor.Dtype;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;

/**
 * Slots for the keys and values of tokens, one token a slot, the same in each layer. Slots are not
 * given back: those that nobody holds are looked for when none is left, and only if that finds few
 * the pool grows.
 */
final class CachePool implements AutoCloseable {
  private final ModelSpec spec;
  private final Tensor[] keys; // per layer [slot, kvHeadCount, headDim]
  private final Tensor[] values;
  private final Dtype dtype;
  private final BitSet free = new BitSet();
  private int size;

  /** {@code size} slots at first, whose memory counts once they are written to. */
  CachePool(ModelSpec spec, Dtype dtype, int size) {
    this.spec = spec;
    this.dtype = dtype;
    this.keys = new Tensor[spec.layerCount()];
    this.values = new Tensor[spec.layerCount()];
    this.size = size;
    for (int layer = 0; layer < keys.length; layer++) {
      keys[layer] = slots(size);
      values[layer] = slots(size);
    }
    clear();
  }

  private Tensor slots(int count) {
    try (Scope _ = new Scope()) {
      return Tensor.uninitialised(dtype, count, spec.kvHeadCount(), spec.headDim()).owned();
    }
  }

  Tensor keys(int layer) {
    return keys[layer];
  }

  Tensor values(int layer) {
    return values[layer];
  }

  /** Frees every slot. */
  void clear() {
    free.set(0, size);
  }

  /**
   * A slot that is free: {@code wanted}, or the next one that is. {@code inUse} says which are not
   * (of slots below 0 there are none).
   */
  int take(int wanted, Supplier<IntStream> inUse) {
    if (free.isEmpty()) {
      BitSet held = new BitSet(size);
      inUse.get().filter(slot -> slot >= 0).forEach(held::set);
      if (held.cardinality() > 3 * size / 4) {
        grow();
      }
      free.set(0, size);
      free.andNot(held);
    }
    int after = free.nextSetBit(wanted);
    int slot = after >= 0 ? after : free.nextSetBit(0);
    free.clear(slot);
    return slot;
  }

  private void grow() {
    for (Tensor[] cache : new Tensor[][] {keys, values}) {
      for (int layer = 0; layer < cache.length; layer++) {
        Tensor larger = slots(2 * size);
        try (Scope _ = new Scope()) {
          larger.narrow(0, 0, size).copyFrom(cache[layer]);
        }
        cache[layer].close();
        cache[layer] = larger;
      }
    }
    size *= 2;
  }

  @Override
  public void close() {
    for (int layer = 0; layer < keys.length; layer++) {
      keys[layer].close();
      values[layer].close();
    }
  }
}
