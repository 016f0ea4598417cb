package org.onset.world;

import java.util.List;
import java.util.stream.Stream;

/** Words with slots between them, such as {@code the colour of {good} is {colour} .} */
record Template(List<String> parts) {
  Template {
    parts = List.copyOf(parts);
  }

  static Template of(String text) {
    return new Template(List.of(text.split(" ")));
  }

  static List<Template> all(String... texts) {
    return Stream.of(texts).map(Template::of).toList();
  }

  String fill(Slots slots) {
    StringBuilder text = new StringBuilder();
    for (String part : parts) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      text.append(isSlot(part) ? slots.get(slotName(part)) : part);
    }
    return text.toString();
  }

  /** The template with {@code more} after it. */
  Template then(Template more) {
    return new Template(Stream.concat(parts.stream(), more.parts.stream()).toList());
  }

  boolean has(String slot) {
    return parts.contains("{" + slot + "}");
  }

  static boolean isSlot(String part) {
    return part.startsWith("{");
  }

  static String slotName(String part) {
    return part.substring(1, part.length() - 1);
  }
}
