package org.onset.token;

import static org.onset.token.CharacterKind.LATE_NUMBER;
import static org.onset.token.CharacterKind.LETTER;
import static org.onset.token.CharacterKind.NUMBER;
import static org.onset.token.CharacterKind.OTHER;
import static org.onset.token.CharacterKind.SPACE;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a text is cut into the words that no merge crosses: the expressions that most byte-level
 * tokenizers have, run by hand. Each covers any text whole.
 */
enum WordPattern {
  /** GPT-2's expression. */
  GPT2(NUMBER, OTHER | LATE_NUMBER),

  /** Each digit by itself, then GPT-2's expression on what lies between. */
  SINGLE_DIGITS(NUMBER | LATE_NUMBER, OTHER),

  /** That of cl100k and Llama 3: contractions in either case, digits by threes, lines apart. */
  LLAMA3(NUMBER, OTHER | LATE_NUMBER),

  /** As {@link #LLAMA3}, with each digit by itself. */
  QWEN2(NUMBER, OTHER | LATE_NUMBER);

  private static final String GPT2_EXPRESSION =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  private static final String WORDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private final int numbers;
  private final int others;

  WordPattern(int numbers, int others) {
    this.numbers = numbers;
    this.others = others;
  }

  /** The pattern of a {@code tokenizer.json}'s {@code pre_tokenizer}, if it is one of these. */
  static Optional<WordPattern> of(JsonNode preTokenizer) {
    if (isByteLevel(preTokenizer, true)) {
      return Optional.of(GPT2);
    }
    JsonNode parts = preTokenizer.path("pretokenizers");
    if (!isOfType(preTokenizer, "Sequence") || parts.size() != 2) {
      return Optional.empty();
    }
    JsonNode first = parts.path(0);
    if (isOfType(first, "Digits")
        && first.path("individual_digits").asBoolean(false)
        && isByteLevel(parts.path(1), true)) {
      return Optional.of(SINGLE_DIGITS);
    }
    return isSplit(first) && isByteLevel(parts.path(1), false)
        ? ofExpression(first.path("pattern").path("Regex").asString(""))
        : Optional.empty();
  }

  private static boolean isByteLevel(JsonNode node, boolean cuts) {
    return isOfType(node, "ByteLevel")
        && !node.path("add_prefix_space").asBoolean(true)
        && node.path("use_regex").asBoolean(true) == cuts;
  }

  /** Keeping matches apart, and dropping what is no match, are the same where all text matches. */
  private static boolean isSplit(JsonNode node) {
    boolean inverted = node.path("invert").asBoolean(false);
    return isOfType(node, "Split")
        && node.path("behavior").asString("").equals(inverted ? "Removed" : "Isolated");
  }

  private static boolean isOfType(JsonNode node, String type) {
    return node.path("type").asString("").equals(type);
  }

  private static Optional<WordPattern> ofExpression(String expression) {
    if (expression.equals(GPT2_EXPRESSION)) {
      return Optional.of(GPT2);
    }
    if (expression.equals(WORDS + "\\p{N}{1,3}" + REST)) {
      return Optional.of(LLAMA3);
    }
    return expression.equals(WORDS + "\\p{N}" + REST) ? Optional.of(QWEN2) : Optional.empty();
  }

  /**
   * Where the word ends that begins at {@code start}, in text up to {@code end}, which is beyond
   * it. The bytes are well-formed UTF-8.
   */
  int wordEnd(byte[] text, int start, int end) {
    return switch (this) {
      case GPT2, SINGLE_DIGITS -> gpt2(text, start, end);
      case LLAMA3 -> apartFromLines(text, start, end, 3);
      case QWEN2 -> apartFromLines(text, start, end, 1);
    };
  }

