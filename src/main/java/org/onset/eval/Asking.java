package org.onset.eval;

import org.onset.corpus.Question;
import org.onset.corpus.Request;
import org.onset.token.Tokenizer;

/**
 * How a model is asked: a base model continues a text, a tuned one answers through the chat
 * template.
 */
public enum Asking {
  COMPLETION,
  CHAT;

  int[] prompt(Request request, Tokenizer tokenizer) {
    return prompt(request.text(), request.completionText(), tokenizer);
  }

  int[] prompt(Question question, Tokenizer tokenizer) {
    return prompt(question.text(), question.completionText(), tokenizer);
  }

  private int[] prompt(String chatText, String completionText, Tokenizer tokenizer) {
    return switch (this) {
      case COMPLETION -> document(completionText, tokenizer);
      case CHAT -> tokenizer.chatTemplate().prompt(chatText);
    };
  }

  /**
   * A text as it begins in the training data: behind the token that begins every text where the
   * tokenizer has one, or right after the end of another.
   */
  public static int[] document(String text, Tokenizer tokenizer) {
    int[] tokens = tokenizer.encode(text);
    int[] begun = tokenizer.encodeFromBeginning(text);
    if (begun.length > tokens.length) {
      return begun;
    }
    int[] prompt = new int[tokens.length + 1];
    prompt[0] = tokenizer.endOfText();
    System.arraycopy(tokens, 0, prompt, 1, tokens.length);
    return prompt;
  }
}
