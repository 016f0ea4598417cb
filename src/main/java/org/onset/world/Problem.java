package org.onset.world;

import java.util.List;

/**
 * A word problem with its reasoning and answer; no number passes {@link Words#MAX_NUMBER}, and
 * things counted are two or more.
 */
record Problem(String question, String answer) {

  static Problem draw(Draw draw) {
    Sentences.WordProblem form = draw.any(Sentences.WORD_PROBLEMS);
    Slots slots = draw.people(new Slots()).with("item", draw.any(Words.ITEMS));
    switch (form.kind()) {
      case SUM -> sum(draw, slots);
      case DIFFERENCE -> {
        int a = draw.between(3, Words.MAX_NUMBER);
        int b = draw.between(1, a - 2);
        slots.with("a", a).with("b", b).with("c", a - b);
      }
      case PRODUCT -> {
        int a = draw.between(2, 6);
        int b = draw.between(2, Words.MAX_NUMBER / a);
        slots.with("a", a).with("b", b).with("c", a * b);
      }
      case SUM_AND_DIFFERENCE -> {
        int c = sum(draw, slots);
        int d = draw.between(1, c - 2);
        slots.with("d", d).with("e", c - d);
      }
    }
    return new Problem(form.question().fill(slots), form.answer().fill(slots));
  }

  private static int sum(Draw draw, Slots slots) {
    int a = draw.between(2, Words.MAX_NUMBER - 1);
    int b = draw.between(1, Words.MAX_NUMBER - a);
    slots.with("a", a).with("b", b).with("c", a + b);
    return a + b;
  }

  /** The problem as one text. */
  String text() {
    return String.join(" ", List.of(question, answer));
  }
}
