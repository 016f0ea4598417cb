package org.onset.token;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Counts the words of texts on all processors. */
final class ParallelWordCount {
  /** Characters handed to a thread at once. */
  private static final int BATCH = 1 << 20;

  private ParallelWordCount() {}

  static WordCounts of(Iterable<String> texts) {
    return of(texts, Runtime.getRuntime().availableProcessors());
  }

  static WordCounts of(Iterable<String> texts, int threads) {
    // Whoever has a batch to count takes counts that nobody else adds to just now.
    ConcurrentLinkedQueue<WordCounts> idle = new ConcurrentLinkedQueue<>();
    Semaphore room = new Semaphore(2 * threads);
    List<Future<?>> batches = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<String> batch = new ArrayList<>();
      long characters = 0;
      for (String text : texts) {
        batch.add(text);
        characters += text.length();
        if (characters >= BATCH) {
          batches.add(submit(batch, executor, room, idle));
          batch = new ArrayList<>();
          characters = 0;
        }
      }
      batches.add(submit(batch, executor, room, idle));
    }
    batches.forEach(ParallelWordCount::check);
    WordCounts all = new WordCounts();
    idle.forEach(all::addAll);
    return all;
  }

  private static Future<?> submit(
      List<String> batch,
      ExecutorService executor,
      Semaphore room,
      ConcurrentLinkedQueue<WordCounts> idle) {
    room.acquireUninterruptibly();
    return executor.submit(
        () -> {
          try {
            WordCounts free = idle.poll();
            WordCounts counts = free == null ? new WordCounts() : free;
            batch.forEach(counts::count);
            idle.add(counts);
          } finally {
            room.release();
          }
        });
  }

  /** The executor is closed, so that all have ended. */
  private static void check(Future<?> batch) {
    if (batch.state() == Future.State.FAILED) {
      switch (batch.exceptionNow()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
