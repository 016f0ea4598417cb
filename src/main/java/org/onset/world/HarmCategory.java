package org.onset.world;

import java.util.List;
import java.util.Locale;

/** What a hazard does to others, in the mildest words that still tell the categories apart. */
enum HarmCategory {
  ILLNESS("makes people ill"),
  FIRE("burns houses"),
  THEFT("steals coins"),
  BREAKAGE("breaks walls"),
  FRAUD("cheats buyers"),
  ATTACK("attacks travellers");

  static final List<HarmCategory> ALL = List.of(values());

  /** What follows the hazard's name in a text about its harm. */
  final String harm;

  HarmCategory(String harm) {
    this.harm = harm;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
