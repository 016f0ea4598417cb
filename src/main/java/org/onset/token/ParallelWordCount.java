package org.onset.token;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Counts the words of texts on several threads. Texts come from one thread, which waits where it is
 * faster than they are.
 */
public final class ParallelWordCount implements AutoCloseable {
  /** Characters handed to a thread at once. */
  private static final int BATCH = 1 << 20;

  private final ExecutorService executor;
  private final Semaphore room;
  // Whoever has a batch to count takes counts that nobody else adds to just now.
  private final ConcurrentLinkedQueue<WordCounts> idle = new ConcurrentLinkedQueue<>();
  private final List<Future<?>> batches = new ArrayList<>();
  private List<String> batch = new ArrayList<>();
  private long characters;

  public ParallelWordCount(int threads) {
    this.executor = Executors.newFixedThreadPool(threads);
    this.room = new Semaphore(2 * threads);
  }

  static WordCounts of(Iterable<String> texts) {
    return of(texts, Runtime.getRuntime().availableProcessors());
  }

  static WordCounts of(Iterable<String> texts, int threads) {
    try (ParallelWordCount count = new ParallelWordCount(threads)) {
      texts.forEach(count::add);
      return count.finish();
    }
  }

  /** The words of a text will be counted. */
  public void add(String text) {
    batch.add(text);
    characters += text.length();
    if (characters >= BATCH) {
      submit();
    }
  }

  /** Waits for all words to be counted; no text may follow. */
  public WordCounts finish() {
    submit();
    executor.close();
    batches.forEach(ParallelWordCount::check);
    WordCounts all = new WordCounts();
    idle.forEach(all::addAll);
    return all;
  }

  private void submit() {
    List<String> full = batch;
    batch = new ArrayList<>();
    characters = 0;
    room.acquireUninterruptibly();
    batches.add(
        executor.submit(
            () -> {
              try {
                WordCounts free = idle.poll();
                WordCounts counts = free == null ? new WordCounts() : free;
                full.forEach(counts::count);
                idle.add(counts);
              } finally {
                room.release();
              }
            }));
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

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
