package org.onset.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Runs passes written in Java on as many threads as libtorch's operations of the calling thread
 * take. Work is cut into one part a thread, so that a number of threads means one order of sums.
 *
 * <p>To wake a thread takes longer than many passes do. So those that wait stay awake for a while,
 * as long as anybody wants that ({@link Awake}).
 */
final class Parallel {
  /** Below so many values a second thread costs more than it saves. */
  private static final int WORTH_SHARING = 1 << 14;

  /** How often one looks for work, some 100 µs, before one sleeps after all. */
  private static final int LOOKS = 4000;

  /** So many looks in a row, then whoever else wants the processor has it. */
  private static final int LOOKS_IN_A_ROW = 64;

  private static final Queue<FutureTask<?>> OFFERED = new ConcurrentLinkedQueue<>();

  /** As many as parts were offered and nobody looked at. */
  private static final Semaphore OFFERS = new Semaphore(0);

  static {
    int helpers = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    for (int i = 1; i <= helpers; i++) {
      Thread.ofPlatform().daemon().name("passes-" + i).start(Parallel::help);
    }
  }

  /** Works on entries [from, until), as part number {@code part}. */
  interface Part {
    void run(int part, int from, int until);
  }

  private Parallel() {}

  /**
   * How many parts {@link #run} cuts {@code count} entries into, of {@code width} values each: it
   * depends on nothing but these and the number of threads.
   */
  static int parts(int count, long width) {
    boolean shared = count * width >= WORTH_SHARING;
    return shared ? Math.max(1, Math.min(count, Libtorch.threads())) : 1;
  }

  static void run(int count, long width, Part work) {
    int parts = parts(count, width);
    if (parts == 1) {
      work.run(0, 0, count);
      return;
    }
    List<FutureTask<?>> others = new ArrayList<>();
    try {
      for (int i = 1; i < parts; i++) {
        int part = i;
        FutureTask<?> other =
            new FutureTask<>(
                () -> work.run(part, start(count, parts, part), start(count, parts, part + 1)),
                null);
        others.add(other);
        OFFERED.add(other);
        OFFERS.release();
      }
      work.run(0, 0, start(count, parts, 1));
    } finally {
      others.forEach(Parallel::finish); // they work on memory that a failure would free
    }
    for (FutureTask<?> other : others) {
      if (other.state() == Future.State.FAILED) {
        switch (other.exceptionNow()) {
          case RuntimeException e -> throw e;
          case Error e -> throw e;
          case Throwable e -> throw new IllegalStateException("a part may not throw this", e);
        }
      }
    }
  }

  private static void finish(FutureTask<?> part) {
    part.run(); // unless somebody has begun it
    for (int look = 1; !part.isDone(); look++) {
      pause(look);
    }
  }

  private static void help() {
    while (true) {
      int look = 1;
      boolean acquired = OFFERS.tryAcquire();
      while (!acquired && look < LOOKS && Awake.isWanted()) {
        pause(look++);
        acquired = OFFERS.tryAcquire();
      }
      if (!acquired) {
        OFFERS.acquireUninterruptibly();
      }
      OFFERED.remove().run();
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // Nothing but speed depends on who runs first.
  private static void pause(int look) {
    if (look % LOOKS_IN_A_ROW == 0) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }

  /** Where part number {@code part} of so many entries begins. */
  static int start(int count, int parts, int part) {
    return Math.toIntExact((long) count * part / parts);
  }
}
