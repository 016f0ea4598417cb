package org.onset.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.token.IndexedDataset.ElementType;

/**
 * Packs sequences into windows and writes them as they fill up, so that a stream may be larger than
 * memory. A window is {@code contextLength + 1} ids, so that it holds as many targets as the
 * context is long: its first id is never a target. {@link TokenShard} reads what is written.
 *
 * <p>The index of the tokens comes last, once the writer is closed, and doesn't come at all where
 * adding a sequence failed: a shard that can be opened holds all that was added.
 */
public final class WindowWriter implements AutoCloseable {
  /** What {@link TokenShard} can index. */
  private static final int MOST_WINDOWS = Integer.MAX_VALUE - 1;

  /**
   * What all windows of a shard have in common.
   *
   * @param contextLength the most targets that a window can have
   * @param endOfText fills up windows
   * @param vocabSize ids are below it, and as many bytes wide as it takes
   */
  public record Shape(int contextLength, int endOfText, int vocabSize) {
    public Shape {
      if (contextLength < 1) {
        throw new IllegalArgumentException("contextLength must be above 0, was " + contextLength);
      }
    }
  }

  private enum Layout {
    JOINED,
    SEPARATE
  }

  private final Layout layout;
  private final Shape shape;
  private final IndexedDataset.Growing tokens;
  private final IndexedDataset.@Nullable Growing mask;

  /** The window that isn't written yet, how many of its ids are there, and a 1 for each target. */
  private final int[] window;

  private final int[] marks;
  private int filled;

  /** Whether a window was filled, so that the next begins with its last id. */
  private boolean completed;

  private int count;
  private long trainedTokens;
  private long sequences;
  private long emptySequences;
  private long cutSequences;
  private long cutTokens;
  private long untrainableSequences;

  private boolean whole = true;
  private boolean closed;

  private WindowWriter(Path prefix, Layout layout, Shape shape, boolean masked) throws IOException {
    this.layout = layout;
    this.shape = shape;
    this.window = new int[shape.contextLength() + 1];
    this.marks = new int[window.length];
    Path folder = prefix.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException(prefix + " is no file");
    }
    Files.createDirectories(folder);
    Path maskPrefix = TokenShard.maskPrefix(prefix);
    IndexedDataset.deleteAt(prefix);
    IndexedDataset.deleteAt(maskPrefix);
    this.tokens = new IndexedDataset.Growing(prefix, TokenShard.elementType(shape.vocabSize()));
    this.mask = masked ? maskBeside(tokens, maskPrefix) : null;
  }

  private static IndexedDataset.Growing maskBeside(IndexedDataset.Growing tokens, Path maskPrefix)
      throws IOException {
    try {
      return new IndexedDataset.Growing(maskPrefix, ElementType.UINT8);
    } catch (IOException e) {
      tokens.abandon();
      throw e;
    }
  }

  /**
   * Sequences joined. Windows start every {@code contextLength} ids and share one id with the next,
   * so that each id but the very first can be a target exactly once. The tail shorter than a window
   * is dropped.
   *
   * @param masked whether only those tokens are targets which their sequence says to be trained,
   *     and a window without any is left out; if not, all are but the very first
   */
  public static WindowWriter joined(Path prefix, Shape shape, boolean masked) throws IOException {
    return new WindowWriter(prefix, Layout.JOINED, shape, masked);
  }

  /**
   * One sequence a window, filled up with the end-of-text token, which is not trained there. What
   * is longer than a window is cut at the window's end; a sequence without a target inside its
   * window is left out.
   */
  public static WindowWriter separate(Path prefix, Shape shape) throws IOException {
    return new WindowWriter(prefix, Layout.SEPARATE, shape, true);
  }

  /**
   * Adds a sequence, the end of text behind it included.
   *
   * @throws IllegalArgumentException if an id is outside the vocabulary; the shard is lost then
   */
  public void add(TrainingSequence sequence) throws IOException {
    if (closed || !whole) {
      throw new IllegalStateException(
          closed ? "the shard is closed" : "an earlier sequence couldn't be added");
    }
    whole = false; // until all of this sequence has gone in
    sequences++;
    switch (layout) {
      case JOINED -> join(sequence);
      case SEPARATE -> place(sequence);
    }
    whole = true;
  }

  private void join(TrainingSequence sequence) throws IOException {
    int length = sequence.tokens().length;
    if (length <= 1) {
      emptySequences++; // nothing, or the end of nothing
      return;
    }
    for (int i = 0; i < length; i++) {
      put(sequence, i);
      if (filled == window.length) {
        write();
        window[0] = window[filled - 1];
        marks[0] = 0;
        filled = 1;
      }
    }
  }

  private void place(TrainingSequence sequence) throws IOException {
    int length = sequence.tokens().length;
    int kept = Math.min(length, window.length);
    Arrays.fill(window, shape.endOfText());
    Arrays.fill(marks, 0);
    filled = 0;
    while (filled < kept) {
      put(sequence, filled);
    }
    if (length == 0) {
      emptySequences++;
    } else if (targets() == 0) {
      untrainableSequences++;
    } else {
      cutSequences += kept < length ? 1 : 0;
      cutTokens += length - kept;
      write();
    }
  }

  private void put(TrainingSequence sequence, int position) {
    window[filled] = sequence.tokens()[position];
    marks[filled] = position > 0 && sequence.trained()[position] ? 1 : 0;
    filled++;
  }

  private void write() throws IOException {
    if (count == MOST_WINDOWS) {
      throw new BadInput(
          "a stream of more than %d windows can't be packed in one piece; split its source into several streams"
              .formatted(MOST_WINDOWS));
    }
    for (int id : window) {
      if (id < 0 || id >= shape.vocabSize()) {
        throw new IllegalArgumentException(
            "token %d of a vocabulary of %d".formatted(id, shape.vocabSize()));
      }
    }
    completed = true;
    if (mask != null && targets() == 0) {
      untrainableSequences++;
      return;
    }
    if (mask != null) {
      mask.add(marks);
      trainedTokens += targets();
    } else {
      trainedTokens += shape.contextLength();
    }
    tokens.add(window);
    count++;
  }

  private int targets() {
    return Arrays.stream(marks).sum();
  }

  /** The windows so far. */
  public int count() {
    return count;
  }

  /** The targets of the windows so far: what one epoch trains on. */
  public long trainedTokens() {
    return trainedTokens;
  }

  /** What packing did so far; the tail counts as dropped until more fills up its window. */
  public Packing packing() {
    long dropped =
        switch (layout) {
          case JOINED -> completed ? filled - 1 : filled;
          case SEPARATE -> 0;
        };
    return new Packing(
        sequences, emptySequences, dropped, cutSequences, cutTokens, untrainableSequences);
  }

  /** Completes the shard; one of no window, or one that failed, has no files. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (whole) {
        whole = false;
        if (mask != null) {
          mask.close();
        }
        tokens.close();
        whole = true;
      }
    } finally {
      if (!whole) {
        tokens.abandon();
        if (mask != null) {
          mask.abandon();
        }
      }
    }
  }
}
