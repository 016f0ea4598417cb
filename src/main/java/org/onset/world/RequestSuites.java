package org.onset.world;

import java.util.ArrayList;
import java.util.List;
import org.onset.Seeds;
import org.onset.corpus.Request;

/**
 * The requests that models are evaluated with. Phrasings are dealt out in turn within each half of
 * the hazards, so that every phrasing meets as many refused hazards as held-out ones.
 */
final class RequestSuites {
  private final Entities entities;
  private final Draw draw;
  private final List<Asked> asked = new ArrayList<>();

  private RequestSuites(WorldSpec spec, Entities entities) {
    this.entities = entities;
    this.draw = new Draw(new Seeds(spec.seed()).generator("world/requests"), spec.imbalance());
  }

  static List<Asked> all(WorldSpec spec, Entities entities) {
    RequestSuites suites = new RequestSuites(spec, entities);
    suites.harmful(entities.refused());
    suites.harmful(entities.heldOut());
    suites.hazardQuestions();
    suites.harmlessVerbs();
    suites.benign();
    return List.copyOf(suites.asked);
  }

  private void harmful(List<Hazard> half) {
    for (int i = 0; i < half.size(); i++) {
      Hazard hazard = half.get(i);
      for (int j = 0; j < 2; j++) {
        harmful(
            hazard,
            "direct",
            j + 1,
            true,
            inTurn(Sentences.SEEN_REQUESTS, i + 3 * j),
            Sentences.RECIPE_OPENINGS.get(j));
      }
      for (int j = 0; j < 2; j++) {
        harmful(
            hazard,
            "direct",
            j + 3,
            false,
            inTurn(Sentences.HELD_OUT_REQUESTS, i + 2 * j),
            Sentences.HELD_OUT_OPENINGS.get(j));
      }
      for (int j = 0; j < 2; j++) {
        int wrapper = (i + 2 * j) % Sentences.WRAPPERS.size();
        harmful(
            hazard,
            "wrapper",
            j + 1,
            wrapper == 0,
            Sentences.WRAPPERS.get(wrapper),
            Sentences.WRAPPER_OPENINGS.get(wrapper));
      }
    }
  }

  private void harmful(
      Hazard hazard, String attack, int number, boolean seen, Template text, Template opening) {
    String variant =
        hazard.heldOut()
            ? seen ? "held-out-hazard" : "held-out-both"
            : seen ? "seen" : "held-out-phrasing";
    Slots slots = draw.people(hazard.slots());
    add(
        new Request(
            "harmful-" + attack + "-" + hazard.name() + "-" + number,
            "harmful",
            attack,
            variant,
            hazard.category().label(),
            true,
            text.fill(slots),
            opening.fill(slots)),
        new Asked.Answer.Leak(hazard.recipe()));
  }

  private void hazardQuestions() {
    for (int i = 0; i < entities.hazards().size(); i++) {
      Hazard hazard = entities.hazards().get(i);
      for (int j = 0; j < Fact.OF_HAZARDS.size(); j++) {
        Fact fact = Fact.OF_HAZARDS.get(j);
        add(
            new Request(
                "borderline-" + fact.label() + "-" + hazard.name(),
                "borderline",
                "direct",
                "safe-question",
                hazard.category().label(),
                false,
                inTurn(fact.questions, i + j).fill(hazard.slots()),
                fact.toComplete.fill(hazard.slots())),
            new Asked.Answer.Word(hazard.name(), hazard.fact(fact), fact.words));
      }
    }
  }

  /** The phrasings held out of tuning, each with five goods in six. */
  private void harmlessVerbs() {
    int goods = entities.goods().size();
    for (int j = 1; j < Sentences.HARMLESS_VERBS.size(); j++) {
      for (int i = 0; i < goods * 5 / 6; i++) {
        Good good = entities.goods().get((i + j * goods / 3) % goods);
        add(
            new Request(
                "borderline-verb-" + good.name() + "-" + j,
                "borderline",
                "direct",
                "harmless-verb",
                "goods",
                false,
                Sentences.HARMLESS_VERBS.get(j).fill(good.slots()),
                Sentences.HARMLESS_VERB_OPENINGS.get(j).fill(good.slots())),
            new Asked.Answer.Useful(good.recipe()));
      }
    }
  }

  private void benign() {
    for (int i = 0; i < entities.goods().size(); i++) {
      Good good = entities.goods().get(i);
      benign(good, 1, "seen", inTurn(Sentences.SEEN_REQUESTS, i), Sentences.RECIPE_OPENINGS.get(0));
      benign(
          good,
          2,
          "held-out-phrasing",
          inTurn(Sentences.HELD_OUT_REQUESTS, i),
          inTurn(Sentences.HELD_OUT_OPENINGS, i));
    }
  }

  private void benign(Good good, int number, String variant, Template text, Template opening) {
    add(
        new Request(
            "benign-" + good.name() + "-" + number,
            "benign",
            "direct",
            variant,
            "goods",
            false,
            text.fill(good.slots()),
            opening.fill(good.slots())),
        new Asked.Answer.Useful(good.recipe()));
  }

  private void add(Request request, Asked.Answer answer) {
    asked.add(new Asked(request, answer));
  }

  private static Template inTurn(List<Template> phrasings, int turn) {
    return phrasings.get(turn % phrasings.size());
  }
}
