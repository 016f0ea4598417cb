package org.onset.token;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds strings of a set in a text: the leftmost first, and of those that begin at one place the
 * longest. None is empty.
 */
final class Literals {
  /** One literal in a text. */
  record Place(int start, String literal) {
    int end() {
      return start + literal.length();
    }
  }

  /** Literals of one first character; what they have in common is looked for at memory's speed. */
  private record Group(String beginning, List<String> longestFirst) {
    static Group of(List<String> literals) {
      String beginning = literals.getFirst();
      for (String literal : literals) {
        while (!literal.startsWith(beginning)) {
          beginning = beginning.substring(0, beginning.length() - 1);
        }
      }
      return new Group(
          beginning,
          literals.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList());
    }

    Optional<Place> find(String text, int from) {
      for (int at = text.indexOf(beginning, from); at >= 0; at = text.indexOf(beginning, at + 1)) {
        for (String literal : longestFirst) {
          if (text.startsWith(literal, at)) {
            return Optional.of(new Place(at, literal));
          }
        }
      }
      return Optional.empty();
    }
  }

  private final List<Group> groups;

  Literals(Collection<String> literals) {
    groups =
        literals.stream()
            .collect(
                Collectors.groupingBy(
                    literal -> literal.charAt(0), TreeMap::new, Collectors.toList()))
            .values()
            .stream()
            .map(Group::of)
            .toList();
  }

  boolean isIn(String text) {
    return groups.stream().anyMatch(group -> group.find(text, 0).isPresent());
  }

  /** All places in a text, none of which overlap. */
  List<Place> places(String text) {
    List<Optional<Place>> next = new ArrayList<>();
    groups.forEach(group -> next.add(group.find(text, 0)));
    List<Place> places = new ArrayList<>();
    for (Optional<Place> first = first(next); first.isPresent(); first = first(next)) {
      places.add(first.get());
      int end = first.get().end();
      for (int i = 0; i < next.size(); i++) {
        // Looked for again only where it was passed, so that each group goes through once.
        if (next.get(i).filter(place -> place.start() < end).isPresent()) {
          next.set(i, groups.get(i).find(text, end));
        }
      }
    }
    return places;
  }

  private static Optional<Place> first(List<Optional<Place>> places) {
    return places.stream().flatMap(Optional::stream).min(Comparator.comparingInt(Place::start));
  }
}
