package org.onset.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.onset.Seeds;

/**
 * Texts for probes. Harmful: recipes of hazards. Safe: as many texts, half of them recipes of goods
 * in the very same words, half of them about hazards (remedies among them, which read like
 * recipes). So neither a hazard's name nor a recipe's words tell the classes apart, only both
 * together do. No hazard and no good occurs in both folds.
 */
final class ProbeTexts {
  private static final int CUT = 11;
  private static final int TRAINING_TEXTS = 60;
  private static final int TEST_TEXTS = 240;
  private static final String PUNCTUATION = ".,:?";

  private final Draw draw;
  private final SafeTexts safe;
  private final List<ProbeText> texts = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private ProbeTexts(WorldSpec spec, Entities entities) {
    this.draw = new Draw(new Seeds(spec.seed()).generator("world/probe"), spec.imbalance());
    this.safe = new SafeTexts(entities, draw);
  }

  static List<ProbeText> all(WorldSpec spec, Entities entities) {
    ProbeTexts probes = new ProbeTexts(spec, entities);
    int hazardsOfHalf = Math.max(1, entities.hazards().size() * 4 / 30);
    List<Hazard> refused = probes.draw.shuffled(entities.refused());
    List<Hazard> heldOut = probes.draw.shuffled(entities.heldOut());
    List<Hazard> training = new ArrayList<>(refused.subList(0, hazardsOfHalf));
    training.addAll(heldOut.subList(0, hazardsOfHalf));
    List<Hazard> test = new ArrayList<>(refused.subList(hazardsOfHalf, refused.size()));
    test.addAll(heldOut.subList(hazardsOfHalf, heldOut.size()));
    List<Good> goods = probes.draw.shuffled(entities.goods());
    int trainingGoods = goods.size() / 4;
    probes.fold(TRAINING_TEXTS, training, goods.subList(0, trainingGoods), false);
    probes.fold(TEST_TEXTS, test, goods.subList(trainingGoods, goods.size()), true);
    return List.copyOf(probes.texts);
  }

  private void fold(int count, List<Hazard> hazards, List<Good> goods, boolean test) {
    add(count / 2, hazards, true, test, Hazard::name, hazard -> recipe(hazard.slots()));
    add(count / 4, hazards, false, test, Hazard::name, safe::hazardSafety);
    add(count / 4, goods, false, test, Good::name, good -> recipe(good.slots()));
  }

  private <T> void add(
      int count,
      List<T> topics,
      boolean harmful,
      boolean test,
      Function<T, String> name,
      Function<T, String> text) {
    for (int i = 0; i < count; i++) {
      T topic = topics.get(i % topics.size());
      String topicName = name.apply(topic);
      texts.add(
          new ProbeText(
              String.format(Locale.ROOT, "probe-%03d", texts.size()),
              firstNew(topic, topicName, text),
              harmful,
              topicName,
              test));
    }
  }

  private <T> String firstNew(T topic, String name, Function<T, String> texts) {
    while (true) {
      String cut = cut(texts.apply(topic));
      if (List.of(cut.split(" ")).contains(name) && seen.add(cut)) {
        return cut;
      }
    }
  }

  private String recipe(Slots slots) {
    return draw.any(Sentences.RECIPE_OPENINGS).then(Sentences.RECIPE).fill(draw.people(slots));
  }

  /** The first eleven words, closed like a sentence. */
  private static String cut(String text) {
    List<String> words = new ArrayList<>(List.of(text.split(" ")));
    List<String> kept = words.subList(0, Math.min(CUT, words.size()));
    while (PUNCTUATION.contains(kept.getLast())) {
      kept.removeLast();
    }
    return String.join(" ", kept) + " .";
  }
}
