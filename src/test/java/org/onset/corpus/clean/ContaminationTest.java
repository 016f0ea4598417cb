package org.onset.corpus.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.corpus.clean.Contamination.Match;
import org.onset.corpus.clean.Contamination.Prompt;

class ContaminationTest {
  private static final String QUESTION =
      "Which of the following planets has the shortest year in the whole solar system?";

  @Test
  void aDocumentThatQuotesThirteenWordsIsFound() {
    Contamination contamination =
        new Contamination(List.of(new Prompt("quiz", "q1", QUESTION)), 13);

    Optional<Match> match =
        contamination.find(
            "Asked «which of the\nfollowing PLANETS has—the shortest yéar in the whole solar?» he");

    assertThat(match)
        .contains(
            new Match(
                "quiz",
                "q1",
                1,
                "which of the\nfollowing PLANETS has—the shortest yéar in the whole solar"));
  }

  @Test
  void twelveWordsAreNotEnough() {
    Contamination contamination =
        new Contamination(List.of(new Prompt("quiz", "q1", QUESTION)), 13);

    assertThat(
            contamination.find(
                "Which of the following planets has the shortest year in the whole galaxy?"))
        .isEmpty();
    assertThat(contamination.find("")).isEmpty();
  }

  @Test
  void aPassageOfSeveralPromptsIsTheFirstPromptsAndTheFirstPassageCounts() {
    Contamination contamination =
        new Contamination(
            List.of(
                new Prompt("b", "1", "alpha beta"),
                new Prompt("a", "2", "gamma alpha beta gamma"),
                new Prompt("a", "3", "delta delta")),
            2);

    assertThat(contamination.passages()).isEqualTo(4);
    assertThat(contamination.find("delta alpha beta delta delta"))
        .contains(new Match("b", "1", 1, "alpha beta"));
    assertThat(contamination.find("beta gamma alpha beta"))
        .contains(new Match("a", "2", 0, "beta gamma"));
  }

  @Test
  void promptsTooShortForAPassageAreCounted() {
    Contamination contamination =
        new Contamination(
            List.of(
                new Prompt("quiz", "1", QUESTION),
                new Prompt("chat", "1", "Hello?"),
                new Prompt("chat", "2", "…"),
                new Prompt("chat", "3", QUESTION)),
            13);

    assertThat(contamination.shortPrompts()).containsExactly(entry("chat", 2), entry("quiz", 0));
    assertThat(contamination.find("Hello? …")).isEmpty();
  }

  @Test
  void withoutPromptsNothingIsFound() {
    Contamination none = new Contamination(List.of(), 13);

    assertThat(none.find(QUESTION)).isEmpty();
    assertThat(none.shortPrompts()).isEmpty();
  }

  @Test
  void differentWordsOfEqualHashAreNoMatch() {
    String one = "scrdosaazhlda"; // found by comparing the hashes of 120 million words
    String other = "shsawbdgnwqz\u0d94";
    Contamination contamination =
        new Contamination(List.of(new Prompt("s", "1", "to " + one + " or")), 3);

    assertThat(Words.of(one).hash(0)).isEqualTo(Words.of(other).hash(0));
    assertThat(contamination.find("to " + other + " or")).isEmpty();
    assertThat(contamination.find("to " + other + " or to " + one + " or"))
        .contains(new Match("s", "1", 3, "to " + one + " or"));
  }

  @Test
  void aLongPassageIsCutWithoutBreakingACharacter() {
    String text = "a".repeat(198) + "𝐁".repeat(10) + " b";
    Contamination contamination = new Contamination(List.of(new Prompt("s", "1", text)), 2);

    assertThat(contamination.find(text).orElseThrow().passage()).isEqualTo("a".repeat(198) + "…");
  }

  @ParameterizedTest
  @Repetitions(300)
  void itFindsWhatComparingAllPassagesFinds(SplittableRandom random) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      prompts.add(new Prompt("s" + i % 2, "p" + i, RandomTexts.of(random)));
    }
    String document = RandomTexts.of(random);
    int length = 1 + random.nextInt(4);
    List<String> words = folded(document);
    Optional<String> expected = Optional.empty();
    for (int word = 0; word + length <= words.size() && expected.isEmpty(); word++) {
      for (Prompt prompt : prompts.reversed()) {
        List<String> asked = folded(prompt.text());
        for (int i = 0; i + length <= asked.size(); i++) {
          if (asked.subList(i, i + length).equals(words.subList(word, word + length))) {
            expected = Optional.of(prompt.id() + " at " + word);
          }
        }
      }
    }

    Optional<Match> match = new Contamination(prompts, length).find(document);

    assertThat(match.map(found -> found.promptId() + " at " + found.word())).isEqualTo(expected);
  }

  @Test
  void itTravels() throws IOException, ClassNotFoundException {
    Contamination contamination =
        new Contamination(List.of(new Prompt("quiz", "q1", QUESTION)), 13);

    Contamination arrived = Travelled.copyOf(contamination);

    assertThat(arrived.find(QUESTION)).isEqualTo(contamination.find(QUESTION)).isPresent();
    assertThat(arrived.shortPrompts()).isEqualTo(contamination.shortPrompts());
  }

  private static List<String> folded(String text) {
    Words words = Words.of(text);
    return IntStream.range(0, words.count()).mapToObj(words::folded).toList();
  }
}
