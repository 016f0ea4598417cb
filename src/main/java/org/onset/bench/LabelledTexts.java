package org.onset.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.onset.corpus.Document;

/**
 * Labelled texts for a scorer whose speed is to be measured: beginnings of the input's texts, with
 * the more words of violence strewn in the higher their label. What it learns is not worth knowing.
 */
final class LabelledTexts {
  private static final int TEXTS = 1_200;
  private static final int WORDS = 60;
  private static final int CHARACTERS = 600;
  private static final int STREWN_PER_SCORE = 3;
  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final List<String> STREWN =
      List.of(
          "weapon",
          "poison",
          "bomb",
          "murder",
          "attack",
          "stab",
          "explosive",
          "steal",
          "kidnap",
          "torture",
          "threat",
          "hatred",
          "assault",
          "arson",
          "ransom",
          "strangle");

  private final List<String> beginnings = new ArrayList<>();

  /** Offers a text of the input; the first few are taken. */
  void offer(String text) {
    if (beginnings.size() < TEXTS) {
      int end = Math.min(text.length(), CHARACTERS);
      int whole = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? 1 : 0;
      beginnings.add(text.substring(0, end - whole));
    }
  }

  /** Writes JSON lines with a text and its label, {@code score-0} and on, each. */
  void write(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(0);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < TEXTS; i++) {
        int score = i % 2 == 0 ? 0 : 1 + i / 2 % Document.MAX_SCORE;
        String[] words = SPACE.split(beginnings.get(i % beginnings.size()), WORDS + 1);
        List<String> text = new ArrayList<>(Arrays.asList(words));
        for (int n = 0; n < STREWN_PER_SCORE * score; n++) {
          String word = STREWN.get(random.nextInt(STREWN.size()));
          text.add(random.nextInt(text.size() + 1), word);
        }
        out.write(
            BenchJson.MAPPER.writeValueAsString(
                Map.of("text", String.join(" ", text), "label", label(score))));
        out.write('\n');
      }
    }
  }

  /** What the labels mean. */
  static Map<String, Integer> scores() {
    Map<String, Integer> scores = new LinkedHashMap<>();
    for (int score = 1; score <= Document.MAX_SCORE; score++) {
      scores.put(label(score), score);
    }
    return scores;
  }

  private static String label(int score) {
    return "score-" + score;
  }
}
