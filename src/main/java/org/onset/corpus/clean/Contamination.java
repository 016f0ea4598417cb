package org.onset.corpus.clean;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Finds documents that hold a passage of an evaluation prompt: a run of n {@link Words}, so that
 * case, accents, punctuation and line breaks don't hide it. The published rule has n = 13 (Brown et
 * al. 2020, appendix C). In scripts whose every letter is a word, n words are a short passage.
 */
public final class Contamination implements Serializable {
  public static final int STANDARD_WORDS = 13;

  private static final int MOST_PASSAGE_CHARACTERS = 200;

  /** What a suite asks, under an id of that suite. */
  public record Prompt(String suite, String id, String text) implements Serializable {}

  /**
   * A passage of a prompt in a document.
   *
   * @param word the passage's first word in the document, counted from 0
   * @param passage as it stands in the document, cut to 200 characters (UTF-16 units)
   */
  public record Match(String suite, String promptId, int word, String passage)
      implements Serializable {}

  private final int wordsPerPassage;
  private final List<Prompt> prompts;
  private final SortedMap<String, Integer> shortPrompts;

  /** The words of all prompts before each, and of all prompts. */
  private final int[] wordsBefore;

  private final Numbering passages;

  /** Where each passage stands first, in the words of all prompts one after the other. */
  private final int[] places;

  public Contamination(List<Prompt> prompts, int wordsPerPassage) {
    if (wordsPerPassage < 1) {
      throw new IllegalArgumentException("wordsPerPassage must be above 0, was " + wordsPerPassage);
    }
    this.wordsPerPassage = wordsPerPassage;
    this.prompts = List.copyOf(prompts);
    this.wordsBefore = new int[prompts.size() + 1];
    SortedMap<String, Integer> tooShort = new TreeMap<>();
    for (int i = 0; i < prompts.size(); i++) {
      int words = Words.of(prompts.get(i).text()).count();
      wordsBefore[i + 1] = Math.addExact(wordsBefore[i], words);
      tooShort.merge(prompts.get(i).suite(), words < wordsPerPassage ? 1 : 0, Integer::sum);
    }
    this.shortPrompts = Collections.unmodifiableSortedMap(tooShort);
    int words = wordsBefore[prompts.size()];
    this.passages = new Numbering(words);
    int[] found = new int[words];
    for (int i = 0; i < prompts.size(); i++) {
      long[] grams = Words.of(prompts.get(i).text()).grams(wordsPerPassage);
      for (int word = 0; word < grams.length; word++) {
        if (passages.add(grams[word])) {
          found[passages.size() - 1] = wordsBefore[i] + word;
        }
      }
    }
    this.places = Arrays.copyOf(found, passages.size());
  }

  /**
   * Suite → how many of its prompts have too few words for a passage, 0 too: no document can match
   * those.
   */
  public SortedMap<String, Integer> shortPrompts() {
    return shortPrompts;
  }

  /** How many different passages are looked for. */
  public int passages() {
    return places.length;
  }

  public Optional<Match> find(String text) {
    return find(Words.of(text));
  }

  /** The first passage of a document that is a prompt's too; of several prompts, the first. */
  public Optional<Match> find(Words document) {
    long[] grams = document.grams(wordsPerPassage);
    for (int word = 0; word < grams.length; word++) {
      if (passages.contains(grams[word])) {
        int place = places[passages.number(grams[word])];
        Prompt prompt = prompts.get(promptAt(place));
        int offset = place - wordsBefore[promptAt(place)];
        if (isSame(document, word, Words.of(prompt.text()), offset)) {
          return Optional.of(new Match(prompt.suite(), prompt.id(), word, passage(document, word)));
        }
      }
    }
    return Optional.empty();
  }

  /** The prompt that has a word: the last that begins at or before it, so never an empty one. */
  private int promptAt(int place) {
    int low = 0;
    int high = prompts.size();
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (wordsBefore[middle] <= place) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Equal hashes may be a collision, and no document is dropped for that. */
  private boolean isSame(Words document, int word, Words prompt, int offset) {
    for (int i = 0; i < wordsPerPassage; i++) {
      if (!document.folded(word + i).equals(prompt.folded(offset + i))) {
        return false;
      }
    }
    return true;
  }

  private String passage(Words document, int word) {
    String passage =
        document.text().substring(document.start(word), document.end(word + wordsPerPassage - 1));
    if (passage.length() <= MOST_PASSAGE_CHARACTERS) {
      return passage;
    }
    int end = MOST_PASSAGE_CHARACTERS - 1;
    return passage.substring(0, Character.isHighSurrogate(passage.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }
}
