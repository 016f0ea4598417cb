package org.onset.tensor;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * While one is open, threads that share in passes wait for the next one awake: where passes are
 * short and follow each other closely, as in decoding. Elsewhere they would only keep processors
 * from libtorch's threads.
 */
public final class Awake implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();

  public Awake() {
    OPEN.incrementAndGet();
  }

  static boolean isWanted() {
    return OPEN.get() > 0;
  }

  @Override
  public void close() {
    OPEN.decrementAndGet();
  }
}
