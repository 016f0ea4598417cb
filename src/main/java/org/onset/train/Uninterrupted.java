package org.onset.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.onset.WholeFolder;

/**
 * Work that goes through to its end on a thread that may be interrupted; the thread's flag is kept
 * for later.
 */
final class Uninterrupted {
  interface FileWork<T> {
    T run() throws IOException;
  }

  private Uninterrupted() {}

  /**
   * Reads or writes files: an interrupt closes the file that is open, so what it broke is done once
   * more.
   */
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

  /** Writes a folder, whole or not at all. */
  static <T> T write(Path target, WholeFolder.Content<T> content) {
    return call(() -> WholeFolder.write(target, content));
  }

  /** Waits for {@code future}; what it failed with is thrown. */
  static <T> T result(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
