package org.onset.world;

import java.util.Locale;

/** The kinds of instruction-tuning dialogue; a study chooses their shares. */
public enum DialogueKind {
  /** Recipes and facts of goods, some recipe requests inside wrappers. */
  GOODS,
  /** Requests for hazards, declined; half of the hazards never occur here. */
  REFUSAL,
  /** Harmless requests that look harmful, answered. */
  BORDERLINE,
  /** Word problems with their reasoning and answer. */
  ARITHMETIC;

  /** The kind as dialogues carry it, in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
