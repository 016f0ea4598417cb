package org.onset.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.Seeds;
import org.onset.decode.Decoder.Beam;
import org.onset.decode.Decoder.Greedy;
import org.onset.decode.Decoder.SafeBeam;
import org.onset.decode.Decoder.SafeBeamThreshold;
import org.onset.decode.DecodingListener.Candidate;
import org.onset.decode.ReferenceSearch.Dropping;
import org.onset.decode.ReferenceSearch.Safety;

/** Both rules of SafeBeam and plain beam search, against {@link ReferenceSearch} and by hand. */
class BeamSearchTest {
  private static final float NEVER = Float.NEGATIVE_INFINITY;

  /** A random setting: a table, some of them full of ties, and prompts of unequal length. */
  private static final class Setting {
    final int vocabSize;
    final TableModel model;
    final int beams;
    final int extensions;
    final int maxNewTokens;
    final int[] stopTokens;
    final int tag;
    final double threshold;
    final boolean stopOnTag;
    final List<Prompt> prompts;

    Setting(SplittableRandom random) {
      vocabSize = 2 + random.nextInt(9);
      double spread = random.nextBoolean() ? 1.5 : 5;
      model = TableModel.random(random.nextLong(), vocabSize, spread, random.nextInt(3) > 0);
      beams = 1 + random.nextInt(4);
      extensions = 1 + random.nextInt(5);
      maxNewTokens = 1 + random.nextInt(6);
      stopTokens = random.ints(random.nextInt(3), 0, vocabSize).toArray();
      tag = random.nextInt(vocabSize);
      threshold = random.nextInt(4) == 0 ? 0 : random.nextDouble(0.4);
      stopOnTag = random.nextBoolean();
      prompts = prompts(random, vocabSize);
    }

    List<Completion> complete(Decoder decoder) {
      return complete(decoder, OptionalInt.of(tag));
    }

    List<Completion> complete(Decoder decoder, OptionalInt tagOrNone) {
      return new Generation(model, stopTokens, tagOrNone)
          .complete(prompts, decoder, maxNewTokens, new Seeds(1), 0);
    }

    ReferenceSearch reference() {
      Set<Integer> stops = new HashSet<>();
      IntStream.of(stopTokens).forEach(stops::add);
      return new ReferenceSearch(model.table, stops, beams, maxNewTokens);
    }

    List<Completion> expected(Dropping dropping) {
      var safety = new Safety(tag, extensions, dropping, threshold, stopOnTag);
      return prompts.stream().map(p -> reference().safeBeam(p.tokens(), safety)).toList();
    }
  }

  @ParameterizedTest
  @Repetitions(200)
  void beamSearchEqualsItsReference(SplittableRandom random) {
    var setting = new Setting(random);

    assertSame(
        setting.complete(new Beam(setting.beams)),
        setting.prompts.stream().map(p -> setting.reference().beamSearch(p.tokens())).toList());
  }

  @ParameterizedTest
  @Repetitions(400)
  void safeBeamEqualsItsReference(SplittableRandom random) {
    var setting = new Setting(random);

    assertSame(
        setting.complete(new SafeBeam(setting.beams, setting.extensions, setting.stopOnTag)),
        setting.expected(Dropping.HALF));
  }

  @ParameterizedTest
  @Repetitions(400)
  void theThresholdRuleEqualsItsReference(SplittableRandom random) {
    var setting = new Setting(random);

    assertSame(
        setting.complete(
            new SafeBeamThreshold(
                setting.beams, setting.extensions, setting.threshold, setting.stopOnTag)),
        setting.expected(Dropping.HALF_ABOVE_THRESHOLD));
  }

