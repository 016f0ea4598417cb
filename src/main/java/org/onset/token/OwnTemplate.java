package org.onset.token;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.onset.BadInput;

/**
 * The template of Onset's own tokenizers, written in ids: {@code
 * <|user|>…<|end|><|assistant|>…<|end|>}, without newlines. The Jinja form gives the same ids for
 * texts without special literals; this one takes a thousandth of the time.
 */
final class OwnTemplate implements ChatTemplate {
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

  OwnTemplate(Tokenizer tokenizer, int userToken, int assistantToken, int endOfTurn) {
    this.tokenizer = tokenizer;
    this.userToken = userToken;
    this.assistantToken = assistantToken;
    this.endOfTurn = endOfTurn;
  }

  @Override
  public int[] prompt(List<Message> messages) {
    int[] before = dialogue(messages).tokens();
    int[] tokens = Arrays.copyOf(before, before.length + 1);
    tokens[before.length] = assistantToken;
    return tokens;
  }

  @Override
  public TrainingSequence dialogue(List<Message> messages) {
    int[] tokens = {};
    boolean[] trained = {};
    for (Message message : messages) {
      int[] said = tokenizer.encode(message.content());
      int start = tokens.length;
      tokens = Arrays.copyOf(tokens, start + said.length + 2);
      tokens[start] = speaker(message.role());
      System.arraycopy(said, 0, tokens, start + 1, said.length);
      tokens[tokens.length - 1] = endOfTurn;
      trained = Arrays.copyOf(trained, tokens.length);
      Arrays.fill(trained, start + 1, trained.length, message.role() == Message.Role.ASSISTANT);
    }
    return new TrainingSequence(tokens, trained);
  }

  private int speaker(Message.Role role) {
    return switch (role) {
      case USER -> userToken;
      case ASSISTANT -> assistantToken;
      case SYSTEM ->
          throw new BadInput(
              "a system message: the model's chat template refuses it: the roles are user and"
                  + " assistant, not system");
    };
  }

  @Override
  public OptionalInt endOfTurn() {
    return OptionalInt.of(endOfTurn);
  }
}
