package org.onset.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.BadInput;
import org.onset.Repetitions;
import org.onset.token.PairMerges.Merge;

class BytePairTrainerTest {
  private static final Pattern GPT2 = WordPatternTest.expression(WordPattern.GPT2);
  private static final String SPECIAL_TOKEN =
      SpecialTokens.all().stream().map(Pattern::quote).collect(Collectors.joining("|"));

  @TempDir Path folder;

  @Test
  void theMostFrequentPairComesFirst() {
    PairMerges learnt = learn(Map.of("abab", 1L, "cab", 2L, "xyz", 1L), 258);

    assertThat(spelled(learnt)).containsExactly("a b", "c ab");
  }

  @Test
  void equallyFrequentPairsComeInTheOrderOfTheirIds() {
    PairMerges learnt = learn(Map.of("zy", 5L, "ax", 5L, "ab", 5L), 259);

    assertThat(spelled(learnt)).containsExactly("a b", "a x", "z y");
  }

  @Test
  void aPairOfTwinsIsJoinedFromTheLeft() {
    PairMerges learnt = learn(Map.of("aaaaa", 10L), 300);

    assertThat(spelled(learnt)).containsExactly("a a", "aa a", "aa aaa");
  }

  /** Everything is counted again before each merge. */
  private static List<Merge> learnSlowly(Map<String, Long> wordCounts, int size) {
    List<String> tokens = new ArrayList<>(List.of(ByteAlphabet.characters()));
    List<Merge> merges = new ArrayList<>();
    Map<List<Integer>, Long> words = new LinkedHashMap<>();
    wordCounts.forEach(
        (word, count) -> {
          List<Integer> symbols = new ArrayList<>();
          for (byte letter : word.getBytes(StandardCharsets.UTF_8)) {
            symbols.add(ByteAlphabet.rank(letter));
          }
          words.put(symbols, count);
        });
    while (tokens.size() < size) {
      Map<Merge, Long> counts = new HashMap<>();
      words.forEach(
          (word, count) -> {
            for (int i = 1; i < word.size(); i++) {
              counts.merge(new Merge(word.get(i - 1), word.get(i)), count, Long::sum);
            }
          });
      Merge best = null;
      for (Map.Entry<Merge, Long> entry : counts.entrySet()) {
        if (entry.getValue() >= 2 && (best == null || precedes(entry.getKey(), best, counts))) {
          best = entry.getKey();
        }
      }
      if (best == null) {
        break;
      }
      String text = tokens.get(best.left()) + tokens.get(best.right());
      if (!tokens.contains(text)) {
        tokens.add(text);
      }
      merges.add(best);
      Map<List<Integer>, Long> joined = new LinkedHashMap<>();
      for (Map.Entry<List<Integer>, Long> entry : words.entrySet()) {
        joined.merge(join(entry.getKey(), best, tokens.indexOf(text)), entry.getValue(), Long::sum);
      }
      words.clear();
      words.putAll(joined);
    }
    return merges;
  }

  private static boolean precedes(Merge one, Merge other, Map<Merge, Long> counts) {
    int byCount = Long.compare(counts.getOrDefault(other, 0L), counts.getOrDefault(one, 0L));
    int byLeft = byCount != 0 ? byCount : Integer.compare(one.left(), other.left());
    return (byLeft != 0 ? byLeft : Integer.compare(one.right(), other.right())) < 0;
  }

  private static List<Integer> join(List<Integer> word, Merge pair, int merged) {
    List<Integer> joined = new ArrayList<>();
    for (int i = 0; i < word.size(); i++) {
      if (i + 1 < word.size() && word.get(i) == pair.left() && word.get(i + 1) == pair.right()) {
        joined.add(merged);
        i++;
      } else {
        joined.add(word.get(i));
      }
    }
    return joined;
  }

  @ParameterizedTest
  @Repetitions(200)
  void incrementalCountsGiveTheMergesOfCountingAnew(SplittableRandom random) {
    int letters = 1 + random.nextInt(4);
    Map<String, Long> words = new LinkedHashMap<>();
    for (int w = random.nextInt(12); w >= 0; w--) {
      StringBuilder word = new StringBuilder();
      for (int i = random.nextInt(14); i >= 0; i--) {
        word.append((char) ('a' + random.nextInt(letters)));
      }
      words.merge(word.toString(), 1L + random.nextInt(3), Long::sum);
    }
    int size = 256 + random.nextInt(60);

    assertThat(learn(words, size).merges()).isEqualTo(learnSlowly(words, size));
  }

  @Test
  void theOrderOfTheTextsDoesNotMatter() throws IOException {
    List<String> texts = new ArrayList<>(SampleTokenizers.trainingTexts());
    BytePairTrainer.train(texts, 300, folder.resolve("one"));
    Collections.shuffle(texts, new Random(1));
    BytePairTrainer.train(texts, 300, folder.resolve("other"));

    assertThat(folder.resolve("one/tokenizer.json"))
        .hasSameBinaryContentAs(folder.resolve("other/tokenizer.json"));
  }

