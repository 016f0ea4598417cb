package org.onset.train;

/**
 * So many steps in a row had a loss or gradient that isn't finite that going on is of no use. The
 * checkpoint written before the first of them stands.
 */
public final class TrainingDiverged extends RuntimeException {
  TrainingDiverged(String message) {
    super(message);
  }

  private TrainingDiverged(String message, TrainingDiverged cause) {
    super(message, cause);
  }

  /** The same with {@code before} and {@code after} around its message. */
  public TrainingDiverged within(String before, String after) {
    return new TrainingDiverged(before + getMessage() + after, this);
  }
}
