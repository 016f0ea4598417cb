package org.onset.corpus.pipeline;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.PatientLock;

/** Keeps a second build out of a folder in which one is at work. Killed processes hold no lock. */
final class BuildLock implements AutoCloseable {
  static final String FILE = "lock";

  private final FileChannel file;

  private BuildLock(FileChannel file) {
    this.file = file;
  }

  /**
   * @param waits whether to wait until another process is done
   * @throws BadInput where another build is at work and this one doesn't wait
   */
  static BuildLock of(Path workFolder, boolean waits) throws IOException {
    FileChannel file =
        FileChannel.open(
            workFolder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(file, waits) == null) {
      file.close();
      throw new BadInput(
          workFolder.resolveSibling("") + ": another build is at work there; wait until it ends");
    }
    return new BuildLock(file);
  }

  private static @Nullable FileLock lock(FileChannel file, boolean waits) throws IOException {
    try {
      return waits ? PatientLock.of(file) : file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // within this process
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another build was at work");
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
