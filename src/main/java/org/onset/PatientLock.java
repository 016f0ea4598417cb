package org.onset;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.TimeUnit;

/**
 * Waits for a file's lock by asking again and again. Kernels look for deadlocks by process and not
 * by thread: of two processes whose threads hold a lock each and wait for one of the other's, one
 * would be refused though nobody waits in a circle.
 */
public final class PatientLock {
  private static final long PAUSE_MILLIS = 200;

  private PatientLock() {}

  /** Locks the whole file; no other thread of this process may hold it. */
  public static FileLock of(FileChannel file) throws IOException, InterruptedException {
    while (true) {
      FileLock lock = file.tryLock();
      if (lock != null) {
        return lock;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }
}
