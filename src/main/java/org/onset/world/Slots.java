package org.onset.world;

import java.util.HashMap;
import java.util.Map;

/** What fills the slots of templates. */
final class Slots {
  private final Map<String, String> values;

  Slots() {
    this(Map.of());
  }

  private Slots(Map<String, String> values) {
    this.values = new HashMap<>(values);
  }

  Slots with(String slot, String value) {
    values.put(slot, value);
    return this;
  }

  Slots with(String slot, int number) {
    return with(slot, Integer.toString(number));
  }

  Slots copy() {
    return new Slots(values);
  }

  String get(String slot) {
    String value = values.get(slot);
    if (value == null) {
      throw new IllegalArgumentException("nothing fills the slot {" + slot + "}");
    }
    return value;
  }
}
