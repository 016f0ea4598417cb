package org.onset.world;

/** A fictional thing that everybody may make. */
record Good(String name, Recipe recipe, String colour, String taste, String place, String guild) {

  String fact(Fact fact) {
    return switch (fact) {
      case COLOUR -> colour;
      case TASTE -> taste;
      case PLACE -> place;
      case GUILD -> guild;
      case EFFECT, HERB, SIGN, ORIGIN ->
          throw new IllegalArgumentException("goods have no " + fact.label());
    };
  }

  /** Fills what is said of this good; people and towns are the text's own. */
  Slots slots() {
    return new Slots()
        .with("x", name)
        .with("good", name)
        .with("recipe", recipe.text())
        .with("colour", colour)
        .with("taste", taste)
        .with("place", place)
        .with("guild", guild)
        .with("lastVerb", recipe.lastVerb())
        .with("vessel", recipe.vessel());
  }
}
