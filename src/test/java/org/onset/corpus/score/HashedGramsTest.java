package org.onset.corpus.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class HashedGramsTest {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;
  private static final long CHARACTERS = 0x9e3779b97f4a7c15L;

  @ParameterizedTest
  @Repetitions(200)
  void itCountsWhatTheObviousWayCounts(SplittableRandom random) {
    ScorerSpec spec =
        new ScorerSpec(
            8 + random.nextInt(17),
            1 + random.nextInt(3),
            random.nextBoolean() ? 0 : 3 + random.nextInt(3),
            1,
            1,
            0.5,
            1 + random.nextInt(60));
    HashedGrams grams = new HashedGrams(spec);
    grams.read(randomText(random)); // what another text has left in the buffers must not show
    grams.chunk(0, 1);
    String text = randomText(random);

    grams.read(text);

    List<List<String>> chunks = chunks(words(text), spec.chunkWords());
    assertThat(grams.chunks(spec.chunkWords())).isEqualTo(chunks.size());
    for (int i = 0; i < chunks.size(); i++) {
      Vector vector = grams.chunk(i, chunks.size()).copy();
      Map<Integer, Double> expected = reference(chunks.get(i), spec);
      assertThat(vector.indices())
          .containsExactly(expected.keySet().stream().mapToInt(Integer::intValue).toArray());
      assertThat(vector.values())
          .containsExactly(
              expected.values().stream().mapToDouble(Double::doubleValue).toArray(), within(1e-12));
    }
  }

  @Test
  void aFewCoordinatesStayWhereTheyAlwaysWere() {
    Vector vector = new HashedGrams(ScorerSpec.standard()).vector("A market");

    assertThat(vector.indices()).containsExactly(GOLDEN);
  }

  /** Weights are kept for coordinates: if these change, so must the version of a scorer's file. */
  private static final int[] GOLDEN = {
    14_701, 37_897, 48_293, 59_671, 67_269, 107_908, 150_180, 152_521, 163_958, 180_326, 181_443,
    186_867, 207_148, 240_072, 242_835
  };

  @Test
  void chunksShareTheWordsEvenly() {
    HashedGrams grams = new HashedGrams(new ScorerSpec(16, 1, 0, 1, 1, 0.5, 50));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 101; i++) {
      text.append("w").append(i).append(i % 7 == 0 ? "\n\n" : ", ");
    }

    grams.read(text.toString());

    assertThat(grams.chunks(50)).isEqualTo(3);
    assertThat(grams.chunk(0, 3).length()).isEqualTo(33);
    assertThat(grams.chunk(1, 3).length()).isEqualTo(34);
    assertThat(grams.chunk(2, 3).length()).isEqualTo(34);
    grams.read("");
    assertThat(grams.chunks(50)).isEqualTo(1);
    assertThat(grams.chunk(0, 1).length()).isZero();
    grams.read("w ".repeat(50));
    assertThat(grams.chunks(50)).isEqualTo(1);
  }

  @Test
  void vectorsHaveLengthOneAndIgnoreCaseAndSpacing() {
    HashedGrams grams = new HashedGrams(ScorerSpec.standard());

    Vector vector = grams.vector("Don't  PANIC, don't panic!");

    Vector same = grams.vector("don't panic\ndon't panic");
    assertThat(Arrays.stream(vector.values()).map(v -> v * v).sum()).isCloseTo(1, within(1e-12));
    assertThat(vector.indices()).isSorted().containsExactly(same.indices());
    assertThat(vector.values()).containsExactly(same.values());
  }

  @Test
  void gramsOfWordsAndCharactersAreCounted() {
    // the words, and their two pairs
    assertThat(new HashedGrams(new ScorerSpec(20, 2, 0, 1, 1, 0.5, 50)).vector("ab cd ab").length())
        .isEqualTo(2 + 2);
    // one word, and of " abc " the grams of 3 and 4 characters
    assertThat(new HashedGrams(new ScorerSpec(20, 2, 4, 1, 1, 0.5, 50)).vector("abc").length())
        .isEqualTo(1 + 3 + 2);
  }

  private static String randomText(SplittableRandom random) {
    String[] pieces = {
      "a",
      "b",
      "C",
      "é",
      "İ",
      "7",
      "'",
      "\u2019",
      " ",
      "  ",
      "\n",
      ", ",
      "the ",
      "walk",
      "ß",
      "語",
      "\ud83d\ude00",
      "\u0301",
      "\ud800",
      "-"
    };
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(10) == 0 ? 3_000 : random.nextInt(200);
    for (int i = 0; i < length; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  private static List<String> words(String text) {
    return Pattern.compile(
            "[\\p{L}\\p{Nd}\\p{Cs}\\p{So}\\p{Mn}](?:[\\p{L}\\p{Nd}\\p{Cs}\\p{So}\\p{Mn}]|['\u2019](?=[\\p{L}\\p{Nd}]))*")
        .matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(match -> match.group())
        .toList();
  }

  private static List<List<String>> chunks(List<String> words, int chunkWords) {
    int count = Math.max(1, Math.ceilDiv(words.size(), chunkWords));
    List<List<String>> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunks.add(words.subList(words.size() * i / count, words.size() * (i + 1) / count));
    }
    return chunks;
  }

  private static Map<Integer, Double> reference(List<String> words, ScorerSpec spec) {
    Map<Integer, Double> counts = new TreeMap<>();
    for (int i = 0; i < words.size(); i++) {
      long gram = 0;
      for (int length = 1; length <= spec.wordGrams() && length <= i + 1; length++) {
        gram = gram * PRIME + hash(OFFSET, words.get(i - length + 1));
        counts.merge(coordinate(gram + length, spec), 1.0, Double::sum);
      }
      String spaced = " " + words.get(i) + " ";
      for (int length = 3; length <= spec.characterGrams(); length++) {
        for (int from = 0; from + length <= spaced.length(); from++) {
          long hash = hash(OFFSET ^ CHARACTERS, spaced.substring(from, from + length));
          counts.merge(coordinate(hash, spec), 1.0, Double::sum);
        }
      }
    }
    counts.replaceAll((_, count) -> 1 + Math.log(count));
    double norm = Math.sqrt(counts.values().stream().mapToDouble(v -> v * v).sum());
    counts.replaceAll((_, value) -> value / norm);
    return counts;
  }

  private static long hash(long seed, String string) {
    long hash = seed;
    for (int i = 0; i < string.length(); i++) {
      hash = (hash ^ string.charAt(i)) * PRIME;
    }
    return hash;
  }

  private static int coordinate(long hash, ScorerSpec spec) {
    long mixed = (hash ^ (hash >>> 32)) * CHARACTERS;
    return (int) (mixed >>> 40) & ((1 << spec.hashBits()) - 1);
  }
}
