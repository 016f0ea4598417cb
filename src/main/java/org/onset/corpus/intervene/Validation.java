package org.onset.corpus.intervene;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a text from a file or a model may stand in a stream; the first reason against it. */
final class Validation {
  private static final int FEWEST_COPIED = 40;

  /** Marks of the chat templates in use, that a model has taken for text. */
  private static final Pattern MARKUP =
      Pattern.compile(
          "<\\|[a-z_]+\\|>|\\[/?INST]|<</?SYS>>|<(?:start|end)_of_turn>|</?s>|<｜[^｜]{1,30}｜>"
              + "|(?m:^#{2,3} (?:Instruction|Response|Assistant|User):?\\s*$)");

  private static final String TEXT_WORDS =
      "(?:version|rewrit\\w+|rewrote|rephras\\w+|text|passage|dialogue|conversation|script|transcript"
          + "|essay|lesson|remark|reflection|annotation)";

  /** How models announce what they were asked for. */
  private static final Pattern ANNOUNCED =
      Pattern.compile(
          "(?:sure|certainly|of course|absolutely|okay|ok|great)[,!.:]* +(?:here\\b|i(?:'ll|'d| will| can)\\b).*"
              + "|(?:here(?:'s| is| are)|below is|this is|the following is) (?:the|a|an|your|my|one)\\b[^\\n]{0,60}\\b"
              + TEXT_WORDS
              + "\\b[^\\n]{0,80}:.*"
              + "|\\*{0,2}(?:rewritten|rephrased|revised) (?:text|version|passage)\\b.*",
          Pattern.DOTALL);

  /** What they add at the end; of the last paragraph. */
  private static final Pattern ADDED =
      Pattern.compile(
          "[(\\[*_]*(?:please )?note:?\\b.*\\b(?:rewr|rephras|original (?:text|passage)|this version|i (?:have|'ve)).*"
              + "|(?:i hope this|let me know if|feel free to|would you like me to).*",
          Pattern.DOTALL);

  private static final Pattern OF_ITSELF =
      Pattern.compile(
          "\\bas an? (?:ai|artificial intelligence|language model|large language model)\\b");

  /** How models refuse to write, as against people refused in what they write. */
  private static final Pattern DECLINED =
      Pattern.compile(
          "(?:(?:i'm|i am) (?:really |very )?sorry,? (?:but|i)|sorry,? but|i apologi[sz]e,? but"
              + "|i (?:cannot|can't|can not|won't|will not|am unable to|am not able to|must decline)"
              + " (?:to )?(?:help|assist|provide|rewrite|rephrase|create|write|fulfill|comply|continue"
              + "|generate|produce|engage|do (?:that|this)|complete)|i'm (?:unable|not able) to ).*",
          Pattern.DOTALL);

  private Validation() {}

  /**
   * What is wrong with {@code text} whatever its length, which is a matter of the whole.
   *
   * @param source the document, or the part of it that the text is made of
   */
  static Optional<Reason> problem(Rule.Kind kind, String source, String text) {
    String folded = folded(text);
    if (hasMarkup(source, text)) {
      return Optional.of(Reason.CHAT_MARKUP);
    }
    if (kind != Rule.Kind.REFUSE && DECLINED.matcher(folded).matches()) {
      return Optional.of(Reason.DECLINED);
    }
    if (speaksOfItself(kind, folded, folded(source))) {
      return Optional.of(Reason.META_TEXT);
    }
    if (repeats(source, text)) {
      return Optional.of(Reason.UNCHANGED);
    }
    return kind == Rule.Kind.REFUSE ? dialogue(text) : Optional.empty();
  }

  /** Whether {@code text}, made of the whole {@code source}, is too short or too long. */
  static Optional<Reason> length(@Nullable Lengths lengths, String source, String text) {
    if (lengths == null) {
      return Optional.empty();
    }
    int characters = text.codePointCount(0, text.length());
    int ofSource = source.codePointCount(0, source.length());
    if (lengths.tooShort(characters, ofSource)) {
      return Optional.of(Reason.TOO_SHORT);
    }
    return lengths.tooLong(characters, ofSource) ? Optional.of(Reason.TOO_LONG) : Optional.empty();
  }

  private static boolean hasMarkup(String source, String text) {
    return MARKUP.matcher(text).results().anyMatch(mark -> !source.contains(mark.group()));
  }

  /** In a refusal someone may say what they are; anywhere else it's the model that speaks. */
  private static boolean speaksOfItself(Rule.Kind kind, String folded, String source) {
    String end = folded.substring(folded.lastIndexOf("\n\n") + 1).strip();
    return ANNOUNCED.matcher(folded).matches()
        || ADDED.matcher(end).matches()
        || (kind != Rule.Kind.REFUSE
            && OF_ITSELF.matcher(folded).find()
            && !OF_ITSELF.matcher(source).find());
  }

  /** A source of a few words may turn up in any text; a longer one has been copied. */
  private static boolean repeats(String source, String text) {
    String old = words(source);
    String made = words(text);
    return made.equals(old) || (old.length() >= FEWEST_COPIED && made.contains(old));
  }

  private static Optional<Reason> dialogue(String text) {
    Optional<Exchange> exchange = Exchange.parse(text);
    if (exchange.isEmpty()) {
      return Optional.of(Reason.NO_DIALOGUE);
    }
    return exchange.get().refuses() ? Optional.empty() : Optional.of(Reason.NO_REFUSAL);
  }

  private static String folded(String text) {
    return text.strip().toLowerCase(Locale.ROOT).replace('’', '\'');
  }

  private static String words(String text) {
    return folded(text).replaceAll("\\s+", " ");
  }
}
