package org.onset.corpus.intervene;

import java.util.List;
import java.util.SplittableRandom;
import org.onset.Seeds;

/** Choices that follow from a document's id and what they are for. */
final class Draw {
  private final SplittableRandom random;

  Draw(Seeds seeds, Rule.Kind kind, String documentId) {
    this.random = seeds.generator(kind + "/" + documentId);
  }

  <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }
}