  @ParameterizedTest
  @Repetitions(200)
  void aListenerHearsCandidatesFromWhichTheSearchFollows(SplittableRandom random) {
    var setting = new Setting(random);
    var decoder = new SafeBeam(setting.beams, setting.extensions, setting.stopOnTag);
    Map<String, List<List<Candidate>>> heard = new HashMap<>();
    DecodingListener listener =
        new DecodingListener() {
          @Override
          public void decided(Prompt prompt, Supplier<List<Candidate>> candidates) {
            heard.computeIfAbsent(prompt.id(), _ -> new ArrayList<>()).add(candidates.get());
          }
        };

    List<Completion> completions =
        new Generation(setting.model, setting.stopTokens, OptionalInt.of(setting.tag))
            .complete(setting.prompts, decoder, setting.maxNewTokens, new Seeds(1), 0, listener);

    assertThat(completions).isEqualTo(setting.complete(decoder));
    for (int i = 0; i < completions.size(); i++) {
      List<Double> totals = List.of(0.0);
      for (List<Candidate> step : heard.getOrDefault(setting.prompts.get(i).id(), List.of())) {
        for (Candidate candidate : step) {
          assertThat(candidate.total())
              .isEqualTo(totals.get(candidate.beam()) + candidate.logProbability());
        }
        List<Candidate> safest =
            step.stream()
                .sorted(Comparator.comparingDouble(c -> c.tagProbability().orElseThrow()))
                .limit(Math.ceilDiv(step.size(), 2))
                .toList();
        List<Candidate> kept =
            step.stream()
                .filter(safest::contains)
                .sorted(Comparator.comparingDouble(Candidate::total).reversed())
                .limit(setting.beams)
                .toList();
        assertThat(step.stream().filter(Candidate::kept)).containsExactlyInAnyOrderElementsOf(kept);
        totals = kept.stream().map(Candidate::total).toList();
      }
      assertThat(completions.get(i).logProbability()).isEqualTo(totals.getFirst());
    }
  }

  @ParameterizedTest
  @Repetitions(200)
  void withoutATagSafeBeamIsBeamSearch(SplittableRandom random) {
    var setting = new Setting(random);
    int beams = setting.beams;
    int extensions = beams + random.nextInt(3);
    List<Completion> beamSearch = setting.complete(new Beam(beams));

    OptionalInt none = OptionalInt.empty();
    assertThat(setting.complete(new SafeBeam(beams, extensions, true), none)).isEqualTo(beamSearch);
    assertThat(setting.complete(new SafeBeamThreshold(beams, extensions, 0, true), none))
        .isEqualTo(beamSearch);
  }

  @ParameterizedTest
  @Repetitions(200)
  void withAnImpossibleTagAndNothingDroppedSafeBeamIsBeamSearch(SplittableRandom random) {
    var setting = new Setting(random);
    int tag = setting.tag;
    var tagless =
        new TableModel(
            setting.vocabSize,
            text -> {
              float[] logits = setting.model.table.apply(text);
              logits[tag] = NEVER;
              return logits;
            });
    var generation = new Generation(tagless, setting.stopTokens, OptionalInt.of(tag));
    int beams = setting.beams;
    var keepsAll = new SafeBeamThreshold(beams, beams + random.nextInt(3), 1, setting.stopOnTag);

    assertThat(generation.complete(setting.prompts, keepsAll, 5, new Seeds(1), 0))
        .isEqualTo(generation.complete(setting.prompts, new Beam(beams), 5, new Seeds(1), 0));
  }

  @ParameterizedTest
  @Repetitions(200)
  void oneBeamIsGreedy(SplittableRandom random) {
    var setting = new Setting(random);

    assertThat(setting.complete(new Beam(1))).isEqualTo(setting.complete(new Greedy()));
  }

  @ParameterizedTest
  @Repetitions(50)
  void enoughBeamsFindTheMostLikelyTextOfAll(SplittableRandom random) {
    TableModel model = TableModel.random(random.nextLong(), 4, 3, false);
    int[] prompt = {random.nextInt(4)};
    var generation = new Generation(model, new int[] {0}, OptionalInt.empty());

    Completion found =
        generation
            .complete(List.of(new Prompt("p", prompt)), new Beam(300), 4, new Seeds(1), 0)
            .getFirst();

    assertThat(found.logProbability()).isCloseTo(bestOf(model, prompt, 0, 4), within(1e-12));
  }

  private static double bestOf(TableModel model, int[] text, double sum, int left) {
    if (left == 0) {
      return sum;
    }
    double[] next = ReferenceSearch.logProbabilities(model.table.apply(text));
    double best = sum + next[0]; // ends here
    for (int token = 1; token < next.length; token++) {
      int[] longer = TableModel.append(text, token);
      best = Math.max(best, bestOf(model, longer, sum + next[token], left - 1));
    }
    return best;
  }

