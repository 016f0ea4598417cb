package org.onset.world;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Chooses words and entities with one generator. */
final class Draw {
  private final SplittableRandom random;
  private final double imbalance;

  Draw(SplittableRandom random, double imbalance) {
    this.random = random;
    this.imbalance = imbalance;
  }

  <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** One of the entities, the first of the list most often. */
  <T> T ranked(List<T> entities) {
    return entities.get((int) (entities.size() * StrictMath.pow(random.nextDouble(), imbalance)));
  }

  /** At least 0 and below 1. */
  double fraction() {
    return random.nextDouble();
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A whole number within the bounds, both included. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  <T> List<T> shuffled(List<T> list) {
    List<T> result = new ArrayList<>(list);
    for (int i = result.size() - 1; i > 0; i--) {
      Collections.swap(result, i, random.nextInt(i + 1));
    }
    return result;
  }

  /** Fills {name} and {other} with two people, and {town} with a place. */
  Slots people(Slots slots) {
    int first = random.nextInt(Words.NAMES.size());
    int second = random.nextInt(Words.NAMES.size() - 1);
    return slots
        .with("name", Words.NAMES.get(first))
        .with("other", Words.NAMES.get(second < first ? second : second + 1))
        .with("town", any(Words.PLACES));
  }
}
