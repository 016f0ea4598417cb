package org.onset.train;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run's checkpoints while it goes on: of a copy of the state, on a thread of its own, one
 * at a time. What goes wrong with one is thrown by the next call.
 */
final class CheckpointWriter implements AutoCloseable {
  private final Checkpoints checkpoints;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("checkpoint-", 0).factory());
  private @Nullable Snapshot snapshot; // made once, when it is first needed
  private @Nullable Future<?> inFlight;

  CheckpointWriter(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
  }

  /** Copies {@code state} and begins to write it, once the checkpoint before it is written. */
  void begin(TrainingState state) {
    finish();
    Snapshot copy = snapshot == null ? new Snapshot(state) : snapshot;
    snapshot = copy;
    copy.take(state);
    inFlight = thread.submit(() -> checkpoints.save(copy));
  }

  /** Waits until what was begun is on the disk. */
  void finish() {
    Future<?> writing = inFlight;
    inFlight = null;
    if (writing != null) {
      Uninterrupted.result(writing);
    }
  }

  @Override
  public void close() {
    try {
      finish();
    } finally {
      thread.close();
      if (snapshot != null) {
        snapshot.close();
      }
    }
  }
}