  @ParameterizedTest
  @Repetitions(20)
  void wordsCountedApartAndAddedUpAreThoseCountedTogether(SplittableRandom random) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      texts.add(SampleTokenizers.hostileText(random) + "\uD800");
    }
    Map<String, Long> together = new TreeMap<>();
    for (String text : texts) {
      for (String plain : text.split(SPECIAL_TOKEN, -1)) {
        GPT2.matcher(plain.replace('\uD800', '\uFFFD'))
            .results()
            .forEach(word -> together.merge(word.group(), 1L, Long::sum));
      }
    }

    WordCounts apart = new WordCounts();
    texts.subList(0, 20).forEach(apart::count);
    WordCounts rest = new WordCounts();
    texts.subList(20, 40).forEach(rest::count);
    rest.forEach(apart::add);

    assertThat(asMap(apart)).isEqualTo(together);
    assertThat(apart.size()).isEqualTo(together.size());
    for (int threads = 1; threads <= 3; threads++) {
      assertThat(asMap(ParallelWordCount.of(texts, threads))).isEqualTo(together);
    }
  }

  @Test
  void manyThreadsCountEachTextOnce() {
    String text = "a bread ".repeat(40_000);

    WordCounts counts = ParallelWordCount.of(Collections.nCopies(20, text), 4);

    assertThat(asMap(counts))
        .isEqualTo(Map.of("a", 20L, " a", 20L * 39_999, " bread", 20L * 40_000, " ", 20L));
  }

  @Test
  void countsSurviveTheirJourney() throws Exception {
    WordCounts counts = new WordCounts();
    counts.count("The baker's bread is the baker's.");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(counts);
    }

    WordCounts read;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      read = (WordCounts) in.readObject();
    }
    read.count("bread");

    counts.count("bread");
    assertThat(asMap(read)).isEqualTo(asMap(counts));
  }

  @Test
  void aTextThatCannotBeReadStopsTheTraining() {
    Iterable<String> broken =
        () ->
            Stream.of("bread", "bread", "oven")
                .peek(
                    text -> {
                      if (text.equals("oven")) {
                        throw new BadInput("no more bread");
                      }
                    })
                .iterator();

    assertThatThrownBy(() -> BytePairTrainer.train(broken, 300, folder))
        .isInstanceOf(BadInput.class)
        .hasMessage("no more bread");
  }

  @Test
  void aLongRunWithoutBreaksIsLearnt() {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      word.append((char) ('a' + random.nextInt(20)));
    }

    PairMerges learnt = learn(Map.of(word.toString(), 1L), 3_000);

    assertThat(learnt.merges()).hasSize(3_000 - 256);
  }

  private static Map<String, Long> asMap(WordCounts counts) {
    Map<String, Long> map = new TreeMap<>();
    counts.forEach(map::put);
    return map;
  }

  @Test
  void theVocabularyHasTheSizeAskedFor() {
    try (Tokenizer tokenizer = SampleTokenizers.bytePairs(folder)) {
      assertThat(tokenizer.vocabSize()).isEqualTo(300);
      assertThat(tokenizer.idOf("!")).hasValue(5);
      assertThat(tokenizer.encode(" bread")).hasSize(1);
      assertThat(tokenizer.encode(" xylem")).hasSize(6);
    }
  }

  @Test
  void literalsOfSpecialTokensTeachNothing() throws IOException {
    List<String> plain = SampleTokenizers.trainingTexts();
    BytePairTrainer.train(plain, 300, folder.resolve("plain"));
    List<String> littered =
        plain.stream().map(text -> SpecialTokens.TAG + text + "<|end|><|end|>").toList();
    BytePairTrainer.train(littered, 300, folder.resolve("littered"));

    assertThat(folder.resolve("littered/tokenizer.json"))
        .hasSameBinaryContentAs(folder.resolve("plain/tokenizer.json"));
  }

  @Test
  void aVocabularyWithoutRoomForAMergeIsRefused() {
    assertThatThrownBy(() -> BytePairTrainer.train(List.of("text"), 261, folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("at least 262")
        .hasMessageContaining("was 261");
  }

  @Test
  void tooLittleTextIsRefusedWithTheSizeItGives() throws IOException {
    assertThatThrownBy(() -> BytePairTrainer.train(List.of("aaaa aaaa"), 4_096, folder))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("gives a vocabulary of 263, 4096 were asked for")
        .hasMessageContaining("vocabSize: the tokenizer's training text");
    assertThat(Files.exists(folder.resolve("tokenizer.json"))).isFalse();

    BytePairTrainer.train(List.of("aaaa aaaa"), 263, folder);
    assertThat(Files.exists(folder.resolve("tokenizer.json"))).isTrue();
  }

  private static PairMerges learn(Map<String, Long> words, int size) {
    WordCounts counts = new WordCounts();
    words.forEach(counts::add);
    return PairMerges.learn(counts, size);
  }

  private static List<String> spelled(PairMerges learnt) {
    return learnt.merges().stream()
        .map(merge -> learnt.tokens().get(merge.left()) + " " + learnt.tokens().get(merge.right()))
        .toList();
  }
}
