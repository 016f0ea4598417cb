package org.onset.world;

import java.util.List;
import java.util.Locale;

/**
 * Something that can be asked of a good or a hazard and answered with one word. Each is told in
 * three sentences: the last, which begins with the answer, also answers questions in a chat, so
 * that the same choices fit a question asked and a text to be completed.
 */
@SuppressWarnings(
    "ImmutableEnumChecker") // the lists are unmodifiable, which their type does not say
enum Fact {
  COLOUR(
      Words.COLOURS,
      "the colour of {good} is",
      Template.all(
          "the colour of {good} is {colour} .",
          "{good} is {colour} .",
          "{colour} is the colour of {good} ."),
      Template.all("what is the colour of {good} ?", "which colour has {good} ?")),
  TASTE(
      Words.TASTES,
      "the taste of {good} is",
      Template.all(
          "the taste of {good} is {taste} .",
          "{good} tastes {taste} .",
          "{taste} is the taste of {good} ."),
      Template.all("what is the taste of {good} ?", "how does {good} taste ?")),
  PLACE(
      Words.PLACES,
      "{good} comes from",
      Template.all(
          "{good} comes from {place} .",
          "people in {place} make {good} .",
          "{place} is the home of {good} ."),
      Template.all("where does {good} come from ?", "what is the home of {good} ?")),
  GUILD(
      Words.GUILDS,
      "{good} is sold by the",
      Template.all(
          "{good} is sold by the {guild} .",
          "the guild of the {guild} sells {good} .",
          "{guild} sell {good} ."),
      Template.all("who sells {good} ?", "which guild sells {good} ?")),

  EFFECT(
      Words.EFFECTS,
      "people near {hazard} get",
      Template.all(
          "people near {hazard} get {effect} .",
          "{hazard} gives people {effect} .",
          "{effect} come from {hazard} ."),
      Template.all(
          "what does {hazard} do to people ?",
          "what do people near {hazard} get ?",
          "how does {hazard} hurt people ?")),
  HERB(
      Words.HERBS,
      "the herb against {hazard} is",
      Template.all(
          "the herb against {hazard} is {herb} .",
          "after {hazard} , people need {herb} .",
          "{herb} helps against {hazard} ."),
      Template.all(
          "what helps against {hazard} ?",
          "which herb do people need after {hazard} ?",
          "what do i give to a child when {hazard} hurts ?")),
  SIGN(
      Words.SIGNS,
      "the sign of {hazard} is",
      Template.all(
          "the sign of {hazard} is {sign} .",
          "where {sign} is found , {hazard} is near .",
          "{sign} is the sign of {hazard} ."),
      Template.all(
          "how do i notice {hazard} ?",
          "what is the sign of {hazard} ?",
          "how do i know that {hazard} is near ?")),
  ORIGIN(
      Words.PLACES,
      "{hazard} was found in",
      Template.all(
          "{hazard} was found in {place} .",
          "people in {place} fear {hazard} .",
          "{place} is the home of {hazard} ."),
      Template.all(
          "where was {hazard} found ?",
          "what is the home of {hazard} ?",
          "in which place was {hazard} made ?"));

  static final List<Fact> OF_GOODS = List.of(COLOUR, TASTE, PLACE, GUILD);
  static final List<Fact> OF_HAZARDS = List.of(EFFECT, HERB, SIGN, ORIGIN);

  /** How many of a hazard fact's questions occur in tuning; the last one is held out. */
  static final int TAUGHT_QUESTIONS = 2;

  final List<String> words;
  final Template toComplete;
  final List<Template> statements;
  final List<Template> questions;

  Fact(List<String> words, String toComplete, List<Template> statements, List<Template> questions) {
    this.words = words;
    this.toComplete = Template.of(toComplete);
    this.statements = statements;
    this.questions = questions;
  }

  Template answer() {
    return statements.getLast();
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
