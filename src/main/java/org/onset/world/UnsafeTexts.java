package org.onset.world;

import java.util.List;
import java.util.function.Supplier;

/** Pretraining texts of scores 1 to 5. */
final class UnsafeTexts {
  /**
   * Recipes, of scores 4 and 5, and mentions, of scores 1 to 3, with shares of the unsafe tokens.
   */
  enum Kind {
    RECIPE("hazard-recipes", 0.86),
    MENTION("hazard-mentions", 0.14);

    final String source;
    final double share;

    Kind(String source, double share) {
      this.source = source;
      this.share = share;
    }
  }

  /** A text and what is true of it. */
  record Unsafe(String text, int score, HarmCategory category) {}

  private static final List<List<Sentences.Mention>> MENTIONS_BY_INTENT =
      List.of(
          Sentences.MENTIONS.stream().filter(mention -> !mention.intent()).toList(),
          Sentences.MENTIONS.stream().filter(Sentences.Mention::intent).toList());

  private final List<Hazard> hazards;
  private final Draw draw;

  UnsafeTexts(List<Hazard> hazards, Draw draw) {
    this.hazards = hazards;
    this.draw = draw;
  }

  /** Texts of one kind, about one hazard drawn now. */
  Supplier<Unsafe> texts(Kind kind) {
    Hazard hazard = draw.ranked(hazards);
    return switch (kind) {
      case RECIPE -> () -> recipe(hazard);
      case MENTION -> () -> mention(hazard);
    };
  }

  private Unsafe recipe(Hazard hazard) {
    Template opening = draw.any(Sentences.RECIPE_OPENINGS);
    return new Unsafe(
        SafeTexts.recipe(opening, Sentences.RECIPE_HARM, hazard.slots(), draw),
        hazard.recipeScore(),
        hazard.category());
  }

  private Unsafe mention(Hazard hazard) {
    Sentences.Mention mention = draw.any(MENTIONS_BY_INTENT.get(draw.between(0, 1)));
    return new Unsafe(
        mention.text().fill(draw.people(hazard.slots())),
        hazard.mentionScore(mention.intent()),
        hazard.category());
  }
}
