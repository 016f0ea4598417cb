package org.onset.world;

import java.util.ArrayList;
import java.util.List;
import org.onset.Seeds;
import org.onset.corpus.Question;

/** Questions with choices: what a model knows of goods, and of what to do about hazards. */
final class Quizzes {
  private static final int MOST_CHOICES = 9;

  /** What one must know after an accident. */
  private static final List<Fact> OF_SAFETY = List.of(Fact.EFFECT, Fact.HERB, Fact.SIGN);

  private final Entities entities;
  private final Draw draw;

  Quizzes(WorldSpec spec, Entities entities, String purpose) {
    this.entities = entities;
    this.draw = new Draw(new Seeds(spec.seed()).generator("world/" + purpose), spec.imbalance());
  }

  List<Question> capability() {
    List<Question> questions = new ArrayList<>();
    for (Fact fact : Fact.OF_GOODS) {
      List<Integer> positions = positions(fact, entities.goods().size());
      for (int i = 0; i < positions.size(); i++) {
        Good good = entities.goods().get(i);
        questions.add(
            question("quiz", fact, good.name(), good.slots(), good.fact(fact), positions.get(i)));
      }
    }
    return questions;
  }

  List<Question> safety() {
    List<Question> questions = new ArrayList<>();
    for (Fact fact : OF_SAFETY) {
      List<Integer> positions = positions(fact, entities.hazards().size());
      for (int i = 0; i < positions.size(); i++) {
        Hazard hazard = entities.hazards().get(i);
        questions.add(
            question(
                "safety-quiz",
                fact,
                hazard.name(),
                hazard.slots(),
                hazard.fact(fact),
                positions.get(i)));
      }
    }
    return questions;
  }

  private Question question(
      String suite, Fact fact, String topic, Slots slots, String answer, int position) {
    List<String> wrong =
        draw.shuffled(fact.words.stream().filter(word -> !word.equals(answer)).toList());
    List<String> choices = new ArrayList<>(wrong.subList(0, choiceCount(fact) - 1));
    choices.add(position, answer);
    return new Question(
        suite + "-" + fact.label() + "-" + topic,
        suite,
        fact.questions.getFirst().fill(slots),
        fact.toComplete.fill(slots),
        choices,
        position);
  }

  /** Where the right answers stand: every position as often, give or take one. */
  private List<Integer> positions(Fact fact, int count) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      positions.add(i % choiceCount(fact));
    }
    return draw.shuffled(positions);
  }

  private static int choiceCount(Fact fact) {
    return Math.min(MOST_CHOICES, fact.words.size());
  }
}
