package org.onset.corpus.intervene;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onset.Fingerprint;
import org.onset.endpoint.ChatMessage;

/**
 * What a model is told and asked; the package's description has the form of the files.
 *
 * @param styles name → what is asked for; empty where a prompt has none
 */
record Prompt(String fingerprint, String system, String user, Map<String, String> styles) {
  static final Prompt REPHRASE = load("rephrase-v1");
  static final Prompt REFUSE = load("refuse-v1");
  static final Prompt MORALISE = load("moralise-v1");
  static final Prompt REFLECT = load("reflect-v1");
  static final Prompt SCORE = load("score-v1");

  static Prompt of(Rule.Kind kind) {
    return switch (kind) {
      case REPHRASE -> REPHRASE;
      case REFUSE -> REFUSE;
      case MORALISE -> MORALISE;
      case REFLECT -> REFLECT;
      case KEEP, TAG -> throw new IllegalArgumentException("nothing is asked for " + kind);
    };
  }

  private static Prompt load(String name) {
    String text = Resource.text("prompts/" + name + ".txt");
    Map<String, StringBuilder> sections = new LinkedHashMap<>();
    StringBuilder section = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.startsWith("[") && line.endsWith("]")) {
        section = new StringBuilder();
        sections.put(line, section);
      } else {
        section.append(line).append('\n');
      }
    }
    Map<String, String> styles = new LinkedHashMap<>();
    for (String line : section(sections, "[styles]").lines().toList()) {
      int colon = line.indexOf(':');
      styles.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new Prompt(
        Fingerprint.of(name + "\n" + text),
        section(sections, "[system]"),
        section(sections, "[user]"),
        styles);
  }

  private static String section(Map<String, StringBuilder> sections, String name) {
    return sections.getOrDefault(name, new StringBuilder()).toString().strip();
  }

  List<String> styleTexts() {
    return List.copyOf(styles.values());
  }

  List<ChatMessage> messages(Map<String, String> values) {
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(ChatMessage.system(Slots.fill(system, values)));
    messages.add(ChatMessage.user(Slots.fill(user, values)));
    return messages;
  }
}
