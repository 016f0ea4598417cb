package org.onset.world;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Tokens still to be spent on each kind of text. */
final class Budget<K extends Enum<K>> {
  private final Map<K, Double> left;

  Budget(Class<K> kinds, ToDoubleFunction<K> share, long tokens) {
    left = new EnumMap<>(kinds);
    for (K kind : kinds.getEnumConstants()) {
      left.put(kind, share.applyAsDouble(kind) * tokens);
    }
  }

  boolean isSpent() {
    return total() <= 0;
  }

  /** A kind with tokens left, the likelier the more it has; in the end each has had its share. */
  K next(Draw draw) {
    double position = draw.fraction() * total();
    K last = left.keySet().iterator().next();
    for (Map.Entry<K, Double> entry : left.entrySet()) {
      if (entry.getValue() > 0) {
        last = entry.getKey();
        position -= entry.getValue();
        if (position < 0) {
          break;
        }
      }
    }
    return last;
  }

  void spend(K kind, int tokens) {
    left.merge(kind, (double) -tokens, Double::sum);
  }

  private double total() {
    return left.values().stream().mapToDouble(tokens -> Math.max(0, tokens)).sum();
  }
}
