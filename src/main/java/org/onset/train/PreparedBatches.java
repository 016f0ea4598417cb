package org.onset.train;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Makes the batch of the step after the one asked for, on a thread of its own, while that one is
 * trained on. All batches are made on that thread; what goes wrong with one is thrown when it is
 * asked for.
 */
final class PreparedBatches implements Batches, AutoCloseable {
  private record Prepared(long step, Future<Batch> batch) {}

  private final Batches batches;
  private final long endStep;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("batch-", 0).factory());
  private @Nullable Prepared next;

  /**
   * Prepares nothing from {@code endStep} on.
   *
   * @param batches asked by one thread at a time
   */
  PreparedBatches(Batches batches, long endStep) {
    this.batches = batches;
    this.endStep = endStep;
  }

  @Override
  public Batch batch(long step) {
    Prepared wanted = next != null && next.step == step ? next : prepare(step);
    Batch batch = Uninterrupted.result(wanted.batch);
    next = step + 1 < endStep ? prepare(step + 1) : null;
    return batch;
  }

  private Prepared prepare(long step) {
    return new Prepared(step, thread.submit(() -> batches.batch(step)));
  }

  /** Waits for the batch that is being made. */
  @Override
  public void close() {
    thread.close();
  }
}
