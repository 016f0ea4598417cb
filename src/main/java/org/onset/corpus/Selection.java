package org.onset.corpus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * Keeps at most so many of the items that come by: those whose ids hash lowest, in the order they
 * came. It holds no more than it keeps.
 */
final class Selection<T> {
  private record Kept<T>(double position, long order, T item) {}

  private final int max;
  private final PriorityQueue<Kept<T>> kept =
      new PriorityQueue<>(
          Comparator.<Kept<T>>comparingDouble(Kept::position)
              .thenComparingLong(Kept::order)
              .reversed());
  private long seen;

  Selection(OptionalInt max) {
    this.max = max.orElse(Integer.MAX_VALUE);
  }

  void add(String id, T item) {
    kept.add(new Kept<>(max == Integer.MAX_VALUE ? 0 : Split.position("take", id), seen, item));
    seen++;
    if (kept.size() > max) {
      kept.poll();
    }
  }

  List<T> items() {
    List<Kept<T>> inOrder = new ArrayList<>(kept);
    inOrder.sort(Comparator.comparingLong(Kept::order));
    return inOrder.stream().map(Kept::item).toList();
  }
}
