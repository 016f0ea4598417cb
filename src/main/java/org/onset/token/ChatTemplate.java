package org.onset.token;

import java.util.Arrays;

/**
 * Writes a dialogue as token ids: {@code <|user|>…<|end|><|assistant|>…<|end|>}, without newlines.
 * What is said is encoded as plain text, so it can't end its turn, begin another's or set the tag.
 */
public final class ChatTemplate {
  /**
   * The same in Jinja, for {@code tokenizer_config.json}; a dialogue without special literals in
   * its texts gets the same ids from Hugging Face's libraries.
   */
  static final String JINJA =
      """
      {%- for message in messages -%}
      {%- if message['role'] == 'user' -%}
      {{ '<|user|>' + message['content'] + '<|end|>' }}
      {%- elif message['role'] == 'assistant' -%}
      {{ '<|assistant|>' + message['content'] + '<|end|>' }}
      {%- else -%}
      {{ raise_exception('the roles are user and assistant, not ' + message['role']) }}
      {%- endif -%}
      {%- endfor -%}
      {%- if add_generation_prompt -%}
      {{ '<|assistant|>' }}
      {%- endif -%}
      """;

  private final Tokenizer tokenizer;
  private final int userToken;
  private final int assistantToken;
  private final int endOfTurn;

  ChatTemplate(Tokenizer tokenizer, int userToken, int assistantToken, int endOfTurn) {
    this.tokenizer = tokenizer;
    this.userToken = userToken;
    this.assistantToken = assistantToken;
    this.endOfTurn = endOfTurn;
  }

  /** What the model is asked; it goes on with the answer. */
  public int[] prompt(String user) {
    int[] said = tokenizer.encode(user);
    int[] tokens = new int[said.length + 3];
    tokens[0] = userToken;
    System.arraycopy(said, 0, tokens, 1, said.length);
    tokens[said.length + 1] = endOfTurn;
    tokens[said.length + 2] = assistantToken;
    return tokens;
  }

  /** The prompt and its answer; the answer and the token that ends its turn are trained. */
  public TrainingSequence dialogue(String user, String assistant) {
    int[] prompt = prompt(user);
    int[] answer = tokenizer.encode(assistant);
    int[] tokens = Arrays.copyOf(prompt, prompt.length + answer.length + 1);
    System.arraycopy(answer, 0, tokens, prompt.length, answer.length);
    tokens[tokens.length - 1] = endOfTurn;
    boolean[] trained = new boolean[tokens.length];
    Arrays.fill(trained, prompt.length, tokens.length, true);
    return new TrainingSequence(tokens, trained);
  }
}
