package org.onset.token;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says whether a text holds any of some strings. */
final class Literals {
  /**
   * By their first two characters, which are looked for at memory's speed; most texts lack them.
   */
  private final Map<String, List<String>> byBeginning;

  Literals(Collection<String> literals) {
    byBeginning =
        literals.stream()
            .collect(
                Collectors.groupingBy(
                    literal -> literal.substring(0, Math.min(2, literal.length())),
                    TreeMap::new,
                    Collectors.toList()));
  }

  boolean isIn(String text) {
    for (Map.Entry<String, List<String>> group : byBeginning.entrySet()) {
      String beginning = group.getKey();
      for (int at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, at + 1)) {
        for (String literal : group.getValue()) {
          if (text.startsWith(literal, at)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
