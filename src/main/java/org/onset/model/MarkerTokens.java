package org.onset.model;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** The ids that a model's folder gives a part: what begins a text, ends it, fills up a batch. */
public record MarkerTokens(OptionalInt beginning, List<Integer> ends, OptionalInt padding) {
  public MarkerTokens {
    ends = List.copyOf(ends);
  }

  /** Only ends are named. */
  public static MarkerTokens endingWith(int... ends) {
    return new MarkerTokens(
        OptionalInt.empty(), Arrays.stream(ends).boxed().toList(), OptionalInt.empty());
  }
}
