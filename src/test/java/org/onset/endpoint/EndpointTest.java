package org.onset.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.BadInput;
import org.onset.endpoint.Answer.Complete;
import org.onset.endpoint.Answer.Failed;
import org.onset.endpoint.Answer.Reason;
import tools.jackson.databind.node.ObjectNode;

class EndpointTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final ChatRequest REQUEST =
      new ChatRequest(
          List.of(ChatMessage.system("Be brief."), ChatMessage.user("Say hello.")), 50, 0.5, 7);

  private final RecordedPauses time = new RecordedPauses(NOON);
  @TempDir private Path cache;

  @Test
  void aRequestIsSentAsItIs() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying("Hello."));
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      assertThat(endpoint.ask(REQUEST)).isEqualTo(new Complete("Hello.", 11, 7));

      ScriptedServer.Received received = server.received().getFirst();
      assertThat(received.path()).isEqualTo("/v1/chat/completions");
      assertThat(received.authorization()).contains("Bearer none");
      assertThat(received.body().toString())
          .isEqualTo(
              """
              {"messages":[{"content":"Be brief.","role":"system"},{"content":"Say hello.","role":"user"}],\
              "model":"scripted","max_tokens":50,"seed":7,"temperature":0.5}""");
    }
  }

  @Test
  void aWholeAnswerIsPaidForOnce() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying("Grüße, 你好 😀\n"))) {
      try (Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
        assertThat(endpoint.ask(REQUEST)).isEqualTo(endpoint.ask(REQUEST));
        assertThat(endpoint.usage()).isEqualTo(new Usage(2, 1, 0, 1, 11, 7, 0, 0, Map.of()));
      }
      try (Endpoint reopened = Endpoint.open(server.spec(), cache, time)) {
        assertThat(reopened.ask(REQUEST)).isEqualTo(new Complete("Grüße, 你好 😀\n", 11, 7));
        assertThat(reopened.usage()).isEqualTo(new Usage(1, 1, 0, 0, 0, 0, 0, 0, Map.of()));
      }
      assertThat(server.hits()).isEqualTo(1);
    }
  }

  @Test
  void theCacheServesTheSameModelAtAnotherAddressButNoOtherModel() throws Exception {
    try (ScriptedServer first = ScriptedServer.replying(Reply.saying("first"));
        Endpoint endpoint = Endpoint.open(first.spec(), cache, time)) {
      endpoint.ask(REQUEST);
    }
    try (ScriptedServer second = ScriptedServer.replying(Reply.saying("second"));
        Endpoint moved = Endpoint.open(second.spec(), cache, time);
        Endpoint other = Endpoint.open(withModel(second.spec(), "other"), cache, time)) {
      assertThat(moved.ask(REQUEST)).isEqualTo(new Complete("first", 11, 7));
      assertThat(other.ask(REQUEST)).isEqualTo(new Complete("second", 11, 7));
    }
  }

  @Test
  void whatIsNoWholeAnswerIsNeitherKeptNorRepeated() throws Exception {
    ObjectNode declined = Reply.completion("", "stop", 11, 7);
    ((ObjectNode) declined.at("/choices/0/message")).putNull("content").put("refusal", "I won't.");
    ObjectNode noText = Reply.completion("", "stop", 11, 7);
    ((ObjectNode) noText.at("/choices/0/message")).putNull("content");

    assertFailsOnce(Reply.finishing("length", "It was"), Reason.TRUNCATED, "after 50 tokens");
    assertFailsOnce(Reply.finishing("length", ""), Reason.TRUNCATED, "after 50 tokens");
    assertFailsOnce(Reply.finishing("content_filter", "It"), Reason.FILTERED, "content filter");
    assertFailsOnce(Reply.json(declined), Reason.FILTERED, "I won't.");
    assertFailsOnce(Reply.saying(""), Reason.EMPTY, "without a word");
    assertFailsOnce(Reply.saying(" \n"), Reason.EMPTY, "without a word");
    assertFailsOnce(Reply.json(noText), Reason.EMPTY, "without a word");
  }

  @Test
  void whatIsNoneOfTheProtocolIsMalformed() throws Exception {
    ObjectNode noChoices = Reply.completion("Hello.", "stop", 11, 7);
    noChoices.putArray("choices");
    ObjectNode choicesMissing = Reply.completion("Hello.", "stop", 11, 7);
    choicesMissing.remove("choices");
    ObjectNode noFinish = Reply.completion("Hello.", "stop", 11, 7);
    ((ObjectNode) noFinish.at("/choices/0")).putNull("finish_reason");
    ObjectNode numbers = Reply.completion("Hello.", "stop", 11, 7);
    ((ObjectNode) numbers.at("/choices/0/message")).put("content", 5);
    String whole = Reply.completion("Hello.", "stop", 11, 7).toString();

    assertFailsOnce(Reply.html(200, "<html>Log in</html>"), Reason.MALFORMED, "no JSON");
    assertFailsOnce(Reply.json(200, whole.substring(0, 90)), Reason.MALFORMED, "no JSON");
    assertFailsOnce(Reply.json(200, ""), Reason.MALFORMED, "no JSON");
    assertFailsOnce(Reply.json(200, "[]"), Reason.MALFORMED, "no JSON");
    assertFailsOnce(Reply.json(noChoices), Reason.MALFORMED, "without choices");
    assertFailsOnce(Reply.json(choicesMissing), Reason.MALFORMED, "choices");
    assertFailsOnce(Reply.error(200, "out of order"), Reason.MALFORMED, "choices");
    assertFailsOnce(Reply.json(noFinish), Reason.MALFORMED, "finish_reason");
    assertFailsOnce(Reply.json(numbers), Reason.MALFORMED, "content");
    assertFailsOnce(Reply.finishing("tool_calls", ""), Reason.MALFORMED, "tool_calls");
  }

  @Test
  void aStatusThatTimeWontMendIsNotRepeated() throws Exception {
    assertFailsOnce(Reply.error(400, "too long"), Reason.REFUSED_BY_SERVER, "400: too long");
    assertFailsOnce(Reply.error(401, "who are you"), Reason.REFUSED_BY_SERVER, "401");
    assertFailsOnce(Reply.error(404, "no such model"), Reason.REFUSED_BY_SERVER, "no such model");
    assertFailsOnce(Reply.html(422, "<p>no</p>"), Reason.REFUSED_BY_SERVER, "422");
    assertFailsOnce(Reply.error(501, "never heard of it"), Reason.OVERLOADED, "501");
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    for (int status : List.of(301, 302, 303, 307, 308)) {
      Reply redirect =
          new Reply.Sent(status, Map.of("Location", "/elsewhere/chat/completions"), "");

      assertFailsOnce(redirect, Reason.REFUSED_BY_SERVER, "/elsewhere/chat/completions");
    }
  }

  @Test
  void whatIsTemporaryIsRepeatedToTheLastAttemptAndNoFurther() throws Exception {
    String whole = Reply.completion("Hello.", "stop", 11, 7).toString();

    assertFailsAfterAllAttempts(Reply.error(408, "slow"), Reason.TIMED_OUT);
    assertFailsAfterAllAttempts(Reply.error(429, "busy"), Reason.OVERLOADED);
    assertFailsAfterAllAttempts(Reply.html(500, "<p>oops</p>"), Reason.OVERLOADED);
    assertFailsAfterAllAttempts(Reply.error(502, "gateway"), Reason.OVERLOADED);
    assertFailsAfterAllAttempts(Reply.error(503, "busy"), Reason.OVERLOADED);
    assertFailsAfterAllAttempts(
        Reply.error(503, "busy", Map.of("Retry-After", "0")), Reason.OVERLOADED);
    assertFailsAfterAllAttempts(Reply.error(504, "gateway"), Reason.OVERLOADED);
    assertFailsAfterAllAttempts(new Reply.CutShort(whole), Reason.UNREACHABLE);
    assertFailsAfterAllAttempts(new Reply.HungUp(), Reason.UNREACHABLE);
  }

  @Test
  void anAnswerAfterFailuresIsAsGoodAsAny() throws Exception {
    String whole = Reply.completion("late", "stop", 11, 7).toString();
    try (ScriptedServer server =
            ScriptedServer.replying(
                Reply.error(500, "oops"), new Reply.CutShort(whole), Reply.saying("late"));
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      assertThat(endpoint.ask(REQUEST)).isEqualTo(new Complete("late", 11, 7));
      assertThat(endpoint.ask(REQUEST)).isEqualTo(new Complete("late", 11, 7));

      assertThat(server.hits()).isEqualTo(3);
      assertThat(endpoint.usage().attempts()).isEqualTo(3);
    }
  }

  @Test
  void aServerThatSaysNothingTimesOut() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(new Reply.Silence());
        Endpoint endpoint = Endpoint.open(limited(server.spec(), 2, 1), cache, time)) {
      assertThat(reason(endpoint.ask(REQUEST))).isEqualTo(Reason.TIMED_OUT);

      assertThat(server.hits()).isEqualTo(2);
      // 19 bytes of prompt are 5 tokens; the model may have written all 50.
      assertThat(endpoint.usage().estimatedTokens()).isEqualTo(2 * (5 + 50));
    }
  }

  @Test
  void aServerThatIsNotThereIsUnreachableAndCostsNothing() throws Exception {
    EndpointSpec gone;
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying("Hello."))) {
      gone = limited(server.spec(), 3, 60);
    }
    try (Endpoint endpoint = Endpoint.open(gone, cache, time)) {
      assertThat(reason(endpoint.ask(REQUEST))).isEqualTo(Reason.UNREACHABLE);
      assertThat(endpoint.usage().attempts()).isEqualTo(3);
      assertThat(endpoint.spentTokens()).isZero();
    }
  }

  @Test
  void theServersWishToWaitIsMet() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.replying(
                Reply.error(429, "busy", Map.of("Retry-After", "17")),
                Reply.error(503, "busy", Map.of("Retry-After", "Sun, 01 Mar 2026 12:01:00 GMT")),
                Reply.error(429, "busy", Map.of("Retry-After", "soon")),
                Reply.saying("Hello."));
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      assertThat(endpoint.ask(REQUEST)).isInstanceOf(Complete.class);

      assertThat(time.pauses())
          .containsExactly(
              Duration.ofSeconds(17),
              Duration.ofSeconds(43),
              Backoff.after(3, REQUEST.digest("scripted"), Optional.empty()));
    }
  }

  @Test
  void aServerThatAsksForTooLongAWaitIsGivenUp() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.replying(
                Reply.error(429, "busy", Map.of("Retry-After", "600")),
                Reply.error(429, "quota", Map.of("Retry-After", "601")));
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      assertThat(endpoint.ask(REQUEST))
          .isInstanceOfSatisfying(
              Failed.class,
              failed -> {
                assertThat(failed.reason()).isEqualTo(Reason.OVERLOADED);
                assertThat(failed.detail()).contains("quota").contains("601 s");
              });

      assertThat(time.pauses()).containsExactly(Duration.ofMinutes(10));
      assertThat(server.hits()).isEqualTo(2);
    }
  }

  @Test
  void aLongAnswerIsTakenAndAnEndlessOneRefused() throws Exception {
    String megabytes = "word ".repeat(800_000);

    try (ScriptedServer server =
            ScriptedServer.replying(
                Reply.saying(megabytes), Reply.saying("x".repeat(SingleSend.MAX_ANSWER_BYTES)));
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      assertThat(endpoint.ask(REQUEST)).isEqualTo(new Complete(megabytes, 11, 7));
      assertThat(endpoint.ask(asking("more")))
          .isEqualTo(new Failed(Reason.MALFORMED, "an answer of over 16 MiB"));
    }
  }

  @Test
  void halfASurrogatePairDisturbsNothing() throws Exception {
    ObjectNode body = Reply.completion("HALF", "stop", 11, 7);
    Reply half = Reply.json(200, body.toString().replace("HALF", "cut \\ud83d"));

    try (ScriptedServer server = ScriptedServer.replying(half);
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      assertThat(endpoint.ask(asking("half \ud83d"))).isEqualTo(new Complete("cut ?", 11, 7));
      assertThat(endpoint.ask(asking("half ?"))).isEqualTo(new Complete("cut ?", 11, 7));

      assertThat(server.received().getFirst().lastContent()).isEqualTo("half ?");
      assertThat(server.hits()).isEqualTo(1);
    }
  }

  @Test
  void theKeyIsSentAndSeenNowhereElse() throws Exception {
    String key = "sk-3f9a-secret";
    try (ScriptedServer server =
            ScriptedServer.replying(
                Reply.error(401, "Incorrect API key provided: " + key), Reply.saying("Hello."));
        Endpoint endpoint =
            Endpoint.open(
                withKey(server.spec(), "MODEL_KEY"), cache, time, Map.of("MODEL_KEY", key)::get)) {
      Answer refused = endpoint.ask(REQUEST);
      endpoint.ask(REQUEST);

      assertThat(server.received().getLast().authorization()).contains("Bearer " + key);
      assertThat(refused)
          .isInstanceOfSatisfying(
              Failed.class,
              failed -> assertThat(failed.detail()).contains("Incorrect API key provided: …"));
      assertThat(filesIn(cache)).hasSize(2).noneMatch(content -> content.contains(key));
    }
  }

  @Test
  void aMissingKeyNamesItsVariable() {
    EndpointSpec spec = new EndpointSpec("http://localhost:1/v1", "m", "MODEL_KEY", 1, 1, 1, null);

    assertThatThrownBy(() -> Endpoint.open(spec, cache, time, _ -> null))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("MODEL_KEY is not set");
    assertThatThrownBy(() -> Endpoint.open(spec, cache, time, _ -> " "))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("MODEL_KEY is not set");
    assertThatThrownBy(() -> Endpoint.open(spec, cache, time, _ -> "sk-123\n"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("MODEL_KEY holds a space")
        .hasMessageNotContaining("sk-123");
  }

  @Test
  void aSpecWithProblemsOpensNothing() {
    EndpointSpec spec = new EndpointSpec("localhost", "", null, 1, 1, 1, null);

    assertThatThrownBy(() -> Endpoint.open(spec, cache, time))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("endpoint: baseUrl: ")
        .hasMessageContaining("endpoint: model: ");
  }

  @Test
  void aFolderThatCannotBeMadeIsBadInput() throws Exception {
    Path file = Files.createFile(cache.resolve("file"));
    EndpointSpec spec = new EndpointSpec("http://localhost:1/v1", "m", null, 1, 1, 1, null);

    assertThatThrownBy(() -> Endpoint.open(spec, file, time))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aDamagedFileOfTheCacheCountsAsAbsentAndIsReplaced() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.replying(Reply.saying("first"), Reply.saying("second"))) {
      try (Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
        endpoint.ask(REQUEST);
      }
      String digest = REQUEST.digest("scripted");
      Path file = cache.resolve(digest.substring(0, 2)).resolve(digest + ".json");
      Files.writeString(file, Files.readString(file).replace("first", "worst"));

      try (Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
        assertThat(endpoint.ask(REQUEST)).isEqualTo(new Complete("second", 11, 7));
        assertThat(endpoint.ask(REQUEST)).isEqualTo(new Complete("second", 11, 7));
        assertThat(endpoint.usage().damagedCacheFiles()).isEqualTo(1);
        assertThat(endpoint.usage().cacheHits()).isEqualTo(1);
      }
    }
  }

  @Test
  void aClosedEndpointAnswersNoMore() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying("Hello."))) {
      Endpoint endpoint = Endpoint.open(server.spec(), cache, time);
      endpoint.close();

      assertThatThrownBy(() -> endpoint.ask(REQUEST))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  private void assertFailsOnce(Reply reply, Reason reason, String detail) throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(reply);
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      for (int asked = 1; asked <= 2; asked++) {
        assertThat(endpoint.ask(REQUEST))
            .isInstanceOfSatisfying(
                Failed.class,
                failed -> {
                  assertThat(failed.reason()).isEqualTo(reason);
                  assertThat(failed.detail()).contains(detail).doesNotContain("\n");
                });
        assertThat(server.hits()).isEqualTo(asked);
      }
      assertThat(endpoint.usage().failures()).containsExactly(Map.entry(reason, 2L));
      assertThat(time.pauses()).isEmpty();
    }
  }

  private void assertFailsAfterAllAttempts(Reply reply, Reason reason) throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(reply);
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      int pausesBefore = time.pauses().size();

      Answer answer = endpoint.ask(REQUEST);

      assertThat(reason(answer)).isEqualTo(reason);
      assertThat(((Failed) answer).detail()).contains("after 4 attempts");
      assertThat(server.hits()).isEqualTo(4);
      assertThat(endpoint.usage().attempts()).isEqualTo(4);
      assertThat(time.pauses()).hasSize(pausesBefore + 3);
    }
  }

  private static ChatRequest asking(String text) {
    return new ChatRequest(List.of(ChatMessage.user(text)), 50, 0, 7);
  }

  private static Reason reason(Answer answer) {
    return ((Failed) answer).reason();
  }

  private static List<String> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(EndpointTest::content).toList();
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EndpointSpec withModel(EndpointSpec spec, String model) {
    return new EndpointSpec(
        spec.baseUrl(), model, null, spec.maxParallel(), spec.maxAttempts(), 60, null);
  }

  private static EndpointSpec withKey(EndpointSpec spec, String variable) {
    return new EndpointSpec(
        spec.baseUrl(), spec.model(), variable, spec.maxParallel(), spec.maxAttempts(), 60, null);
  }

  private static EndpointSpec limited(EndpointSpec spec, int maxAttempts, int timeoutSeconds) {
    return new EndpointSpec(
        spec.baseUrl(), spec.model(), null, spec.maxParallel(), maxAttempts, timeoutSeconds, null);
  }
}
