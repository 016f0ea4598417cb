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
  private final int[] places; // of word w in the sequence: from firstPlace[w] to firstPlace[w + 1]
  private final int[] firstPlace;
  private final byte[][] escaped;

  private WordChain(int[] sequence, byte[][] escaped) {
    this.sequence = sequence;
    this.escaped = escaped;
    this.firstPlace = new int[escaped.length + 1];
    for (int word : sequence) {
      firstPlace[word + 1]++;
    }
    Arrays.parallelPrefix(firstPlace, Integer::sum);
    this.places = new int[sequence.length];
    int[] next = firstPlace.clone();
    for (int place = 0; place < sequence.length; place++) {
      places[next[sequence[place]]++] = place;
    }
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
      return new WordChain(Arrays.copyOf(sequence, length), escaped.toArray(byte[][]::new));
    }
  }

  /** Any word, frequent ones more often. */
  int anyWord(SplittableRandom random) {
    return sequence[random.nextInt(sequence.length)];
  }

  /** A word that follows {@code word} somewhere. */
  int wordAfter(int word, SplittableRandom random) {
    int from = firstPlace[word];
    int place = places[from + random.nextInt(firstPlace[word + 1] - from)];
    return sequence[(place + 1) % sequence.length];
  }

  /** Words in a row, of at least {@code bytes} in all. */
  int[] text(int bytes, SplittableRandom random) {
    int[] text = new int[bytes / 4 + 16];
    int length = 0;
    int word = anyWord(random);
    for (int made = 0; made < bytes; made += escaped[word].length) {
      word = length == 0 ? word : wordAfter(word, random);
      if (length == text.length) {
        text = Arrays.copyOf(text, 2 * length);
      }
      text[length++] = word;
    }
    return Arrays.copyOf(text, length);
  }

  /** A text as a JSON string holds it. */
  void write(int[] text, ByteArrayOutputStream out) {
    for (int word : text) {
      out.writeBytes(escaped[word]);
    }
  }
}
