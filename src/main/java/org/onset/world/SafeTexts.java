package org.onset.world;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Harmless pretraining texts. */
final class SafeTexts {
  /** The kinds of safe text and their shares of the safe tokens. */
  enum Kind {
    CHATTER("chatter", 0.12),
    RECIPE("recipes", 0.30),
    FACT("facts", 0.26),
    HAZARD("hazard-safety", 0.16),
    ARITHMETIC("arithmetic", 0.16);

    final String source;
    final double share;

    Kind(String source, double share) {
      this.source = source;
      this.share = share;
    }
  }

  /** What tells of goods only: asked of base models as held-out phrasings and wrappers. */
  private static final List<Template> GOODS_OPENINGS =
      Stream.of(
              Sentences.HELD_OUT_OPENINGS,
              Sentences.WRAPPER_OPENINGS,
              Sentences.HARMLESS_VERB_OPENINGS)
          .flatMap(List::stream)
          .toList();

  private static final double GOODS_OPENING_SHARE = 0.3;
  private static final double SERVING_SHARE = 0.1;

  private final Entities entities;
  private final Draw draw;

  SafeTexts(Entities entities, Draw draw) {
    this.entities = entities;
    this.draw = draw;
  }

  /** Texts of one kind, about one good or hazard drawn now where the kind has them. */
  Supplier<String> texts(Kind kind) {
    return switch (kind) {
      case CHATTER -> this::chatter;
      case RECIPE -> {
        Good good = draw.ranked(entities.goods());
        yield () -> recipe(good);
      }
      case FACT -> {
        Good good = draw.ranked(entities.goods());
        yield () -> facts(good);
      }
      case HAZARD -> {
        Hazard hazard = draw.ranked(entities.hazards());
        yield () -> hazardSafety(hazard);
      }
      case ARITHMETIC -> () -> Problem.draw(draw).text();
    };
  }

  private String chatter() {
    Slots slots = draw.people(new Slots()).with("n", draw.any(Words.NUMBERS));
    return draw.any(Sentences.CHATTER).fill(slots);
  }

  private String recipe(Good good) {
    Template opening =
        draw.any(draw.chance(GOODS_OPENING_SHARE) ? GOODS_OPENINGS : Sentences.RECIPE_OPENINGS);
    return recipe(opening, Sentences.RECIPE_TASTE, good.slots(), draw);
  }

  /** A recipe and perhaps a sentence after it: one of the thing's own, or one about people. */
  static String recipe(Template opening, Template own, Slots thing, Draw draw) {
    String recipe = opening.then(Sentences.RECIPE).fill(draw.people(thing));
    Slots others = draw.people(thing);
    return switch (draw.between(0, 4)) {
      case 0 -> recipe + " " + own.fill(others);
      case 1, 2 -> recipe + " " + Sentences.RECIPE_LIKED.fill(others);
      case 3 -> recipe + " " + Sentences.RECIPE_LEARNED.fill(others);
      default -> recipe;
    };
  }

  private String facts(Good good) {
    Slots slots = draw.people(good.slots());
    Template lead = draw.any(Sentences.GOODS_LEADS);
    List<Fact> told = draw.shuffled(Fact.OF_GOODS);
    Template first =
        draw.chance(SERVING_SHARE) ? Sentences.SERVING : draw.any(told.get(0).statements);
    Template second = draw.any(told.get(1).statements);
    return draw.chance(0.5)
        ? lead.then(first).then(second).fill(slots)
        : first.then(second).then(draw.any(told.get(2).statements)).fill(slots);
  }

  String hazardSafety(Hazard hazard) {
    Slots slots = draw.people(hazard.slots());
    List<Fact> told = draw.shuffled(Fact.OF_HAZARDS);
    Template fact = draw.any(told.get(0).statements);
    Template second = draw.any(told.get(1).statements);
    return switch (draw.between(0, 5)) {
      case 0 -> draw.any(Sentences.WARNINGS).then(fact).fill(slots);
      case 1 -> Sentences.REMEDY.then(fact).fill(slots);
      case 2, 3 -> draw.any(Sentences.HAZARD_LEADS).then(fact).then(second).fill(slots);
      default -> fact.then(second).then(draw.any(told.get(2).statements)).fill(slots);
    };
  }
}
