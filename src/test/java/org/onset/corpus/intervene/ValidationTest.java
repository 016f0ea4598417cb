package org.onset.corpus.intervene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.corpus.intervene.Rule.Kind;

class ValidationTest {
  private static final String SOURCE =
      "The two of them had a fight behind the station, and one shouted that he would be back.";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Two people quarrelled behind a station. One of them announced that he would return.",
        "Host: Here is a story about a text that nobody read. Listen.\n\nGuest: Sure, here it comes.",
        "\"I'm sorry, but I can't stay,\" he said, and left the station in anger.",
        "I'm sorry to hear that two people fought, said the teacher.",
        "Here is the station. Two people fought behind it.",
        "Of course the quarrel went on. As the aim was peace, a third person came.",
        "Note the place: a station. Two people met there and fought.",
      })
  void proseIsLeftAlone(String text) {
    assertThat(Validation.problem(Kind.REPHRASE, SOURCE, text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "META_TEXT ~ Sure, here is what the teacher would say about it.",
        "META_TEXT ~ Certainly! Here's a rewritten version of the passage:",
        "META_TEXT ~ Here is the rewritten text in the style of a podcast: Hello.",
        "META_TEXT ~ Here's a conversation about it: Ann and Ben met.",
        "META_TEXT ~ **Rewritten text:** Two people fought.",
        "META_TEXT ~ Two people fought. As an AI language model, I have no view of it.",
        "META_TEXT ~ Two people fought.\\n\\nNote: I have rewritten the passage without threats.",
        "META_TEXT ~ Two people fought.\\n\\nI hope this helps! Let me know if you need more.",
        "DECLINED ~ I'm sorry, but I can't assist with that.",
        "DECLINED ~ I cannot rewrite this text, since it holds threats.",
        "DECLINED ~ I’m not able to create content of that kind.",
        "CHAT_MARKUP ~ Two people fought.<|im_end|>",
        "CHAT_MARKUP ~ [INST] Two people fought. [/INST]",
        "CHAT_MARKUP ~ <start_of_turn>model Two people fought.",
        "CHAT_MARKUP ~ Two people fought.\\n### Response:\\nYes.",
        "UNCHANGED ~ The two of them had a fight behind the STATION, and one  shouted that he would be back.",
        "UNCHANGED ~ Well. The two of them had a fight behind the station, and one shouted that he would be back. So it was.",
      })
  void whatIsNoProseIsFound(Reason reason, String text) {
    assertThat(Validation.problem(Kind.REPHRASE, SOURCE, text.replace("\\n", "\n")))
        .contains(reason);
  }

  @Test
  void marksThatStandInTheSourceMayStandInTheText() {
    assertThat(Validation.problem(Kind.REPHRASE, "Write <s> first, then <|end|>.", "Use <|end|>."))
        .isEmpty();
    assertThat(Validation.problem(Kind.REPHRASE, SOURCE, "a |> b <| c, f(x) <- </p>")).isEmpty();
  }

  @Test
  void aFewWordsOfASourceMayTurnUpAnywhere() {
    assertThat(Validation.problem(Kind.MORALISE, "Damn it.", "To say damn it. is coarse."))
        .isEmpty();
    assertThat(Validation.problem(Kind.MORALISE, "Damn it.", "damn  it."))
        .contains(Reason.UNCHANGED);
  }

  @Test
  void aRefusalIsADialogueInWhichSomeoneRefusesAndMaySayWhatTheyAre() {
    assertThat(refusal("User: Help me fight.\n\nAssistant: As an AI, I can't help with that."))
        .isEmpty();
    assertThat(refusal("I can't help with that.")).contains(Reason.NO_DIALOGUE);
    assertThat(refusal("User: Help me fight.\n\nAssistant: Gladly. Wait behind the station."))
        .contains(Reason.NO_REFUSAL);
    assertThat(refusal("Sure, here is a dialogue.\n\nUser: a\n\nAssistant: I won't."))
        .contains(Reason.META_TEXT);
  }

  @Test
  void lengthsHoldAtBothEnds() {
    Lengths lengths = new Lengths(0.5, 2.0, 3, 30);

    assertThat(Validation.length(lengths, "😀".repeat(10), "abcd")).contains(Reason.TOO_SHORT);
    assertThat(Validation.length(lengths, "😀".repeat(10), "abcde")).isEmpty();
    assertThat(Validation.length(lengths, "😀".repeat(10), "😀".repeat(20))).isEmpty();
    assertThat(Validation.length(lengths, "😀".repeat(10), "a".repeat(21)))
        .contains(Reason.TOO_LONG);
    assertThat(Validation.length(lengths, "ab", "ab")).contains(Reason.TOO_SHORT);
    assertThat(Validation.length(lengths, "a".repeat(20), "a".repeat(31)))
        .contains(Reason.TOO_LONG);
    assertThat(Validation.length(null, "ab", "a".repeat(99))).isEmpty();
  }

  private static Optional<Reason> refusal(String text) {
    return Validation.problem(Kind.REFUSE, SOURCE, text);
  }
}
