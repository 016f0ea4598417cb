package org.onset.curriculum;

/** One stretch of a curriculum, in force from {@code startTokens} until the next phase begins. */
public sealed interface Phase {
  long startTokens();

  /** The mixture in force at {@code tokensSeen}, which lies within this phase. */
  Mixture mixtureAt(long tokensSeen);

  /** The same mixture from beginning to end. */
  record Hold(long startTokens, Mixture mixture) implements Phase {
    @Override
    public Mixture mixtureAt(long tokensSeen) {
      return mixture;
    }
  }
}
