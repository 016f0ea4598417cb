package org.onset.token;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.onset.token.IndexedDataset.ElementType;

/**
 * A stream's windows on disk, memory-mapped: the Megatron-LM indexed dataset {@code PREFIX.bin} and
 * {@code PREFIX.idx}, and where some ids are no targets a second one, {@code PREFIX_mask}, with a 1
 * or 0 for each id. {@link WindowWriter} makes one. The reader is safe to share between threads
 * until it is closed.
 */
public final class TokenShard implements AutoCloseable {
  /** Megatron-LM's own bound between two and four bytes an id. */
  private static final int SHORT_IDS_BELOW = 65_500;

  private final IndexedDataset tokens;
  private final Optional<IndexedDataset> mask;
  private final long trainedTokens;

  private TokenShard(IndexedDataset tokens, Optional<IndexedDataset> mask, long trainedTokens) {
    this.tokens = tokens;
    this.mask = mask;
    this.trainedTokens = trainedTokens;
  }

  /** How ids of a vocabulary are stored. */
  static ElementType elementType(int vocabSize) {
    return vocabSize < SHORT_IDS_BELOW ? ElementType.UINT16 : ElementType.INT32;
  }

  /** Opens a shard; anything that doesn't fit together is refused with file and byte offset. */
  public static TokenShard open(Path prefix) {
    IndexedDataset tokens = IndexedDataset.open(prefix, ElementType.UINT16, ElementType.INT32);
    try {
      if (!IndexedDataset.existsAt(maskPrefix(prefix))) {
        return new TokenShard(tokens, Optional.empty(), unmaskedTargets(tokens));
      }
      IndexedDataset mask = IndexedDataset.open(maskPrefix(prefix), ElementType.UINT8);
      try {
        return new TokenShard(tokens, Optional.of(mask), maskedTargets(tokens, mask));
      } catch (RuntimeException e) {
        mask.close();
        throw e;
      }
    } catch (RuntimeException e) {
      tokens.close();
      throw e;
    }
  }

  private static long unmaskedTargets(IndexedDataset tokens) {
    long targets = 0;
    for (int i = 0; i < tokens.count(); i++) {
      targets += tokens.length(i) - 1;
    }
    return targets;
  }

  private static long maskedTargets(IndexedDataset tokens, IndexedDataset mask) {
    mask.requireShapeOf(tokens);
    long targets = 0;
    for (int i = 0; i < mask.count(); i++) {
      int[] marks = mask.sequence(i);
      for (int t = 0; t < marks.length; t++) {
        if (marks[t] > (t == 0 ? 0 : 1)) {
          throw mask.damagedElement(
              i,
              t,
              "mark %d of window %d is %d; marks are 0 or 1, and 0 for a window's first id"
                  .formatted(t, i, marks[t]));
        }
        targets += marks[t];
      }
    }
    return targets;
  }

  public int count() {
    return tokens.count();
  }

  public int[] window(int index) {
    int[] window = tokens.sequence(index);
    for (int t = 0; t < window.length; t++) {
      if (window[t] < 0) {
        throw tokens.damagedElement(index, t, "token " + window[t] + " is negative");
      }
    }
    return window;
  }

  /** For each id of the window, whether it is a target; without a mask all are but the first. */
  public boolean[] trained(int index) {
    boolean[] trained = new boolean[tokens.length(index)];
    if (mask.isPresent()) {
      int[] marks = mask.get().sequence(index);
      for (int t = 0; t < marks.length; t++) {
        trained[t] = marks[t] == 1;
      }
    } else {
      Arrays.fill(trained, 1, trained.length, true);
    }
    return trained;
  }

  /** The targets of all windows together: what one epoch trains on. */
  public long trainedTokens() {
    return trainedTokens;
  }

  @Override
  public void close() {
    tokens.close();
    mask.ifPresent(IndexedDataset::close);
  }

  static Path maskPrefix(Path prefix) {
    return prefix.resolveSibling(prefix.getFileName() + "_mask");
  }
}
