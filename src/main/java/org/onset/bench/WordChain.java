package org.onset.bench;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Which word follows which in some texts (a Markov chain of the first order), so that any amount of
 * text can be made that has their words, their frequencies and their line ends.
 */
final class WordChain {
  /** A word with the white space behind it. */
  private static final Pattern WORD = Pattern.compile("\\S+\\s*+");

  private final int[] sequence;
  // What follows word w at each of its places: from firstFollower[w] to firstFollower[w + 1].
  private final int[] followers;
  private final int[] firstFollower;
  // Word w as a JSON string holds it: from firstByte[w] to firstByte[w + 1].
  private final byte[] bytes;
  private final int[] firstByte;

  private WordChain(int[] sequence, List<byte[]> escaped) {
    this.sequence = sequence;
    this.firstFollower = new int[escaped.size() + 1];
    this.firstByte = new int[escaped.size() + 1];
    for (int word : sequence) {
      firstFollower[word + 1]++;
    }
    Arrays.parallelPrefix(firstFollower, Integer::sum);
    this.followers = new int[sequence.length];
    int[] next = firstFollower.clone();
    for (int place = 0; place < sequence.length; place++) {
      followers[next[sequence[place]]++] = sequence[(place + 1) % sequence.length];
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int word = 0; word < escaped.size(); word++) {
      all.writeBytes(escaped.get(word));
      firstByte[word + 1] = all.size();
    }
    this.bytes = all.toByteArray();
  }

  /** Learns from texts, offered one after another. */
  static final class Learning {
    private final Map<String, Integer> words = new HashMap<>();
    private final List<byte[]> escaped = new ArrayList<>();
    private int[] sequence = new int[1 << 16];
    private int length;

    void add(String text) {
      Matcher word = WORD.matcher(text.strip() + "\n\n");
      while (word.find()) {
        if (length == sequence.length) {
          sequence = Arrays.copyOf(sequence, 2 * length);
        }
        sequence[length++] = words.computeIfAbsent(word.group(), this::number);
      }
    }

    private int number(String word) {
      escaped.add(JsonStringEncoder.getInstance().quoteAsUTF8(word));
      return escaped.size() - 1;
    }

    WordChain chain() {
      return new WordChain(Arrays.copyOf(sequence, length), escaped);
    }
  }

  /** Any word, frequent ones more often. */
  int anyWord(SplittableRandom random) {
    return sequence[random.nextInt(sequence.length)];
  }

  /** A word that follows {@code word} somewhere. */
  int wordAfter(int word, SplittableRandom random) {
    int from = firstFollower[word];
    return followers[from + random.nextInt(firstFollower[word + 1] - from)];
  }

  /** Words in a row, of at least {@code size} bytes in all. */
  int[] text(int size, SplittableRandom random) {
    int[] text = new int[size / 4 + 16];
    int length = 0;
    int word = anyWord(random);
    for (int made = 0; made < size; made += length(word)) {
      word = length == 0 ? word : wordAfter(word, random);
      if (length == text.length) {
        text = Arrays.copyOf(text, 2 * length);
      }
      text[length++] = word;
    }
    return Arrays.copyOf(text, length);
  }

  private int length(int word) {
    return firstByte[word + 1] - firstByte[word];
  }

  /** A text as a JSON string holds it. */
  byte[] escaped(int[] text) {
    int size = 0;
    for (int word : text) {
      size += length(word);
    }
    byte[] all = new byte[size];
    int at = 0;
    for (int word : text) {
      // Words are too short for arraycopy to pay.
      for (int i = firstByte[word]; i < firstByte[word + 1]; i++) {
        all[at++] = bytes[i];
      }
    }
    return all;
  }
}
