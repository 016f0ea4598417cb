package org.onset.corpus.intervene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.corpus.Tagger;
import org.onset.corpus.intervene.Outcome.Made;

class ReflectionsTest {
  @Test
  void aRemarkStandsAtTheFirstParagraphEndOnceEnoughWordsHavePassed() {
    String text = "One two. Three four five.\n\nSix seven eight.\n\nNine.";

    Reflections places = Reflections.in(text, 5);

    assertThat(places.passages())
        .containsExactly("One two. Three four five.", "Six seven eight.\n\nNine.");
    assertThat(places.with(List.of("First.", "Second."), 0).text())
        .isEqualTo(
            "One two. Three four five.\n\n[Reflection: First.]\n\nSix seven eight.\n\nNine."
                + "\n\n[Reflection: Second.]");
  }

  @Test
  void aSentenceEndServesWhereNoParagraphEndComesInTime() {
    String text = "One two three. Four five. Six seven.\nEight nine ten";

    Made made = Reflections.in(text, 4).with(List.of("First.", "Second."), 3);

    assertThat(made.text())
        .isEqualTo(
            "One two three. Four five. [Reflection: First.] Six seven.\nEight nine ten"
                + "\n\n[Reflection: Second.]");
    assertThat(made.inserted()).containsExactly(new Span(25, 46), new Span(72, 95));
    assertThat(made.tagsRemoved()).isEqualTo(3);
  }

  @Test
  void aShortTextHasOneRemarkAtItsEndAndAShortRestHasNone() {
    assertThat(Reflections.in("One two.", 200).passages()).containsExactly("One two.");
    assertThat(Reflections.in("One two three four.\n\nFive.", 4).passages())
        .containsExactly("One two three four.");
    assertThat(Reflections.in("One two three four.\n\nFive six.", 4).passages())
        .containsExactly("One two three four.", "Five six.");
  }

  @ParameterizedTest
  @Repetitions(300)
  void withoutWhatWasInsertedTheTextIsTheDocuments(SplittableRandom random) {
    String text = RandomProse.of(random) + "end";
    Reflections places = Reflections.in(text, random.nextInt(1, 40));
    List<String> remarks = new ArrayList<>();
    for (int i = 0; i < places.places().size(); i++) {
      remarks.add("remark " + i + " [with] 😀");
    }

    Made made = places.with(remarks, 0);

    StringBuilder source = new StringBuilder(made.text());
    int end = made.text().length();
    for (int i = made.inserted().size() - 1; i >= 0; i--) {
      Span span = made.inserted().get(i);
      assertThat(span.end()).isLessThanOrEqualTo(end);
      end = span.start();
      assertThat(made.text().substring(span.start(), span.end()).strip())
          .isEqualTo("[Reflection: " + remarks.get(i) + "]");
      source.delete(span.start(), span.end());
    }
    assertThat(source.toString()).isEqualTo(text);
    assertThat(made.inserted()).hasSize(remarks.size()).isNotEmpty();
  }

  @ParameterizedTest
  @Repetitions(300)
  void remarksStandBehindWordsAndAboutAsFarApartAsAskedFor(SplittableRandom random) {
    String text = RandomProse.of(random) + "end";
    int everyWords = random.nextInt(1, 40);

    Reflections places = Reflections.in(text, everyWords);

    int before = 0;
    for (Breaks.Break place : places.places()) {
      assertThat(Tagger.isSpace(text.charAt(place.position() - 1))).isFalse();
      boolean last = place.position() == text.length();
      if (!last) {
        assertThat(Tagger.isSpace(text.charAt(place.position()))).isTrue();
        assertThat(place.words() - before).isGreaterThanOrEqualTo(everyWords);
      }
      before = place.words();
    }
  }
}
