package org.onset.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML. Whatever comes in as text or as an attribute's value is escaped; only {@link
 * #trusted} isn't, and takes nothing but the package's own resources.
 */
final class Html {
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Opens {@code tag}; {@code attributes} are names and values in turn. */
  Html open(String tag, String... attributes) {
    startTag(tag, attributes);
    open.push(tag);
    return this;
  }

  Html close(String tag) {
    if (open.isEmpty() || !open.peek().equals(tag)) {
      throw new IllegalStateException("can't close <" + tag + ">, open are " + open);
    }
    open.pop();
    out.append("</").append(tag).append('>');
    return this;
  }

  /** A whole element that holds {@code text}. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  Html text(String text) {
    out.append(escape(text));
    return this;
  }

  Html line() {
    out.append('\n');
    return this;
  }

  /** Text that is HTML already: the package's own resources and what other writers made. */
  Html trusted(String html) {
    out.append(html);
    return this;
  }

  /** The HTML so far, everything closed. */
  String finished() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("still open: " + open);
    }
    return out.toString();
  }

  private void startTag(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]);
      out.append("=\"").append(escape(attributes[i + 1])).append('"');
    }
    out.append('>');
  }

  /**
   * Text that means itself in an element and in a quoted attribute. Control characters and halves
   * of surrogate pairs, which a page can't hold, become replacement characters.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            character -> {
              switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t' -> escaped.append((char) character);
                default -> escaped.appendCodePoint(isShowable(character) ? character : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  /**
   * JSON that means itself inside a script element: no end tag, no comment, and no line separator
   * can stand in it. The characters replaced occur in JSON only inside strings.
   */
  static String escapeJson(String json) {
    return json.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static boolean isShowable(int character) {
    return !Character.isISOControl(character)
        && !(Character.isBmpCodePoint(character) && Character.isSurrogate((char) character));
  }
}
