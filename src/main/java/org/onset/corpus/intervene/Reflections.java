package org.onset.corpus.intervene;

import java.util.ArrayList;
import java.util.List;
import org.onset.corpus.intervene.Breaks.Break;
import org.onset.corpus.intervene.Breaks.Strength;

/**
 * Where remarks go into a text, in ascending order. Once {@code everyWords} words have passed, the
 * next paragraph's end is a place, and once a quarter more, a sentence's end is too. The text's end
 * is one where no other is, or where at least half of {@code everyWords} have passed since.
 */
record Reflections(String text, List<Break> places) {
  private static final double SENTENCES_TOO = 1.25;
  private static final double ENOUGH_AT_THE_END = 0.5;

  Reflections {
    places = List.copyOf(places);
  }

  /** The text must not be blank. */
  static Reflections in(String text, int everyWords) {
    List<Break> breaks = Breaks.of(text);
    List<Break> places = new ArrayList<>();
    int wordsBefore = 0;
    for (Break one : breaks) {
      int words = one.words() - wordsBefore;
      boolean last = one.words() == breaks.size();
      boolean due =
          switch (one.strength()) {
            case PARAGRAPH ->
                words >= everyWords
                    || (last && (places.isEmpty() || words >= ENOUGH_AT_THE_END * everyWords));
            case SENTENCE -> words >= SENTENCES_TOO * everyWords;
            case WORD -> false;
          };
      if (due) {
        places.add(one);
        wordsBefore = one.words();
      }
    }
    return new Reflections(text, places);
  }

  /** What each remark is about: the text since the place before. */
  List<String> passages() {
    List<String> passages = new ArrayList<>();
    int start = 0;
    for (Break place : places) {
      passages.add(text.substring(start, place.position()).strip());
      start = place.position();
    }
    return passages;
  }

  /** The text with a remark at each place. */
  Outcome.Made with(List<String> remarks, int tagsRemoved) {
    StringBuilder made = new StringBuilder();
    List<Span> inserted = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < places.size(); i++) {
      Break place = places.get(i);
      made.append(text, start, place.position());
      int from = made.length();
      made.append(place.strength() == Strength.PARAGRAPH ? "\n\n" : " ");
      made.append("[Reflection: ").append(remarks.get(i)).append(']');
      inserted.add(new Span(from, made.length()));
      start = place.position();
    }
    made.append(text, start, text.length());
    return new Outcome.Made(made.toString(), inserted, tagsRemoved);
  }
}
