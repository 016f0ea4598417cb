package org.onset.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.BadInput;
import org.onset.Repetitions;
import org.onset.token.PairMerges.Merge;

class BytePairTrainerTest {
  @TempDir static Path shared;
  private static HuggingFaceTokenizer library;
  @TempDir Path folder;

  @BeforeAll
  static void open() throws IOException {
    SampleTokenizers.bytePairs(shared).close();
    library = HuggingFaceTokenizer.newInstance(shared, Map.of("truncation", "false"));
  }

  @AfterAll
  static void close() {
    library.close();
  }

  @Test
  void wordsAreGpt2s() {
    assertThat(BytePairTrainer.words("I'll say it's  2025!\n\n She'd\t stay..."))
        .containsExactly(
            "I", "'ll", " say", " it", "'s", " ", " 2025", "!", "\n\n", " She", "'d", "\t", " stay",
            "...");
    assertThat(BytePairTrainer.words("a\u00A0\u2003b   "))
        .containsExactly("a", "\u00A0", "\u2003", "b", "   ");
  }

  @ParameterizedTest
  @Repetitions(200)
  void wordsTogetherAreTheText(SplittableRandom random) {
    String text = SampleTokenizers.hostileText(random);

    assertThat(String.join("", BytePairTrainer.words(text).toList())).isEqualTo(text);
  }

  @ParameterizedTest
  @Repetitions(200)
  void wordsAreThoseOfTheLibraryThatEncodes(SplittableRandom random) {
    String text = SampleTokenizers.hostileText(random);
    for (String token : SpecialTokens.all()) {
      text = text.replace(token, "");
    }

    Encoding encoding = library.encode(text, false, false);

    Map<Long, List<Long>> idsByWord = new TreeMap<>();
    for (int i = 0; i < encoding.getIds().length; i++) {
      idsByWord
          .computeIfAbsent(encoding.getWordIds()[i], _ -> new ArrayList<>())
          .add(encoding.getIds()[i]);
    }
    assertThat(BytePairTrainer.words(text))
        .containsExactlyElementsOf(
            idsByWord.values().stream()
                .map(ids -> library.decode(ids.stream().mapToLong(id -> id).toArray()))
                .toList());
  }

  @Test
  void theMostFrequentPairComesFirst() {
    PairMerges learnt = PairMerges.learn(Map.of("abab", 1L, "cab", 2L, "xyz", 1L), 258);

    assertThat(spelled(learnt)).containsExactly("a b", "c ab");
  }

  @Test
  void equallyFrequentPairsComeInTheOrderOfTheirIds() {
    PairMerges learnt = PairMerges.learn(Map.of("zy", 5L, "ax", 5L, "ab", 5L), 259);

    assertThat(spelled(learnt)).containsExactly("a b", "a x", "z y");
  }

  @Test
  void aPairOfTwinsIsJoinedFromTheLeft() {
    PairMerges learnt = PairMerges.learn(Map.of("aaaaa", 10L), 300);

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
          for (int rank : ByteAlphabet.ranks(word)) {
            symbols.add(rank);
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

    assertThat(PairMerges.learn(words, size).merges()).isEqualTo(learnSlowly(words, size));
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
        .hasMessageContaining("set vocabSize to 263 or less");
    assertThat(Files.exists(folder.resolve("tokenizer.json"))).isFalse();

    BytePairTrainer.train(List.of("aaaa aaaa"), 263, folder);
    assertThat(Files.exists(folder.resolve("tokenizer.json"))).isTrue();
  }

  private static List<String> spelled(PairMerges learnt) {
    return learnt.merges().stream()
        .map(merge -> learnt.tokens().get(merge.left()) + " " + learnt.tokens().get(merge.right()))
        .toList();
  }
}
