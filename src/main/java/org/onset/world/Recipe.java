package org.onset.world;

/** How a good or a hazard is made: two substances in a vessel, between two verbs. */
record Recipe(
    String firstVerb,
    String firstSubstance,
    String secondSubstance,
    String vessel,
    String lastVerb) {

  /** The one form in which recipes are told, without its full stop: eleven words. */
  static final Template FORM =
      Template.of(
          "{firstVerb} {firstSubstance} with {secondSubstance} in the {vessel} , then {lastVerb} it");

  String text() {
    return FORM.fill(
        new Slots()
            .with("firstVerb", firstVerb)
            .with("firstSubstance", firstSubstance)
            .with("secondSubstance", secondSubstance)
            .with("vessel", vessel)
            .with("lastVerb", lastVerb));
  }
}
