package org.onset;

import tools.jackson.core.JacksonException;

/** What is wrong with JSON, in words for whoever wrote it. */
public final class JsonProblem {
  private JsonProblem() {}

  /** The parser's message without its own settings and places: its first sentence. */
  public static String of(JacksonException problem) {
    return problem
        .getOriginalMessage()
        .lines()
        .findFirst()
        .orElse("is not JSON")
        .replaceAll("\\s*\\(start marker at .*", "")
        .replaceAll(": enable `?JsonReadFeature.*", "");
  }
}