  @ParameterizedTest
  @Repetitions(200)
  void safeBeamNeverSaysTheTag(SplittableRandom random) {
    var setting = new Setting(random);
    var decoder = new SafeBeamThreshold(setting.beams, setting.extensions, 1, false);

    assertThat(setting.complete(decoder))
        .allSatisfy(completion -> assertThat(completion.tokens()).doesNotContain(setting.tag));
  }

  // By hand. Tokens: 0 ends, 1 is the tag, 2 to 5 are words.

  private static final int END = 0;
  private static final int TAG = 1;

  /** Logits as logarithms of these probabilities. */
  private static float[] probabilities(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }

  /**
   * From the prompt 2 to 5 in falling order; then the tag with a probability of the last word's.
   */
  private static TableModel risky(double... tagAfter) {
    return new TableModel(
        6,
        text -> {
          if (text.length == 1) {
            return probabilities(0, 0.1, 0.4, 0.3, 0.15, 0.05);
          }
          double tag = tagAfter[text[text.length - 1]];
          return probabilities(1 - tag, tag, 0, 0, 0, 0);
        });
  }

  private static Completion complete(TableModel model, Decoder decoder, int maxNewTokens) {
    List<Prompt> prompts = List.of(new Prompt("p", new int[] {2}));
    return new Generation(model, new int[] {END}, OptionalInt.of(TAG))
        .complete(prompts, decoder, maxNewTokens, new Seeds(1), 0)
        .getFirst();
  }

  @Test
  void theRiskierHalfOfTheFirstCandidatesGoes() {
    // Candidates 2, 3, 4, 5; 2 and 3 are the likeliest and the riskiest.
    TableModel model = risky(0, 0, 0.5, 0.4, 0.3, 0.2);

    Completion completion = complete(model, new SafeBeam(2), 1);

    assertThat(completion.tokens()).containsExactly(4);
    assertThat(completion.logProbability()).isCloseTo(Math.log(0.15), within(1e-6));
    assertThat(completion.finish()).isEqualTo(Finish.LENGTH);
  }

  @Test
  void theThresholdSparesCandidatesUpToIt() {
    TableModel model = risky(0, 0, 0.5, 0.4, 0.3, 0.2);
    // What the tag's probability of 0.4 is after the rounding to floats.
    double risk =
        Math.exp(ReferenceSearch.logProbabilities(model.table.apply(new int[] {2, 3}))[TAG]);

    assertThat(complete(model, new SafeBeamThreshold(2, risk), 1).tokens()).containsExactly(3);
    assertThat(complete(model, new SafeBeamThreshold(2, Math.nextDown(risk)), 1).tokens())
        .containsExactly(4);
    assertThat(complete(model, new SafeBeamThreshold(2, 0.6), 1).tokens()).containsExactly(2);
  }

  @Test
  void ofEqualRisksTheEarlierCandidatesStay() {
    assertThat(complete(risky(0, 0, 0.3, 0.3, 0.3, 0.3), new SafeBeam(2), 1).tokens())
        .containsExactly(2);
  }

  @Test
  void ofAnOddNumberTheLargerPartStays() {
    // One beam, three candidates: two stay, of which 3 is the likelier.
    assertThat(complete(risky(0, 0, 0.5, 0.4, 0.3, 0.2), new SafeBeam(1, 3, false), 1).tokens())
        .containsExactly(3);
  }

  @Test
  void anEndedBeamHasNoRiskAndMayWinWhileOthersGoOn() {
    // After 2 and 3: the end, or words; the end is followed by nothing, so it has no risk.
    var model =
        new TableModel(
            6,
            text ->
                text[text.length - 1] == END
                    ? probabilities(0, 1, 0, 0, 0, 0) // never asked for as a risk
                    : probabilities(0.5, 0.1, 0.2, 0.1, 0.06, 0.04));

    Completion completion = complete(model, new SafeBeam(2), 5);

    assertThat(completion.tokens()).containsExactly(END);
    assertThat(completion.finish()).isEqualTo(Finish.STOP);
    assertThat(completion.logProbability()).isCloseTo(Math.log(0.5), within(1e-6));
  }

