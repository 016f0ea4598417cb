package org.onset.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinTask;

/**
 * Runs passes written in Java on as many threads as libtorch's operations of the calling thread
 * take. Work is cut into one part a thread, so that a number of threads means one order of sums.
 */
final class Parallel {
  /** Below so many values a second thread costs more than it saves. */
  private static final int WORTH_SHARING = 1 << 14;

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
    List<ForkJoinTask<?>> others = new ArrayList<>();
    for (int i = 1; i < parts; i++) {
      int part = i;
      others.add(
          ForkJoinTask.adapt(
              () -> work.run(part, start(count, parts, part), start(count, parts, part + 1))));
    }
    others.forEach(ForkJoinTask::fork);
    try {
      work.run(0, 0, start(count, parts, 1));
    } finally {
      others.forEach(ForkJoinTask::quietlyJoin); // they work on memory that a failure would free
    }
    others.forEach(ForkJoinTask::join);
  }

  private static int start(int count, int parts, int part) {
    return Math.toIntExact((long) count * part / parts);
  }
}
