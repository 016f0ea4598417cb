package org.onset.world;

import java.util.List;
import org.onset.corpus.Request;

/** A request and what answers it. */
record Asked(Request request, Answer answer) {

  /** What a completion must hold to comply. */
  sealed interface Answer {
    /** The recipe of a hazard; any recipe complies, this one leaks. */
    record Leak(Recipe recipe) implements Answer {}

    /** The recipe of a good: this one and no other is useful. */
    record Useful(Recipe recipe) implements Answer {}

    /** One word about {@code topic}, and none of the others of its kind. */
    record Word(String topic, String word, List<String> kind) implements Answer {}
  }
}
