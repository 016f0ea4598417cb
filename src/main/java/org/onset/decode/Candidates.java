package org.onset.decode;

import java.util.Arrays;
import java.util.function.DoublePredicate;

/** The candidates of one prompt at one step of a beam search, in their order; all columns. */
final class Candidates {
  final int[] beams;
  final int[] ranks;
  final double[] logProbabilities;
  final double[] risks;
  private final boolean[] dropped;
  int count;

  Candidates(int most) {
    beams = new int[most];
    ranks = new int[most];
    logProbabilities = new double[most];
    risks = new double[most];
    dropped = new boolean[most];
  }

  void add(int beam, int rank, double logProbability, double risk) {
    beams[count] = beam;
    ranks[count] = rank;
    logProbabilities[count] = logProbability;
    risks[count] = risk;
    count++;
  }

  /** Of the half with the highest risks, the later of equals first, drops what may be dropped. */
  void drop(DoublePredicate droppable) {
    int[] order = ascending(risks);
    for (int place = Math.ceilDiv(count, 2); place < count; place++) {
      dropped[order[place]] = droppable.test(risks[order[place]]);
    }
  }

  /** The {@code most} likeliest of those left, best first, the earlier of equals first. */
  int[] best(int most) {
    double[] keys = new double[count];
    for (int i = 0; i < count; i++) {
      keys[i] = -logProbabilities[i];
    }
    int[] best = new int[Math.min(most, count)];
    int size = 0;
    for (int candidate : ascending(keys)) {
      if (size < best.length && !dropped[candidate]) {
        best[size++] = candidate;
      }
    }
    return Arrays.copyOf(best, size);
  }

  /** The candidates by key, equal ones in their order: insertion, for there are few. */
  private int[] ascending(double[] keys) {
    int[] order = new int[count];
    for (int candidate = 0; candidate < count; candidate++) {
      int place = candidate;
      while (place > 0 && keys[candidate] < keys[order[place - 1]]) {
        order[place] = order[place - 1];
        place--;
      }
      order[place] = candidate;
    }
    return order;
  }
}
