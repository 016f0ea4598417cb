package org.onset.corpus.pipeline;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;

/** Keeps a second build out of a folder in which one is at work. Killed processes hold no lock. */
final class BuildLock implements AutoCloseable {
  static final String FILE = "lock";

  private final FileChannel file;

  private BuildLock(FileChannel file) {
    this.file = file;
  }

  static BuildLock of(Path workFolder) throws IOException {
    FileChannel file =
        FileChannel.open(
            workFolder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(file) == null) {
      file.close();
      throw new BadInput(
          workFolder.resolveSibling("") + ": another build is at work there; wait until it ends");
    }
    return new BuildLock(file);
  }

  private static @Nullable FileLock lock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // within this process
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
