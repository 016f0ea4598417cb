package org.onset.token;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.ObjLongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How often each word occurs in some texts: all that {@link BytePairTrainer} learns from. Parts of
 * a corpus can be counted apart, on other machines, and added up in any order. Not safe to share
 * between threads.
 */
public final class WordCounts implements Serializable {
  private static final long serialVersionUID = 1;

  private static final Literals SPECIAL_TOKENS = new Literals(SpecialTokens.all());
  private static final Pattern SPECIAL_TOKEN =
      Pattern.compile(
          SpecialTokens.all().stream().map(Pattern::quote).collect(Collectors.joining("|")));

  private final WordTable words = new WordTable();
  private long[] counts = new long[1 << 9];

  /** Counts the words of a text; the literals of special tokens are no part of any word. */
  public void count(String text) {
    String wellFormed = Encoder.wellFormed(text);
    if (SPECIAL_TOKENS.isIn(wellFormed)) {
      SPECIAL_TOKEN.splitAsStream(wellFormed).forEach(this::countPlain);
    } else {
      countPlain(wellFormed);
    }
  }

  private void countPlain(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int start = 0; start < bytes.length; ) {
      int end = WordPattern.GPT2.wordEnd(bytes, start, bytes.length);
      add(bytes, start, end, 1);
      start = end;
    }
  }

  /** Counts a word {@code count} times more, such as {@link #forEach} gave it elsewhere. */
  public void add(String word, long count) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    add(bytes, 0, bytes.length, count);
  }

  /** Adds what was counted elsewhere. */
  public void addAll(WordCounts other) {
    for (int word = 0; word < other.size(); word++) {
      add(other.words.bytes(), other.words.start(word), other.words.end(word), other.counts[word]);
    }
  }

  private void add(byte[] text, int from, int to, long count) {
    int hash = WordTable.hash(text, from, to);
    int word = words.find(text, from, to, hash);
    if (word < 0) {
      word = words.add(text, from, to, hash);
      if (word == counts.length) {
        counts = Arrays.copyOf(counts, 2 * counts.length);
      }
    }
    counts[word] += count;
  }

  /** How many different words there are. */
  public int size() {
    return words.size();
  }

  /** Hands over each word with its count, in no order to rely on. */
  public void forEach(ObjLongConsumer<String> action) {
    for (int word = 0; word < size(); word++) {
      int length = words.end(word) - words.start(word);
      String text = new String(words.bytes(), words.start(word), length, StandardCharsets.UTF_8);
      action.accept(text, counts[word]);
    }
  }

  WordTable words() {
    return words;
  }

  long count(int word) {
    return counts[word];
  }
}
