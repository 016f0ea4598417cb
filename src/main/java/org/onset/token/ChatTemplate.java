package org.onset.token;

import java.util.List;
import java.util.OptionalInt;
import org.onset.BadInput;

/**
 * Writes dialogues as token ids, as the model was trained to read them. Nothing that is said can
 * end its turn, begin another's or become any special token: only the template makes those.
 */
public sealed interface ChatTemplate permits OwnTemplate, JinjaTemplate {
  /**
   * What the model is asked; it goes on with the answer.
   *
   * @throws BadInput where the template refuses the messages, such as for their roles or order
   */
  int[] prompt(List<Message> messages);

  /**
   * A whole dialogue. The assistant's answers, and the token that ends each, are trained.
   *
   * @throws BadInput where the template refuses the messages
   */
  TrainingSequence dialogue(List<Message> messages);

  /**
   * The token with which the assistant's turn ends, where the template writes one.
   *
   * @throws BadInput where the template refuses a dialogue of one question and its answer
   */
  OptionalInt endOfTurn();

  default int[] prompt(String user) {
    return prompt(List.of(Message.user(user)));
  }

  default TrainingSequence dialogue(String user, String assistant) {
    return dialogue(List.of(Message.user(user), Message.assistant(assistant)));
  }
}