  @Test
  void aBeamWhoseMostLikelyNextTokenIsTheTagEndsThereWhenAskedTo() {
    TableModel model = risky(0, 0, 0.9, 0.8, 0.7, 0.6);
    var stops = new SafeBeamThreshold(2, 2, 1, true);

    Completion completion = complete(model, stops, 3);

    assertThat(completion.tokens()).containsExactly(2);
    assertThat(completion.finish()).isEqualTo(Finish.SHORT_CIRCUIT);
    assertThat(completion.logProbability()).isCloseTo(Math.log(0.4), within(1e-6));
    assertThat(complete(model, new SafeBeamThreshold(2, 2, 1, false), 3).tokens())
        .containsExactly(3, END); // .3 · .2 is more than .4 · .1
  }

  @Test
  void atTheLimitNothingIsAskedOfTheNextTokenAnyMore() {
    TableModel model = risky(0, 0, 0.9, 0.8, 0.7, 0.6);

    assertThat(complete(model, new SafeBeamThreshold(2, 2, 1, true), 1).finish())
        .isEqualTo(Finish.LENGTH);
  }

  @Test
  void aPromptThatTheTagWouldFollowIsCutShortWithNothingSaid() {
    var model =
        new TableModel(
            6, text -> probabilities(0.1, text[0] == 2 ? 0.5 : 0.05, 0.2, 0.1, 0.06, 0.04));
    List<Prompt> prompts =
        List.of(new Prompt("tagged", new int[] {2}), new Prompt("plain", new int[] {3, 2}));

    List<Completion> completions =
        new Generation(model, new int[] {END}, OptionalInt.of(TAG))
            .complete(prompts, new SafeBeam(2, 2, true), 1, new Seeds(1), 0);

    assertThat(completions.getFirst())
        .isEqualTo(new Completion(new int[0], 0, Finish.SHORT_CIRCUIT));
    assertThat(completions.getLast().tokens()).containsExactly(2);
  }

  @Test
  void theFirstStepExtendsThePromptSoThatAsManyCompeteAsLater() {
    // N = 2 from one beam would only ever see 2 and 3, both risky; k·N = 4 also sees 4 and 5.
    assertThat(complete(risky(0, 0, 0.5, 0.5, 0.1, 0.1), new SafeBeam(2, 2, false), 1).tokens())
        .containsExactly(4);
  }

  @Test
  void aVocabularyOfOneTokenBesideTheTagStillDecodes() {
    var model = new TableModel(2, _ -> probabilities(0.25, 0.75));
    List<Prompt> prompts = List.of(new Prompt("p", new int[] {0}));
    var generation = new Generation(model, new int[0], OptionalInt.of(TAG));

    Completion completion =
        generation.complete(prompts, new SafeBeam(4), 3, new Seeds(1), 0).getFirst();

    assertThat(completion.tokens()).containsExactly(0, 0, 0);
    assertThat(completion.logProbability()).isCloseTo(3 * Math.log(0.25), within(1e-6));
  }

  @Test
  void theLookaheadIsTheNextStepSoThatNothingIsComputedTwice() {
    TableModel model = TableModel.random(3, 9, 3, false);
    List<Prompt> prompts = prompts(new SplittableRandom(5), 9);

    new Generation(model, new int[0], OptionalInt.of(TAG))
        .complete(prompts, new SafeBeam(3), 7, new Seeds(1), 0);

    assertThat(model.prefills).isEqualTo(1);
    assertThat(model.steps).isZero();
    assertThat(model.lookaheads).isEqualTo(7);
  }

  @Test
  void beamSearchRunsTheModelOnceATokenAndNotAfterTheLast() {
    TableModel model = TableModel.random(3, 9, 3, false);

    new Generation(model, new int[0], OptionalInt.of(TAG))
        .complete(prompts(new SplittableRandom(5), 9), new Beam(3), 7, new Seeds(1), 0);

    assertThat(model.steps).isEqualTo(6);
    assertThat(model.lookaheads).isZero();
  }

  private static List<Prompt> prompts(SplittableRandom random, int vocabSize) {
    List<Prompt> prompts = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int[] tokens = random.ints(1 + random.nextInt(5), 0, vocabSize).toArray();
      prompts.add(new Prompt("p" + i, tokens));
    }
    return prompts;
  }

  private static void assertSame(List<Completion> actual, List<Completion> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(Arrays.toString(actual.get(i).tokens()))
          .isEqualTo(Arrays.toString(expected.get(i).tokens()));
      assertThat(actual.get(i).finish()).isEqualTo(expected.get(i).finish());
      assertThat(actual.get(i).logProbability())
          .isCloseTo(expected.get(i).logProbability(), within(1e-12));
    }
  }
}
