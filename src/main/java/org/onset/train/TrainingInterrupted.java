package org.onset.train;

/**
 * The training thread was interrupted; its state has been saved and the next run goes on from
 * there. As with {@link InterruptedException}, the thread's flag has been cleared.
 */
public final class TrainingInterrupted extends RuntimeException {
  private final long step;

  TrainingInterrupted(long step) {
    super("interrupted before step " + step + "; the next run goes on from there");
    this.step = step;
  }

  /** The step that comes next. */
  public long step() {
    return step;
  }
}
