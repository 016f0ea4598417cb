package org.onset.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.onset.BadInput;
import org.onset.Repetitions;
import org.onset.Seeds;
import org.onset.decode.Decoder.Beam;
import org.onset.decode.Decoder.Greedy;
import org.onset.decode.Decoder.SafeBeam;
import org.onset.decode.Decoder.SafeBeamThreshold;
import org.onset.decode.Decoder.TopK;
import org.onset.decode.Decoder.TopP;

class GenerationTest {
  private static final Seeds SEEDS = new Seeds(11);
  private static final int VOCAB = 12;
  private static final int[] STOP = {0, 3};
  private static final OptionalInt TAG = OptionalInt.of(1);

  static List<Decoder> decoders() {
    return List.of(
        new Greedy(),
        new TopK(5, 0.8),
        new TopP(0.9, 1.3),
        new Beam(3),
        new SafeBeam(3, 2, false),
        new SafeBeamThreshold(2, 4, 0.05, true));
  }

  static Stream<Decoder> samplingDecoders() {
    return decoders().stream().filter(d -> d instanceof TopK || d instanceof TopP);
  }

  @ParameterizedTest
  @Repetitions(200)
  void greedyTakesTheMostLikelyTokenUntilAStopTokenOrTheLimit(SplittableRandom random) {
    TableModel model = TableModel.random(random.nextLong(), VOCAB, 3, random.nextBoolean());
    List<Prompt> prompts = prompts(random, 5);
    int limit = 1 + random.nextInt(12);

    List<Completion> completions =
        new Generation(model, STOP, TAG).complete(prompts, new Greedy(), limit, SEEDS, 0);

    for (int i = 0; i < prompts.size(); i++) {
      List<Integer> expected = new ArrayList<>();
      int[] text = prompts.get(i).tokens();
      while (expected.size() < limit
          && (expected.isEmpty() || (expected.getLast() != 0 && expected.getLast() != 3))) {
        float[] logits = model.table.apply(text);
        expected.add(
            IntStream.range(0, VOCAB)
                .boxed()
                .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                .orElseThrow());
        text = TableModel.append(text, expected.getLast());
      }
      assertThat(completions.get(i).tokens()).containsExactly(expected.toArray(Integer[]::new));
    }
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void aCompletionHasItsStopTokenItsLengthAndItsLogProbability(Decoder decoder) {
    TableModel model = TableModel.random(8, VOCAB, 3, false);
    List<Prompt> prompts = prompts(new SplittableRandom(2), 60);
    List<Completion> completions =
        new Generation(model, STOP, TAG).complete(prompts, decoder, 6, SEEDS, 0);

    for (int i = 0; i < prompts.size(); i++) {
      Completion completion = completions.get(i);
      int[] tokens = completion.tokens();
      int[] text = prompts.get(i).tokens();
      double sum = 0;
      for (int at = 0; at < tokens.length; at++) {
        sum += ReferenceSearch.logProbabilities(model.table.apply(text))[tokens[at]];
        text = TableModel.append(text, tokens[at]);
        boolean stops = tokens[at] == 0 || tokens[at] == 3;
        assertThat(stops).isEqualTo(at == tokens.length - 1 && completion.finish() == Finish.STOP);
      }
      assertThat(completion.logProbability()).isCloseTo(sum, within(1e-9));
      assertThat(tokens.length == 6 || completion.finish() != Finish.LENGTH).isTrue();
      assertThat(tokens.length).isLessThanOrEqualTo(6);
    }
    assertThat(completions.stream().map(Completion::finish)).contains(Finish.STOP);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void aPromptsCompletionDoesNotDependOnThoseBesideIt(Decoder decoder) {
    List<Prompt> prompts = prompts(new SplittableRandom(4), 30);
    var generation = new Generation(TableModel.random(8, VOCAB, 3, false), STOP, TAG);
    List<Completion> together = generation.complete(prompts, decoder, 8, SEEDS, 2);

    List<Completion> alone =
        prompts.stream()
            .map(p -> generation.complete(List.of(p), decoder, 8, SEEDS, 2).getFirst())
            .toList();
    List<Prompt> shuffled = new ArrayList<>(prompts);
    Collections.shuffle(shuffled, new Random(3));
    List<Completion> amongOthers = generation.complete(shuffled, decoder, 8, SEEDS, 2);

    assertThat(alone).isEqualTo(together);
    assertThat(amongOthers)
        .isEqualTo(shuffled.stream().map(p -> together.get(prompts.indexOf(p))).toList());
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void severalBatchesGiveWhatOneDoes(Decoder decoder) {
    List<Prompt> prompts = prompts(new SplittableRandom(4), 30);
    TableModel heavy = TableModel.random(8, VOCAB, 3, false).withCacheBytesPerToken(1 << 23);
    TableModel light = TableModel.random(8, VOCAB, 3, false);

    assertThat(new Generation(heavy, STOP, TAG).complete(prompts, decoder, 8, SEEDS, 2))
        .isEqualTo(new Generation(light, STOP, TAG).complete(prompts, decoder, 8, SEEDS, 2));
    assertThat(light.rowsOpened).hasSize(1);
    assertThat(heavy.rowsOpened).hasSizeGreaterThan(3);
    assertThat(heavy.open).isZero();
    assertThat(light.open).isZero();
  }

  @ParameterizedTest
  @MethodSource("samplingDecoders")
  void samplesDifferBySeedSampleAndPromptAndRepeatExactly(Decoder decoder) {
    var generation = new Generation(TableModel.random(8, VOCAB, 1, false), new int[0], TAG);
    List<Prompt> prompts =
        List.of(new Prompt("a", new int[] {4, 5}), new Prompt("b", new int[] {4, 5}));
    List<Completion> first = generation.complete(prompts, decoder, 30, SEEDS, 0);

    assertThat(generation.complete(prompts, decoder, 30, SEEDS, 0)).isEqualTo(first);
    assertThat(generation.complete(prompts, decoder, 30, SEEDS, 1)).doesNotContainSequence(first);
    assertThat(generation.complete(prompts, decoder, 30, new Seeds(12), 0))
        .doesNotContainSequence(first);
    assertThat(first.getFirst()).isNotEqualTo(first.getLast());
  }

  @Test
  void samplingDrawsFromTheGeneratorOfItsPromptAndSample() {
    TableModel model = TableModel.random(8, VOCAB, 1, false);
    Completion completion =
        new Generation(model, new int[0], TAG)
            .complete(List.of(new Prompt("a/b", new int[] {4})), new TopK(9, 1), 20, SEEDS, 7)
            .getFirst();

    SplittableRandom random = SEEDS.generator("sampling/a/b/7");
    int[] text = {4};
    for (int token : completion.tokens()) {
      assertThat(token).isEqualTo(TokenChoice.topK(9, 1).choose(model.table.apply(text), random));
      text = TableModel.append(text, token);
    }
    assertThat(completion.tokens()).hasSize(20);
  }

  @ParameterizedTest
  @MethodSource("samplingDecoders")
  void aSampledTagStaysInTheTokens(Decoder decoder) {
    var onlyTheTag = new TableModel(2, _ -> new float[] {-50, 50});

    Completion completion =
        new Generation(onlyTheTag, new int[] {0}, TAG)
            .complete(List.of(new Prompt("p", new int[] {0})), decoder, 3, SEEDS, 0)
            .getFirst();

    assertThat(completion.tokens()).containsExactly(1, 1, 1);
    assertThat(completion.finish()).isEqualTo(Finish.LENGTH);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void aVocabularyOfOneTokenLeavesNoChoice(Decoder decoder) {
    var model = new TableModel(1, _ -> new float[] {3});
    List<Prompt> prompts = List.of(new Prompt("p", new int[] {0}));

    assertThat(
            new Generation(model, new int[0], OptionalInt.empty())
                .complete(prompts, decoder, 3, SEEDS, 0))
        .containsExactly(new Completion(new int[] {0, 0, 0}, 0, Finish.LENGTH));
    assertThat(
            new Generation(model, new int[] {0}, OptionalInt.empty())
                .complete(prompts, decoder, 3, SEEDS, 0))
        .containsExactly(new Completion(new int[] {0}, 0, Finish.STOP));
  }

  /** All but the rule that drops half whatever the risk, and so prefers texts that have ended. */
  static Stream<Decoder> decodersThatGoOn() {
    return decoders().stream().filter(decoder -> !(decoder instanceof SafeBeam));
  }

  @ParameterizedTest
  @MethodSource("decodersThatGoOn")
  void finishedPromptsLeaveTheBatch(Decoder decoder) {
    // A text goes on for as many tokens as its prompt's first says, then stops.
    var counting =
        new TableModel(
            VOCAB,
            text -> {
              float[] logits = new float[VOCAB];
              logits[text.length - 1 >= text[0] ? 0 : 5] = 100;
              return logits;
            });
    List<Prompt> prompts =
        IntStream.range(4, 10).mapToObj(i -> new Prompt("p" + i, new int[] {i})).toList();

    List<Completion> completions =
        new Generation(counting, STOP, TAG).complete(prompts, decoder, 20, SEEDS, 0);

    assertThat(completions.stream().map(completion -> completion.tokens().length))
        .containsExactly(5, 6, 7, 8, 9, 10);
    assertThat(counting.rowsRun.getLast()).isLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void aCompletionEndsByLengthWhereTheContextDoes(Decoder decoder) {
    TableModel model = TableModel.random(8, VOCAB, 1, false).withContext(7);
    List<Prompt> prompts =
        List.of(
            new Prompt("long", new int[] {2, 4, 5, 6, 7, 8}),
            new Prompt("short", new int[] {2}),
            new Prompt("middling", new int[] {2, 4, 5}));

    List<Completion> completions =
        new Generation(model, new int[0], OptionalInt.empty())
            .complete(prompts, decoder, 4, SEEDS, 0);

    assertThat(completions.stream().map(completion -> completion.tokens().length))
        .containsExactly(1, 4, 4);
    assertThat(completions).allMatch(completion -> completion.finish() == Finish.LENGTH);
  }

  @Test
  void noPromptsGiveNoCompletions() {
    TableModel model = TableModel.random(8, VOCAB, 3, false);

    assertThat(new Generation(model, STOP, TAG).complete(List.of(), new Greedy(), 4, SEEDS, 0))
        .isEmpty();
  }

  @Test
  void allUnusablePromptsAreNamedAtOnce() {
    var generation =
        new Generation(TableModel.random(8, VOCAB, 3, false).withContext(4), STOP, TAG);
    List<Prompt> prompts =
        List.of(
            new Prompt("fine", new int[] {1}),
            new Prompt("nothing", new int[0]),
            new Prompt("foreign", new int[] {1, 12, 13}),
            new Prompt("negative", new int[] {-1}),
            new Prompt("full", new int[] {1, 1, 1, 1}));

    assertThatThrownBy(() -> generation.complete(prompts, new Greedy(), 4, SEEDS, 0))
        .isInstanceOfSatisfying(
            BadInput.class,
            bad ->
                assertThat(bad.problems())
                    .satisfiesExactly(
                        p -> assertThat(p).contains("prompt nothing", "empty"),
                        p -> assertThat(p).contains("prompt foreign", "token 12", "0 to 11"),
                        p -> assertThat(p).contains("prompt negative", "token -1"),
                        p -> assertThat(p).contains("prompt full", "4 tokens", "context of 4")));
  }

  @Test
  void ourOwnMistakesAreRefused() {
    TableModel model = TableModel.random(8, VOCAB, 3, false);
    var generation = new Generation(model, STOP, TAG);
    List<Prompt> one = List.of(new Prompt("p", new int[] {1}));
    List<Prompt> twice = List.of(new Prompt("p", new int[] {1}), new Prompt("p", new int[] {2}));

    assertThatThrownBy(() -> generation.complete(one, new TopK(0, 1), 4, SEEDS, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TopK");
    assertThatThrownBy(() -> generation.complete(one, new Greedy(), 0, SEEDS, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxNewTokens");
    assertThatThrownBy(() -> generation.complete(twice, new Greedy(), 4, SEEDS, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two prompts have the id p");
    assertThatThrownBy(() -> new Generation(model, new int[] {12}, TAG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stop token 12");
    assertThatThrownBy(() -> new Generation(model, STOP, OptionalInt.of(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tag -1");
    assertThatThrownBy(
            () ->
                new Generation(new TableModel(1, _ -> new float[1]), new int[0], OptionalInt.of(0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void aDivergedModelIsReportedAndItsCacheFreed(Decoder decoder) {
    var diverged = new TableModel(2, _ -> new float[] {Float.NaN, 0});

    assertThatThrownBy(
            () ->
                new Generation(diverged, new int[0], OptionalInt.of(0))
                    .complete(List.of(new Prompt("p", new int[] {1})), decoder, 3, SEEDS, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("diverged");
    assertThat(diverged.open).isZero();
  }

  private static List<Prompt> prompts(SplittableRandom random, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Prompt("p" + i, random.ints(1 + random.nextInt(9), 2, VOCAB).toArray()))
        .toList();
  }
}
