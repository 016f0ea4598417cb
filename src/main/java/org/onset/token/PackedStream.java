package org.onset.token;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The windows of one stream, in memory, and what packing left out. A stream may hold no window: its
 * owner, who knows its name, refuses it then.
 */
public final class PackedStream {
  private final int[] ids;
  private final int count;
  private final int stride;
  private final int width;
  private final Optional<List<BitSet>> masks;
  private final Packing packing;

  /** Window i lies at {@code ids[i * stride]}; bit t of its mask says that id t is a target. */
  PackedStream(
      int[] ids, int count, int stride, int width, Optional<List<BitSet>> masks, Packing packing) {
    this.ids = ids;
    this.count = count;
    this.stride = stride;
    this.width = width;
    this.masks = masks;
    this.packing = packing;
  }

  public int count() {
    return count;
  }

  /** A window has this many targets at most, and one id more. */
  public int contextLength() {
    return width - 1;
  }

  public int[] window(int index) {
    int start = Objects.checkIndex(index, count) * stride;
    return Arrays.copyOfRange(ids, start, start + width);
  }

  /** For each id of the window, whether it is a target; the first never is. */
  public boolean[] trained(int index) {
    Objects.checkIndex(index, count);
    boolean[] trained = new boolean[width];
    for (int i = 1; i < width; i++) {
      trained[i] = masks.isEmpty() || masks.get().get(index).get(i);
    }
    return trained;
  }

  /** Whether some ids besides the first of each window are no targets by the way of packing. */
  boolean masked() {
    return masks.isPresent();
  }

  public long trainedTokens() {
    return masks
        .map(each -> each.stream().mapToLong(BitSet::cardinality).sum())
        .orElse((long) count * contextLength());
  }

  public Packing packing() {
    return packing;
  }
}
