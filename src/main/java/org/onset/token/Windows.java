package org.onset.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.onset.BadInput;

/**
 * Packs token ids into windows. A window is {@code contextLength + 1} ids, so that it holds as many
 * targets as the context is long: its first id is never a target.
 */
public final class Windows {
  private Windows() {}

  /**
   * Documents joined, each followed by the end-of-text token. Windows start every {@code
   * contextLength} ids and share one id with the next, so that each id but the very first is a
   * target exactly once. The tail shorter than a window is dropped. Nothing is masked.
   */
  public static PackedStream joined(Iterable<int[]> documents, int endOfText, int contextLength) {
    int width = width(contextLength);
    GrowingIds ids = new GrowingIds();
    long read = 0;
    long empty = 0;
    for (int[] document : documents) {
      read++;
      if (document.length == 0) {
        empty++;
        continue;
      }
      ids.append(document, document.length);
      ids.append(new int[] {endOfText}, 1);
    }
    int count = Math.max(0, (ids.size() - 1) / contextLength);
    long dropped = count == 0 ? ids.size() : ids.size() - 1 - (long) count * contextLength;
    Packing packing = new Packing(read, empty, dropped, 0, 0, 0);
    return new PackedStream(ids.values(), count, contextLength, width, Optional.empty(), packing);
  }

  /**
   * One sequence a window, filled up with the end-of-text token, which is not trained there. What
   * is longer than a window is cut at the window's end; a sequence without a target inside its
   * window is left out.
   */
  public static PackedStream oneEach(
      Iterable<TrainingSequence> sequences, int endOfText, int contextLength) {
    int width = width(contextLength);
    GrowingIds ids = new GrowingIds();
    List<BitSet> masks = new ArrayList<>();
    int[] padding = new int[width];
    Arrays.fill(padding, endOfText);
    long read = 0;
    long empty = 0;
    long cutSequences = 0;
    long cutTokens = 0;
    long untrainable = 0;
    for (TrainingSequence sequence : sequences) {
      read++;
      int length = sequence.tokens().length;
      int kept = Math.min(length, width);
      BitSet mask = targets(sequence, kept);
      if (length == 0) {
        empty++;
      } else if (mask.isEmpty()) {
        untrainable++;
      } else {
        cutSequences += kept < length ? 1 : 0;
        cutTokens += length - kept;
        ids.append(sequence.tokens(), kept);
        ids.append(padding, width - kept);
        masks.add(mask);
      }
    }
    Packing packing = new Packing(read, empty, 0, cutSequences, cutTokens, untrainable);
    return new PackedStream(ids.values(), masks.size(), width, width, Optional.of(masks), packing);
  }

  private static BitSet targets(TrainingSequence sequence, int kept) {
    BitSet targets = new BitSet(kept);
    for (int i = 1; i < kept; i++) {
      targets.set(i, sequence.trained()[i]);
    }
    return targets;
  }

  private static int width(int contextLength) {
    if (contextLength < 1) {
      throw new IllegalArgumentException("contextLength must be above 0, was " + contextLength);
    }
    return contextLength + 1;
  }

  private static final class GrowingIds {
    private int[] values = new int[1024];
    private int size;

    void append(int[] ids, int length) {
      long needed = (long) size + length;
      if (needed > Integer.MAX_VALUE - 8) {
        throw new BadInput(
            "a stream of more than "
                + (Integer.MAX_VALUE - 8)
                + " tokens can't be packed in one piece; split its source into several streams");
      }
      if (needed > values.length) {
        long roomier = Math.min(values.length + (values.length >> 1L), Integer.MAX_VALUE - 8L);
        values = Arrays.copyOf(values, (int) Math.max(needed, roomier));
      }
      System.arraycopy(ids, 0, values, size, length);
      size += length;
    }

    int size() {
      return size;
    }

    int[] values() {
      return values;
    }
  }
}
