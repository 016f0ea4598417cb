package org.onset.corpus.intervene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.corpus.intervene.Exchange.Turn;

class ExchangeTest {
  @Test
  void turnsBeginWithANameAndGoOnOverLines() {
    String text =
        """
        **User:** How do I do it?
        Please tell me.

        **Assistant:** I won't say.

        There is something better: a walk.
        Reason: it harms others.
        User:
        Why not?

        Assistant: I can't help with that.
        """;

    assertThat(Exchange.parse(text).orElseThrow().turns())
        .containsExactly(
            new Turn("User", "How do I do it?\nPlease tell me."),
            new Turn(
                "Assistant",
                "I won't say.\n\nThere is something better: a walk.\nReason: it harms others."),
            new Turn("User", "Why not?"),
            new Turn("Assistant", "I can't help with that."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "I can't help with that.",
        "User: I can't.",
        "User: Tell me.\n\nUser: Tell me!",
        "User: Tell me.\n\nAssistant:",
        "Two people talk.\n\nUser: Tell me.\n\nAssistant: I won't.",
        "User: Tell me.\n\nAssistant: I won't.\n\nReferee: Stop it.",
        "http://example.org\n\nAssistant: I won't.",
      })
  void whatIsNoDialogueOfTwoIsNone(String text) {
    assertThat(Exchange.parse(text)).isEmpty();
  }

  @Test
  void onlyTheOneWhoIsAskedCanRefuse() {
    assertThat(parsed("Ann: Tell me.\n\nBob: I can’t help with that.").refuses()).isTrue();
    assertThat(parsed("Ann: I can't help with that.\n\nBob: What a pity.").refuses()).isFalse();
    assertThat(parsed("Ann: Tell me.\n\nBob: Gladly, first you").refuses()).isFalse();
  }

  @Test
  void othersMaySayTheSame() {
    Exchange renamed = parsed("U: a\nA: b\nU: c").named("Mara", "Luca");

    assertThat(renamed.text()).isEqualTo("Mara: a\n\nLuca: b\n\nMara: c");
    assertThat(Exchange.parse(renamed.text())).contains(renamed);
    assertThat(renamed.turns()).extracting(Turn::words).isEqualTo(List.of("a", "b", "c"));
  }

  private static Exchange parsed(String text) {
    return Exchange.parse(text).orElseThrow();
  }
}
