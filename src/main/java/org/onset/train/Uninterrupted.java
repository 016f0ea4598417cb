package org.onset.train;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads and writes files through to the end on a thread that may be interrupted: an interrupt
 * closes the file that is open, so what it broke is done once more.
 */
final class Uninterrupted {
  interface FileWork<T> {
    T run() throws IOException;
  }

  private Uninterrupted() {}

  /** Runs {@code work}, as often as it is interrupted; the thread's flag is kept for later. */
  static <T> T call(FileWork<T> work) {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return work.run();
        } catch (IOException | RuntimeException e) {
          if (Thread.interrupted()) {
            interrupted = true;
          } else if (e instanceof IOException io) {
            throw new UncheckedIOException(io);
          } else {
            throw (RuntimeException) e;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
