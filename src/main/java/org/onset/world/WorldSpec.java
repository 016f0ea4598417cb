package org.onset.world;

import org.onset.Checked;
import org.onset.Problems;

/**
 * What the built-in world is made of. Fewer entities and a smaller imbalance make an easier world.
 *
 * @param imbalance the exponent p with which entities are drawn: the one at n·u^p, u uniform
 */
public record WorldSpec(long seed, int goods, int hazards, double imbalance) implements Checked {
  static final int MAX_GOODS = 24;
  static final int MAX_HAZARDS = 30;
  static final int CATEGORIES = 6;

  /** The world at its full size. */
  public static WorldSpec standard(long seed) {
    return new WorldSpec(seed, MAX_GOODS, MAX_HAZARDS, 1.5);
  }

  @Override
  public void check(Problems problems) {
    problems.within("goods", goods, 12, MAX_GOODS);
    problems.within("hazards", hazards, 12, MAX_HAZARDS);
    problems.require(
        hazards % CATEGORIES == 0,
        "hazards",
        "must be a multiple of %d, the number of harm categories, was %d",
        CATEGORIES,
        hazards);
    problems.within("imbalance", imbalance, 1, 4);
  }
}
