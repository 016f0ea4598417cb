package org.onset.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The sentences of a world: those of {@link Sentences} and {@link Fact} with any word of the right
 * kind in each slot. Whether a sentence is true doesn't matter here, only whether it can be said.
 */
final class Grammar {
  private static final Set<String> SENTENCE_ENDS = Set.of(".", "?");

  private final Map<String, Set<String>> wordsOfSlot;
  private final Map<String, List<Template>> phrasesOfSlot;
  private final SortedSet<String> vocabulary = new TreeSet<>();
  private final State start = new State();

  /** What has been said of a sentence so far. */
  private static final class State {
    final Map<String, State> afterWord = new LinkedHashMap<>();
    final Map<String, State> afterSlot = new LinkedHashMap<>();
    boolean complete;
  }

  Grammar(Entities entities) {
    List<String> goods = entities.goods().stream().map(Good::name).toList();
    List<String> hazards = entities.hazards().stream().map(Hazard::name).toList();
    wordsOfSlot = wordsOfSlot(goods, hazards);
    phrasesOfSlot =
        Map.of(
            "recipe",
            List.of(Recipe.FORM),
            "harm",
            HarmCategory.ALL.stream().map(category -> Template.of(category.harm)).toList(),
            "gist",
            Sentences.MENTIONS.stream().map(Sentences.Mention::gist).toList());
    for (Template template : Sentences.everything()) {
      add(template.parts(), 0, start);
    }
  }

  /** Every word that can be said, sorted. */
  List<String> vocabulary() {
    return List.copyOf(vocabulary);
  }

  /**
   * Whether the words are sentences of this world, the last of them possibly cut off, when {@code
   * before} was said already.
   */
  boolean accepts(List<String> before, List<String> words) {
    Set<State> states = Set.of(start);
    for (String word : Stream.concat(before.stream(), words.stream()).toList()) {
      Set<State> next = new LinkedHashSet<>();
      for (State state : states) {
        State afterWord = state.afterWord.get(word);
        if (afterWord != null) {
          next.add(afterWord);
        }
        state.afterSlot.forEach(
            (slot, after) -> {
              if (wordsOf(slot).contains(word)) {
                next.add(after);
              }
            });
      }
      if (SENTENCE_ENDS.contains(word)) {
        if (next.stream().noneMatch(state -> state.complete)) {
          return false;
        }
        states = Set.of(start);
      } else {
        states = next;
      }
      if (states.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void add(List<String> parts, int from, State state) {
    if (from == parts.size()) {
      return;
    }
    String part = parts.get(from);
    List<Template> phrases =
        Template.isSlot(part)
            ? phrasesOfSlot.getOrDefault(Template.slotName(part), List.of())
            : List.of();
    for (Template phrase : phrases) {
      List<String> spelled = new ArrayList<>(phrase.parts());
      spelled.addAll(parts.subList(from + 1, parts.size()));
      add(spelled, 0, state);
    }
    if (!phrases.isEmpty()) {
      return;
    }
    State after;
    if (Template.isSlot(part)) {
      String slot = Template.slotName(part);
      vocabulary.addAll(wordsOf(slot));
      after = state.afterSlot.computeIfAbsent(slot, _ -> new State());
    } else {
      vocabulary.add(part);
      after = state.afterWord.computeIfAbsent(part, _ -> new State());
    }
    if (SENTENCE_ENDS.contains(part)) {
      after.complete = true;
      add(parts, from + 1, start);
    } else {
      add(parts, from + 1, after);
    }
  }

  private Set<String> wordsOf(String slot) {
    Set<String> words = wordsOfSlot.get(slot);
    if (words == null) {
      throw new IllegalArgumentException("no words for the slot {" + slot + "}");
    }
    return words;
  }

  private static Map<String, Set<String>> wordsOfSlot(List<String> goods, List<String> hazards) {
    Set<String> things = both(goods, hazards);
    Set<String> speakers = new LinkedHashSet<>(Words.NAMES);
    Sentences.ROLES.forEach(
        roles -> {
          speakers.add(roles.asker());
          speakers.add(roles.answerer());
        });
    Map<String, Set<String>> words = new LinkedHashMap<>();
    words.put("x", things);
    words.put("good", new LinkedHashSet<>(goods));
    words.put("hazard", new LinkedHashSet<>(hazards));
    Stream.of("name", "other").forEach(slot -> words.put(slot, new LinkedHashSet<>(Words.NAMES)));
    Stream.of("asker", "answerer").forEach(slot -> words.put(slot, speakers));
    Stream.of("place", "town").forEach(slot -> words.put(slot, new LinkedHashSet<>(Words.PLACES)));
    words.put("colour", new LinkedHashSet<>(Words.COLOURS));
    words.put("taste", new LinkedHashSet<>(Words.TASTES));
    words.put("guild", new LinkedHashSet<>(Words.GUILDS));
    words.put("effect", new LinkedHashSet<>(Words.EFFECTS));
    words.put("herb", new LinkedHashSet<>(Words.HERBS));
    words.put("sign", new LinkedHashSet<>(Words.SIGNS));
    Stream.of("firstSubstance", "secondSubstance")
        .forEach(slot -> words.put(slot, new LinkedHashSet<>(Words.SUBSTANCES)));
    Stream.of("firstVerb", "lastVerb", "remedyVerb")
        .forEach(slot -> words.put(slot, new LinkedHashSet<>(Words.VERBS)));
    Stream.of("vessel", "remedyVessel")
        .forEach(slot -> words.put(slot, new LinkedHashSet<>(Words.VESSELS)));
    words.put("item", new LinkedHashSet<>(Words.ITEMS));
    Stream.of("a", "b", "c", "d", "e", "n")
        .forEach(slot -> words.put(slot, new LinkedHashSet<>(Words.NUMBERS)));
    return words;
  }

  private static Set<String> both(List<String> first, List<String> second) {
    Set<String> all = new LinkedHashSet<>(first);
    all.addAll(second);
    return all;
  }
}
