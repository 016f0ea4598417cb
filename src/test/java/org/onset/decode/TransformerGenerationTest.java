package org.onset.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.onset.Seeds;
import org.onset.decode.Decoder.Beam;
import org.onset.decode.Decoder.Greedy;
import org.onset.decode.Decoder.SafeBeam;
import org.onset.decode.Decoder.SafeBeamThreshold;
import org.onset.decode.Decoder.TopK;
import org.onset.decode.ReferenceSearch.Dropping;
import org.onset.decode.ReferenceSearch.Safety;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;

/** The real model behind the search: cached, batched and looked ahead, against whole texts anew. */
class TransformerGenerationTest {
  private static final ModelSpec SPEC =
      new ModelSpec(23, 16, 2, 4, 2, 4, 24, 32, 10_000, 1e-5, true);
  private static final Transformer MODEL = Transformer.initialise(SPEC, new Seeds(5));
  private static final Seeds SEEDS = new Seeds(1);
  private static final int TAG = 4;
  private static final int[] STOP = {0};
  private static final int LIMIT = 8;
  private static final Generation GENERATION = new Generation(MODEL, STOP, OptionalInt.of(TAG));
  private static final List<Prompt> PROMPTS = prompts();

  @AfterAll
  static void close() {
    MODEL.close();
  }

  @Test
  void greedyAndBeamSearchFindWhatTheUncachedModelSays() {
    assertSame(
        GENERATION.complete(PROMPTS, new Greedy(), LIMIT, SEEDS, 0),
        prompt -> reference(1).beamSearch(prompt));
    assertSame(
        GENERATION.complete(PROMPTS, new Beam(3), LIMIT, SEEDS, 0),
        prompt -> reference(3).beamSearch(prompt));
  }

  @Test
  void safeBeamFindsWhatTheUncachedModelSays() {
    var half = new Safety(TAG, 3, Dropping.HALF, 0, false);
    var threshold = new Safety(TAG, 2, Dropping.HALF_ABOVE_THRESHOLD, 0.03, true);

    assertSame(
        GENERATION.complete(PROMPTS, new SafeBeam(4, 3, false), LIMIT, SEEDS, 0),
        prompt -> reference(4).safeBeam(prompt, half));
    assertSame(
        GENERATION.complete(PROMPTS, new SafeBeamThreshold(3, 2, 0.03, true), LIMIT, SEEDS, 0),
        prompt -> reference(3).safeBeam(prompt, threshold));
  }

  @Test
  void sampledTokensDoNotDependOnTheBatch() {
    List<Completion> together = GENERATION.complete(PROMPTS, new TopK(9, 1), LIMIT, SEEDS, 3);

    for (int i = 0; i < PROMPTS.size(); i++) {
      List<Prompt> alone = List.of(PROMPTS.get(i));
      assertThat(GENERATION.complete(alone, new TopK(9, 1), LIMIT, SEEDS, 3).getFirst().tokens())
          .containsExactly(together.get(i).tokens());
    }
  }

  private static float[] uncached(int[] text) {
    return MODEL.logits(text)[text.length - 1];
  }

  private static ReferenceSearch reference(int beams) {
    return new ReferenceSearch(TransformerGenerationTest::uncached, Set.of(STOP[0]), beams, LIMIT);
  }

  private static void assertSame(List<Completion> actual, Function<int[], Completion> expected) {
    assertThat(actual).hasSameSizeAs(PROMPTS);
    for (int i = 0; i < actual.size(); i++) {
      Completion wanted = expected.apply(PROMPTS.get(i).tokens());
      assertThat(actual.get(i).tokens()).containsExactly(wanted.tokens());
      assertThat(actual.get(i).finish()).isEqualTo(wanted.finish());
      assertThat(actual.get(i).logProbability()).isCloseTo(wanted.logProbability(), within(1e-4));
    }
  }

  private static List<Prompt> prompts() {
    var random = new SplittableRandom(2);
    return IntStream.range(0, 12)
        .mapToObj(
            i ->
                new Prompt(
                    "p" + i, random.ints(1 + random.nextInt(12), 0, SPEC.vocabSize()).toArray()))
        .toList();
  }
}
