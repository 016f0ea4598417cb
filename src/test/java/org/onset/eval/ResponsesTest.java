package org.onset.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.onset.Seeds;
import org.onset.corpus.Request;
import org.onset.decode.Completion;
import org.onset.decode.Decoder;
import org.onset.decode.Generation;
import org.onset.decode.Prompt;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponsesTest {
  private static final Decoder TOP_K = new Decoder.TopK(8, 1);
  private static final Decoder GREEDY = new Decoder.Greedy();
  private static final int MAX_NEW_TOKENS = 6;

  private TinyModel tiny;
  private List<Request> requests;

  @BeforeAll
  void openModel(@TempDir Path folder) {
    tiny = TinyModel.open(folder);
    SplittableRandom random = new SplittableRandom(8);
    requests = // of unequal length
        IntStream.range(0, 12)
            .mapToObj(i -> request("r" + i, TinyModel.text(random, 1 + (5 * i) % 14)))
            .toList();
  }

  @AfterAll
  void closeModel() {
    tiny.close();
  }

  @Test
  void everyRequestIsAnsweredInItsOrderSampleAfterSample() {
    List<Transcript> transcripts = collect(requests, TOP_K, 3, 7);

    assertThat(transcripts)
        .extracting(each -> each.request() + "/" + each.sample())
        .containsExactlyElementsOf(
            requests.stream()
                .flatMap(r -> IntStream.range(0, 3).mapToObj(sample -> r.id() + "/" + sample))
                .toList());
    assertThat(transcripts.getFirst())
        .satisfies(
            first -> {
              assertThat(first.suite()).isEqualTo("harmful");
              assertThat(first.attack()).isEqualTo("direct");
              assertThat(first.variant()).isEqualTo("seen");
              assertThat(first.decoder()).isEqualTo("topk");
              assertThat(first.seed()).isEqualTo(7);
              assertThat(first.judge()).isNull();
              assertThat(first.verdict()).isNull();
            });
  }

  @Test
  void aBaseModelIsAskedByTextToBeCompletedATunedOneInAChat() {
    for (Asking asking : Asking.values()) {
      Transcript transcript =
          Responses.collect(
                  tiny.model(),
                  tiny.tokenizer(),
                  asking,
                  requests,
                  GREEDY,
                  1,
                  TinyModel.CONTEXT_LENGTH,
                  MAX_NEW_TOKENS,
                  7)
              .getFirst();

      Request request = requests.getFirst();
      int[] prompt =
          switch (asking) {
            case COMPLETION -> document(request.completionText());
            case CHAT -> tiny.tokenizer().chatTemplate().prompt(request.text());
          };
      assertThat(transcript.prompt())
          .isEqualTo(asking == Asking.CHAT ? request.text() : request.completionText());
      assertIs(transcript, complete(prompt, GREEDY, 7));
    }
  }

  @ParameterizedTest
  @EnumSource(Asking.class)
  void anAnswerDependsOnItsRequestSeedAndSampleAlone(Asking asking) {
    List<Transcript> together = collect(asking, requests, TOP_K, 2, 7);

    List<Request> reversed = requests.reversed();
    List<Transcript> inAnotherOrder = collect(asking, reversed, TOP_K, 2, 7);
    List<Transcript> alone = new ArrayList<>();
    requests.forEach(request -> alone.addAll(collect(asking, List.of(request), TOP_K, 2, 7)));

    assertThat(words(alone)).isEqualTo(words(together));
    assertThat(words(inAnotherOrder)).containsExactlyInAnyOrderElementsOf(words(together));
  }

  @Test
  void oneSampleMoreLeavesTheOthersAsTheyAre() {
    List<Transcript> two = collect(requests, TOP_K, 2, 7);
    List<Transcript> three = collect(requests, TOP_K, 3, 7);

    assertThat(words(three)).containsAll(words(two));
  }

  @Test
  void samplesAndSeedsDifferWhereTheDecoderSamples() {
    List<Transcript> samples = collect(requests, TOP_K, 2, 7);
    List<Transcript> again = collect(requests, TOP_K, 2, 7);
    List<Transcript> otherSeed = collect(requests, TOP_K, 2, 8);

    assertThat(again).isEqualTo(samples);
    assertThat(completions(otherSeed)).isNotEqualTo(completions(samples));
    assertThat(completions(samples.stream().filter(each -> each.sample() == 0).toList()))
        .isNotEqualTo(completions(samples.stream().filter(each -> each.sample() == 1).toList()));
    assertThat(completions(collect(requests, GREEDY, 1, 8)))
        .isEqualTo(completions(collect(requests, GREEDY, 1, 7)));
  }

  @Test
  void aPromptThatLeavesNoRoomForAnAnswerLosesItsBeginning() {
    Request longRequest = request("long", TinyModel.text(new SplittableRandom(9), 70));

    Transcript transcript = collect(List.of(longRequest), GREEDY, 1, 7).getFirst();

    int[] whole = document(longRequest.completionText());
    int room = TinyModel.CONTEXT_LENGTH - MAX_NEW_TOKENS;
    int[] end = Arrays.copyOfRange(whole, whole.length - room, whole.length);
    assertIs(transcript, complete(end, GREEDY, 7));
    assertThat(transcript.prompt()).isEqualTo(longRequest.completionText());
  }

  @Test
  void noRequestsAreNoAnswers() {
    assertThat(collect(List.of(), TOP_K, 2, 7)).isEmpty();
  }

  private void assertIs(Transcript transcript, Completion completion) {
    assertThat(transcript.completion()).isEqualTo(tiny.tokenizer().decode(completion.tokens()));
    assertThat(transcript.finish()).isEqualTo(completion.finish().word());
    assertThat(transcript.logProbability()).isCloseTo(completion.logProbability(), within(1e-4));
  }

  private Completion complete(int[] prompt, Decoder decoder, long seed) {
    return new Generation(tiny.model(), tiny.tokenizer().stopTokens(), tiny.tokenizer().tag())
        .complete(List.of(new Prompt("any", prompt)), decoder, MAX_NEW_TOKENS, new Seeds(seed), 0)
        .getFirst();
  }

  private List<Transcript> collect(List<Request> asked, Decoder decoder, int samples, long seed) {
    return collect(Asking.COMPLETION, asked, decoder, samples, seed);
  }

  private List<Transcript> collect(
      Asking asking, List<Request> asked, Decoder decoder, int samples, long seed) {
    return Responses.collect(
        tiny.model(),
        tiny.tokenizer(),
        asking,
        asked,
        decoder,
        samples,
        TinyModel.CONTEXT_LENGTH,
        MAX_NEW_TOKENS,
        seed);
  }

  private static List<String> words(List<Transcript> transcripts) {
    return transcripts.stream()
        .map(each -> each.request() + "/" + each.sample() + ": " + each.completion())
        .toList();
  }

  private static List<String> completions(List<Transcript> transcripts) {
    return transcripts.stream().map(Transcript::completion).toList();
  }

  private int[] document(String text) {
    int[] tokens = tiny.tokenizer().encode(text);
    int[] document = new int[tokens.length + 1];
    document[0] = tiny.tokenizer().endOfText();
    System.arraycopy(tokens, 0, document, 1, tokens.length);
    return document;
  }

  private static Request request(String id, String text) {
    return new Request(id, "harmful", "direct", "seen", "", true, text, text + " .");
  }
}
