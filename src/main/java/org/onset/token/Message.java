package org.onset.token;

import java.util.Locale;

/** What one side says in a dialogue. */
public record Message(Role role, String content) {
  /** Who says it. */
  public enum Role {
    /** Sets the stage before the first user speaks; not every chat template knows it. */
    SYSTEM,
    USER,
    ASSISTANT;

    /** As templates write it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Message system(String content) {
    return new Message(Role.SYSTEM, content);
  }

  public static Message user(String content) {
    return new Message(Role.USER, content);
  }

  public static Message assistant(String content) {
    return new Message(Role.ASSISTANT, content);
  }
}
