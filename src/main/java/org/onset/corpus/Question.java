package org.onset.corpus;

import java.util.List;

/** A question with its choices; {@code answer} is the position of the right one. */
public record Question(
    String id, String suite, String text, String completionText, List<String> choices, int answer) {

  public Question {
    choices = List.copyOf(choices);
    if (answer < 0 || answer >= choices.size()) {
      throw new IllegalArgumentException(
          "question " + id + " has " + choices.size() + " choices, its answer was " + answer);
    }
  }
}
