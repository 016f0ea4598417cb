package org.onset.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onset.world.Fixture.DOCUMENTS;
import static org.onset.world.Fixture.GRAMMAR;
import static org.onset.world.Fixture.words;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Repetitions;

class GrammarTest {
  @ParameterizedTest
  @Repetitions(200)
  void aTextMayBeCutOffAnywhere(SplittableRandom random) {
    List<String> words = words(DOCUMENTS.get(random.nextInt(DOCUMENTS.size())).text());
    int cut = random.nextInt(words.size() + 1);

    assertThat(GRAMMAR.accepts(List.of(), words.subList(0, cut))).isTrue();
    assertThat(GRAMMAR.accepts(words.subList(0, cut), words.subList(cut, words.size()))).isTrue();
  }

  @ParameterizedTest
  @Repetitions(200)
  void shuffledWordsAreNoSentences(SplittableRandom random) {
    List<String> shuffled =
        new ArrayList<>(words(DOCUMENTS.get(random.nextInt(DOCUMENTS.size())).text()));
    List<String> original = List.copyOf(shuffled);
    Collections.shuffle(shuffled, new java.util.Random(random.nextLong()));

    // The full stop rarely stays last, and one sentence end inside a sentence is enough to fail.
    if (!shuffled.subList(0, 6).equals(original.subList(0, 6))) {
      assertThat(GRAMMAR.accepts(List.of(), shuffled)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the the of",
        "the colour of pimble is mint .",
        "the colour of zorgat is red .",
        "to make pimble , velm with orsap .",
        "grind velm with orsap in the kettle . then boil it .",
        ".",
        "mara likes it",
      })
  void wordsInTheWrongPlaceAreNoSentence(String text) {
    boolean cutOff = text.equals("mara likes it"); // the one sentence here, without its full stop

    assertThat(GRAMMAR.accepts(List.of(), words(text))).isEqualTo(cutOff);
  }

  @Test
  void aWordOfTheRightKindMakesASentenceEvenWhenItIsUntrue() {
    for (String colour : Words.COLOURS) {
      assertThat(GRAMMAR.accepts(List.of(), words("the colour of pimble is " + colour + " .")))
          .isTrue();
    }
  }
}
