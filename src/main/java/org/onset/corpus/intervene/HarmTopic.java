package org.onset.corpus.intervene;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What makes a text unsafe, coarsely: what {@link LlmScorer} asks a model to name, and what the
 * templates have sentences for.
 */
public enum HarmTopic {
  // In the order in which a category's words are looked for: the special before the general.
  SELF_HARM("self-harm", List.of("self-harm", "self harm", "suicid", "self_harm", "eating dis")),
  EXTREMISM("extremism", List.of("extremis", "terror", "radicali")),
  WEAPONS("weapons", List.of("weapon", "explosiv", "firearm", "chemical", "biolog", "nuclear")),
  HATE("hate", List.of("hate", "hateful", "racis", "slur", "discriminat", "stereotyp", "identity")),
  HARASSMENT("harassment", List.of("harass", "bully", "insult", "threat", "toxic", "offens")),
  SEXUAL("sexual content", List.of("sex", "porn", "nud", "adult", "child")),
  PRIVACY("privacy", List.of("privacy", "personal data", "doxx", "stalk", "surveil")),
  HACKING("computer intrusion", List.of("intrusion", "cyber", "hack", "malware", "phish", "crack")),
  FRAUD("fraud", List.of("fraud", "scam", "financ", "counterfeit", "deceiv", "decept", "spam")),
  DRUGS("drugs", List.of("drug", "substance", "narcotic", "alcohol", "controlled")),
  MISINFORMATION("misinformation", List.of("misinfo", "disinfo", "conspir", "propagand", "fake")),
  ADVICE("unsound advice", List.of("advice", "medical", "health", "legal", "specialized")),
  VIOLENCE("violence", List.of("violen", "physical", "murder", "kill", "assault", "gore", "abuse")),
  CRIME("crime", List.of("crim", "illegal", "theft", "steal", "robber", "unlawful", "copyright")),
  PROFANITY("profanity", List.of("profan", "obscen", "swear", "vulgar", "curs", "language")),
  OTHER("other", List.of());

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> words;

  HarmTopic(String label, List<String> words) {
    this.label = label;
    this.words = words;
  }

  /** The topic's name, in prompts and as a document's category. */
  public String label() {
    return label;
  }

  /**
   * The topic whose name a category is, or else the first of which a word begins in it; {@link
   * #OTHER} where there is none, or no category.
   */
  public static HarmTopic of(Optional<String> category) {
    String found = category.orElse("").strip().toLowerCase(Locale.ROOT);
    for (HarmTopic topic : values()) {
      if (topic.label.equals(found)) {
        return topic;
      }
    }
    for (HarmTopic topic : values()) {
      if (topic.words.stream().anyMatch(word -> begins(word, found))) {
        return topic;
      }
    }
    return OTHER;
  }

  private static boolean begins(String word, String text) {
    for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (at == 0 || !Character.isLetter(text.charAt(at - 1))) {
        return true;
      }
    }
    return false;
  }
}
