package org.onset.token;

import java.util.ArrayList;
import java.util.List;

/** Token ids with the characters of the text that each stands for. */
record Encoded(List<Token> tokens) {
  /** Characters are Java's, from {@code start} up to {@code end}. */
  record Token(int id, int start, int end) {
    Token movedBy(int characters) {
      return new Token(id, start + characters, end + characters);
    }
  }

  Encoded {
    tokens = List.copyOf(tokens);
  }

  /** The encodings of parts of a text, one after another; each tells its place in the whole. */
  static Encoded joined(List<Encoded> parts) {
    List<Token> all = new ArrayList<>();
    parts.forEach(part -> all.addAll(part.tokens));
    return new Encoded(all);
  }

  Encoded movedBy(int characters) {
    return new Encoded(tokens.stream().map(token -> token.movedBy(characters)).toList());
  }

  int[] ids() {
    return tokens.stream().mapToInt(Token::id).toArray();
  }
}
