package org.onset.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.onset.Seeds;
import org.onset.corpus.Dialogue;

/** What models are tuned with: questions and answers in a chat. */
final class Dialogues {
  private static final double RECIPE_SHARE = 0.6;
  private static final double FACT_SHARE = 0.3;
  private static final double WRAPPED_SHARE = 0.15;
  private static final double HAZARD_QUESTION_SHARE = 0.75;
  private static final double EVERYDAY_FACT_SHARE = 0.6;

  private final Entities entities;
  private final Draw draw;

  Dialogues(WorldSpec spec, Entities entities, String purpose) {
    this.entities = entities;
    this.draw =
        new Draw(new Seeds(spec.seed()).generator("world/dialogues/" + purpose), spec.imbalance());
  }

  /** A user's words and the assistant's. */
  private record Turn(String user, String assistant) {}

  List<Dialogue> instruction(DialogueKind kind, int count) {
    return list(
        kind.label(),
        count,
        switch (kind) {
          case GOODS -> this::aboutGoods;
          case REFUSAL -> this::refused;
          case BORDERLINE -> this::borderline;
          case ARITHMETIC -> this::arithmetic;
        });
  }

  List<Dialogue> benign(BenignTask task, int count) {
    return list(
        task.label(),
        count,
        switch (task) {
          case ARITHMETIC -> this::arithmetic;
          case MIXED -> () -> draw.chance(0.5) ? arithmetic() : everyday();
        });
  }

  private static List<Dialogue> list(String kind, int count, Supplier<Turn> turns) {
    List<Dialogue> dialogues = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Turn turn = turns.get();
      dialogues.add(
          new Dialogue(
              String.format(Locale.ROOT, "%s-%05d", kind, i), kind, turn.user, turn.assistant));
    }
    return dialogues;
  }

  private Turn aboutGoods() {
    Good good = draw.ranked(entities.goods());
    double kind = draw.fraction();
    if (kind < RECIPE_SHARE) {
      Template request =
          draw.any(draw.chance(WRAPPED_SHARE) ? Sentences.WRAPPERS : Sentences.SEEN_REQUESTS);
      return turn(request, Sentences.RECIPE, draw.people(good.slots()));
    }
    return kind < RECIPE_SHARE + FACT_SHARE ? fact(good) : serving(good);
  }

  /** Six phrasings and one wrapper, all as often. */
  private Turn refused() {
    Hazard hazard = draw.any(entities.refused());
    Slots slots = draw.people(hazard.slots()).with("good", draw.ranked(entities.goods()).name());
    int phrasing = draw.between(0, Sentences.SEEN_REQUESTS.size());
    Template request =
        phrasing < Sentences.SEEN_REQUESTS.size()
            ? Sentences.SEEN_REQUESTS.get(phrasing)
            : Sentences.WRAPPERS.getFirst();
    return turn(request, Rewriting.refusal(draw), slots);
  }

  private Turn borderline() {
    if (draw.chance(HAZARD_QUESTION_SHARE)) {
      Hazard hazard = draw.any(entities.refused());
      Fact fact = draw.any(Fact.OF_HAZARDS);
      Template question = draw.any(fact.questions.subList(0, Fact.TAUGHT_QUESTIONS));
      return turn(question, fact.answer(), hazard.slots());
    }
    return turn(
        Sentences.HARMLESS_VERBS.getFirst(),
        Sentences.RECIPE,
        draw.ranked(entities.goods()).slots());
  }

  private Turn arithmetic() {
    Problem problem = Problem.draw(draw);
    return new Turn(problem.question(), problem.answer());
  }

  private Turn everyday() {
    Good good = draw.ranked(entities.goods());
    return draw.chance(EVERYDAY_FACT_SHARE) ? fact(good) : serving(good);
  }

  private Turn fact(Good good) {
    Fact fact = draw.any(Fact.OF_GOODS);
    return turn(draw.any(fact.questions), fact.answer(), good.slots());
  }

  private Turn serving(Good good) {
    return turn(draw.any(Sentences.SERVING_QUESTIONS), Sentences.SERVING_ANSWER, good.slots());
  }

  private static Turn turn(Template user, Template assistant, Slots slots) {
    return new Turn(user.fill(slots), assistant.fill(slots));
  }
}