  private int gpt2(byte[] text, int start, int end) {
    if (text[start] == '\'') {
      int contraction = contractionEnd(text, start, end, false);
      if (contraction > start) {
        return contraction;
      }
    }
    // A space belongs to the word that follows, but not where a single digit ends the text.
    boolean led = text[start] == ' ' && start + 1 < end;
    int first = led ? start + 1 : start;
    int kind = CharacterKind.at(text, first);
    if (kind == SPACE || (led && endsText(kind))) {
      return spaceEnd(text, start, end);
    }
    if (kind == LETTER) {
      return CharacterKind.runEnd(text, first, end, LETTER);
    }
    if ((kind & numbers) != 0) {
      return this == SINGLE_DIGITS
          ? CharacterKind.next(text, first)
          : CharacterKind.runEnd(text, first, end, numbers);
    }
    return CharacterKind.runEnd(text, first, end, others);
  }

  private int apartFromLines(byte[] text, int start, int end, int mostDigits) {
    if (text[start] == '\'') {
      int contraction = contractionEnd(text, start, end, true);
      if (contraction > start) {
        return contraction;
      }
    }
    int kind = CharacterKind.at(text, start);
    if (kind == LETTER) {
      return CharacterKind.runEnd(text, start, end, LETTER);
    }
    int second = CharacterKind.next(text, start);
    if (kind == NUMBER) {
      return numberEnd(text, start, end, mostDigits);
    }
    int secondKind = second < end ? CharacterKind.at(text, second) : SPACE;
    if (secondKind == LETTER && !isLineEnd(text[start])) {
      return CharacterKind.runEnd(text, second, end, LETTER);
    }
    if ((kind & others) != 0 || (text[start] == ' ' && (secondKind & others) != 0)) {
      int at = CharacterKind.runEnd(text, second, end, others);
      while (at < end && isLineEnd(text[at])) {
        at++;
      }
      return at;
    }
    int spaces = CharacterKind.runEnd(text, start, end, SPACE);
    for (int at = spaces; at > start; at--) {
      if (isLineEnd(text[at - 1])) {
        return at;
      }
    }
    return spaceEnd(text, start, end);
  }

  private static int numberEnd(byte[] text, int start, int end, int mostDigits) {
    int at = start;
    for (int digits = 0; digits < mostDigits && at < end; digits++) {
      if (CharacterKind.at(text, at) != NUMBER) {
        break;
      }
      at = CharacterKind.next(text, at);
    }
    return at;
  }

  /** White space, but for its last character where a word follows that may take it. */
  private int spaceEnd(byte[] text, int start, int end) {
    int spaces = CharacterKind.runEnd(text, start, end, SPACE);
    if (spaces == end || endsText(CharacterKind.at(text, spaces))) {
      return spaces;
    }
    int last = CharacterKind.previous(text, spaces);
    return last > start ? last : spaces;
  }

  /** Where digits are cut off first, the expression sees no further than the next one. */
  private boolean endsText(int kind) {
    return this == SINGLE_DIGITS && (kind & numbers) != 0;
  }

  private static boolean isLineEnd(byte character) {
    return character == '\n' || character == '\r';
  }

  /** Where {@code 's} and the like end; {@code start} where there is no such. */
  private static int contractionEnd(byte[] text, int start, int end, boolean anyCase) {
    int first = start + 1 < end ? letter(text[start + 1], anyCase) : 0;
    int second = start + 2 < end ? letter(text[start + 2], anyCase) : 0;
    boolean isOne = first == 's' || first == 't' || first == 'm' || first == 'd';
    boolean isTwo =
        (first == 'r' && second == 'e')
            || (first == 'v' && second == 'e')
            || (first == 'l' && second == 'l');
    // U+017F, the long s, is an s of another case.
    boolean isLongS =
        anyCase
            && start + 2 < end
            && text[start + 1] == (byte) 0xC5
            && text[start + 2] == (byte) 0xBF;
    return isOne ? start + 2 : isTwo || isLongS ? start + 3 : start;
  }

  private static int letter(byte character, boolean anyCase) {
    return anyCase ? character | 0x20 : character;
  }
}
