package org.onset.corpus.intervene;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words in braces, filled in. */
final class Slots {
  private static final Pattern SLOT = Pattern.compile("\\{([a-z0-9]+)}");

  private Slots() {}

  /**
   * The template with {@code {name}} replaced by the value of that name. Values are put in as they
   * are, whatever braces stand in them; a name without a value stays.
   */
  static String fill(String template, Map<String, String> values) {
    return SLOT.matcher(template)
        .replaceAll(
            slot -> Matcher.quoteReplacement(values.getOrDefault(slot.group(1), slot.group())));
  }
}
