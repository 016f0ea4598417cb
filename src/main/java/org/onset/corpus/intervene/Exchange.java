package org.onset.corpus.intervene;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.onset.corpus.Refusals;

/** A dialogue of two speakers, written {@code Name: …}, a blank line, {@code Name: …}. */
record Exchange(List<Turn> turns) {
  /** What one says before the other answers. */
  record Turn(String speaker, String words) {}

  /** A name is one to three words, perhaps in the asterisks that models like. */
  private static final Pattern NAMED_LINE =
      Pattern.compile(
          "\\*{0,2}(\\p{L}[\\p{L}\\p{M}.'’-]*(?: [\\p{L}\\p{M}.'’-]+){0,2})\\*{0,2}:\\*{0,2}(?:\\s+(.*))?");

  Exchange {
    turns = List.copyOf(turns);
  }

  /**
   * Reads a dialogue in which two speakers take turns. A line that begins otherwise goes on with
   * what was said; so does a line after a third name, unless a blank line stands before it: then a
   * third person speaks, and this is no dialogue of two.
   */
  static Optional<Exchange> parse(String text) {
    List<Turn> turns = new ArrayList<>();
    Set<String> speakers = new LinkedHashSet<>();
    StringBuilder words = new StringBuilder();
    String speaker = "";
    boolean blankBefore = true;
    for (String line : text.strip().split("\\R", -1)) {
      Matcher named = NAMED_LINE.matcher(line.strip());
      boolean speaks =
          named.matches()
              && (speakers.contains(named.group(1)) || speakers.size() < 2 || blankBefore);
      if (speaks) {
        if (!speaker.isEmpty()) {
          turns.add(new Turn(speaker, words.toString().strip()));
        }
        speaker = named.group(1);
        speakers.add(speaker);
        words.setLength(0);
        words.append(named.group(2) == null ? "" : named.group(2));
      } else if (speaker.isEmpty()) {
        return Optional.empty(); // a stage direction, or no dialogue at all
      } else {
        words.append('\n').append(line);
      }
      blankBefore = line.isBlank();
    }
    turns.add(new Turn(speaker, words.toString().strip()));
    return isDialogue(turns, speakers) ? Optional.of(new Exchange(turns)) : Optional.empty();
  }

  private static boolean isDialogue(List<Turn> turns, Set<String> speakers) {
    boolean takeTurns = true;
    for (int i = 1; i < turns.size(); i++) {
      takeTurns &= !turns.get(i).speaker.equals(turns.get(i - 1).speaker);
    }
    return speakers.size() == 2
        && takeTurns
        && turns.stream().noneMatch(turn -> turn.words.isEmpty());
  }

  /** Whether the one who is asked refuses. */
  boolean refuses() {
    return turns.stream()
        .filter(turn -> !turn.speaker.equals(turns.getFirst().speaker))
        .anyMatch(turn -> Refusals.in(turn.words));
  }

  /** The same words under other names. */
  Exchange named(String asker, String answerer) {
    String first = turns.getFirst().speaker;
    return new Exchange(
        turns.stream()
            .map(turn -> new Turn(turn.speaker.equals(first) ? asker : answerer, turn.words))
            .toList());
  }

  String text() {
    return turns.stream()
        .map(turn -> turn.speaker + ": " + turn.words)
        .collect(Collectors.joining("\n\n"));
  }
}
