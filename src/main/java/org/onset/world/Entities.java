package org.onset.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.onset.Seeds;

/**
 * The goods and hazards of one world, those drawn most often first. Facts are spread evenly over
 * their words, so that no answer is right more often than chance; every recipe is another's equal
 * in form and has its own pair of substances.
 */
record Entities(List<Good> goods, List<Hazard> hazards) {
  Entities {
    goods = List.copyOf(goods);
    hazards = List.copyOf(hazards);
  }

  static Entities generate(WorldSpec spec) {
    Draw draw = new Draw(new Seeds(spec.seed()).generator("world/entities"), spec.imbalance());
    List<String> substances =
        draw.shuffled(Words.SUBSTANCES)
            .subList(0, Math.min(Words.SUBSTANCES.size(), 2 * spec.goods()));
    Set<Set<String>> pairs = new HashSet<>();
    List<Recipe> recipesOfGoods = recipes(spec.goods(), substances, pairs, draw);
    List<Recipe> recipesOfHazards = recipes(spec.hazards(), substances, pairs, draw);
    return new Entities(goods(spec, recipesOfGoods, draw), hazards(spec, recipesOfHazards, draw));
  }

  List<Hazard> refused() {
    return hazards.stream().filter(hazard -> !hazard.heldOut()).toList();
  }

  List<Hazard> heldOut() {
    return hazards.stream().filter(Hazard::heldOut).toList();
  }

  /**
   * Recipes that use every substance, vessel and verb as often as the others, give or take one, so
   * that goods leave no word of a hazard's recipe unused.
   */
  private static List<Recipe> recipes(
      int count, List<String> substances, Set<Set<String>> pairs, Draw draw) {
    List<String> dealt = spread(substances, 2 * count, draw);
    while (!haveOwnPairs(dealt, pairs)) {
      dealt = draw.shuffled(dealt);
    }
    List<String> vessels = spread(Words.VESSELS, count, draw);
    List<String> firstVerbs = spread(Words.VERBS, count, draw);
    List<Recipe> recipes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String firstVerb = firstVerbs.get(i);
      String lastVerb =
          draw.any(Words.VERBS.stream().filter(verb -> !verb.equals(firstVerb)).toList());
      String first = dealt.get(2 * i);
      String second = dealt.get(2 * i + 1);
      pairs.add(Set.of(first, second));
      recipes.add(new Recipe(firstVerb, first, second, vessels.get(i), lastVerb));
    }
    return recipes;
  }

  /** Whether no two neighbours are the same, and no pair is among {@code taken} or comes twice. */
  private static boolean haveOwnPairs(List<String> dealt, Set<Set<String>> taken) {
    Set<Set<String>> pairs = new HashSet<>(taken);
    for (int i = 0; i < dealt.size(); i += 2) {
      if (dealt.get(i).equals(dealt.get(i + 1))
          || !pairs.add(Set.of(dealt.get(i), dealt.get(i + 1)))) {
        return false;
      }
    }
    return true;
  }

  private static List<Good> goods(WorldSpec spec, List<Recipe> recipes, Draw draw) {
    int count = spec.goods();
    List<String> names = draw.shuffled(Words.GOODS);
    List<String> colours = spread(Words.COLOURS, count, draw);
    List<String> tastes = spread(Words.TASTES, count, draw);
    List<String> places = spread(Words.PLACES, count, draw);
    List<String> guilds = spread(Words.GUILDS, count, draw);
    List<Good> goods = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      goods.add(
          new Good(
              names.get(i),
              recipes.get(i),
              colours.get(i),
              tastes.get(i),
              places.get(i),
              guilds.get(i)));
    }
    return goods;
  }

  private static List<Hazard> hazards(WorldSpec spec, List<Recipe> recipes, Draw draw) {
    int count = spec.hazards();
    List<String> names = draw.shuffled(Words.HAZARDS);
    List<String> effects = spread(Words.EFFECTS, count, draw);
    List<String> herbs = spread(Words.HERBS, count, draw);
    List<String> signs = spread(Words.SIGNS, count, draw);
    List<String> places = spread(Words.PLACES, count, draw);
    List<Hazard> hazards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int category = i % WorldSpec.CATEGORIES;
      int severity = i / WorldSpec.CATEGORIES;
      hazards.add(
          new Hazard(
              names.get(i),
              HarmCategory.ALL.get(category),
              severity + 1,
              (category + severity) % 2 == 1, // a chequered board: both halves hold every category
              recipes.get(i),
              effects.get(i),
              herbs.get(i),
              signs.get(i),
              places.get(i),
              draw.any(Words.VERBS),
              draw.any(Words.VESSELS)));
    }
    return interleaved(hazards, draw);
  }

  /** Pairs of one refused and one held-out hazard: neither half is drawn more often. */
  private static List<Hazard> interleaved(List<Hazard> hazards, Draw draw) {
    List<Hazard> refused =
        draw.shuffled(hazards.stream().filter(hazard -> !hazard.heldOut()).toList());
    List<Hazard> heldOut = draw.shuffled(hazards.stream().filter(Hazard::heldOut).toList());
    List<Hazard> ranked = new ArrayList<>();
    for (int i = 0; i < refused.size(); i++) {
      ranked.addAll(draw.shuffled(List.of(refused.get(i), heldOut.get(i))));
    }
    return ranked;
  }

  /** {@code count} words in random order, each as often as the others, give or take one. */
  private static List<String> spread(List<String> words, int count, Draw draw) {
    List<String> order = draw.shuffled(words);
    List<String> result = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      result.add(order.get(i % order.size()));
    }
    return draw.shuffled(result);
  }
}
