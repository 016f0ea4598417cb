package org.onset;

import java.util.List;

/**
 * The user's input can't be used: every problem found, a line each, saying what was found, where,
 * and what to do. The command line prints them without a stack trace and exits with 2.
 */
public final class BadInput extends RuntimeException {
  private final List<String> problems;

  public BadInput(String problem) {
    this(List.of(problem));
  }

  public BadInput(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = problems.stream().distinct().toList();
  }

  public List<String> problems() {
    return problems;
  }
}
