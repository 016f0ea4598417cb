package org.onset.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.onset.corpus.source.SourceTexts;
import org.onset.token.LibraryTokenizer;
import org.onset.token.Tokenizer;

/**
 * Encodes all texts twice: a few megabytes by our own code, the same by the library, then the next
 * few, so that a machine that grows slower does so for both. The first turn is taken once more
 * before, as the warm pass.
 */
final class TokenizingTurns implements AutoCloseable {
  private static final int TURN_BYTES = 4_000_000;

  private final Tokenizer ours;
  private final LibraryTokenizer theirs;
  private final int threads;
  private final ExecutorService executor;
  private final List<String> texts = new ArrayList<>();
  private long turnBytes;
  private long allBytes;
  private long ourNanos;
  private long theirNanos;
  private boolean warm;
  private boolean identical = true;

  TokenizingTurns(Path folder, int threads) {
    this.ours = Tokenizer.open(folder);
    this.theirs = LibraryTokenizer.open(folder);
    this.threads = threads;
    this.executor = Executors.newFixedThreadPool(threads);
  }

  DataMeasure.Tokenizing measure(List<Path> input) {
    SourceTexts.read(
        input,
        text -> {
          texts.add(text);
          turnBytes += text.getBytes(StandardCharsets.UTF_8).length;
          if (turnBytes >= TURN_BYTES) {
            takeTurn();
          }
        });
    takeTurn();
    return new DataMeasure.Tokenizing(mbPerSecond(ourNanos), mbPerSecond(theirNanos), identical);
  }

  private double mbPerSecond(long nanos) {
    return allBytes / 1e6 / (nanos / 1e9);
  }

  private void takeTurn() {
    if (!warm) {
      encode();
      theirs.encode(texts);
      warm = true;
    }
    long startedNanos = System.nanoTime();
    int[][] byUs = encode();
    long betweenNanos = System.nanoTime();
    List<int[]> byThem = theirs.encode(texts);
    theirNanos += System.nanoTime() - betweenNanos;
    ourNanos += betweenNanos - startedNanos;
    for (int i = 0; i < byUs.length; i++) {
      identical &= Arrays.equals(byUs[i], byThem.get(i));
    }
    allBytes += turnBytes;
    texts.clear();
    turnBytes = 0;
  }

  private int[][] encode() {
    int[][] ids = new int[texts.size()][];
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      running.add(
          executor.submit(
              () -> {
                for (int i = next.getAndIncrement(); i < ids.length; i = next.getAndIncrement()) {
                  ids[i] = ours.encode(texts.get(i));
                }
              }));
    }
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return ids;
  }

  @Override
  public void close() {
    executor.shutdown();
    theirs.close();
    ours.close();
  }
}
