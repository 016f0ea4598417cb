package org.onset.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onset.endpoint.Answer.Complete;
import org.onset.endpoint.Answer.Failed;
import org.onset.endpoint.Answer.Reason;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class TokenBudgetTest {
  /** 8 bytes of prompt, so an estimate of 2 tokens; at worst 8 + 16 + 64 + 12 = 100. */
  private static final List<ChatRequest> REQUESTS =
      IntStream.range(0, 60)
          .mapToObj(
              i -> new ChatRequest(List.of(ChatMessage.user("word %03d".formatted(i))), 12, 0, 1))
          .toList();

  private static final int WORST = 100;

  private final Waiting time = new RecordedPauses(Instant.EPOCH);
  @TempDir private Path cache;

  @Test
  void theStopIsHardToTheToken() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying("Hello.", 10, 8))) {
      try (Endpoint endpoint = open(server, 1, 1, 18L + WORST - 1)) {
        assertThat(endpoint.ask(REQUESTS.get(0))).isInstanceOf(Complete.class);
        assertThat(reason(endpoint.ask(REQUESTS.get(1)))).isEqualTo(Reason.BUDGET_SPENT);
        assertThat(endpoint.ask(REQUESTS.get(0))).isInstanceOf(Complete.class);
      }
      assertThat(server.hits()).isEqualTo(1);
      try (Endpoint endpoint = open(server, 1, 1, 18L + WORST)) {
        assertThat(endpoint.ask(REQUESTS.get(1))).isInstanceOf(Complete.class);
        assertThat(endpoint.spentTokens()).isEqualTo(36);
      }
    }
  }

  @Test
  void manyThreadsSpendNoMoreThanTheBudget() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying("Hello.", 90, 10));
        Endpoint endpoint = open(server, 16, 1, 7L * WORST)) {
      List<Answer> answers = endpoint.askAll(REQUESTS);

      assertThat(answers).filteredOn(Complete.class::isInstance).hasSize(7);
      assertThat(server.hits()).isEqualTo(7);
      assertThat(endpoint.spentTokens()).isEqualTo(7 * WORST);
      assertThat(endpoint.usage().failures()).containsExactly(Map.entry(Reason.BUDGET_SPENT, 53L));
    }
  }

  @Test
  void manyThreadsGetAsManyAnswersAsOne() throws Exception {
    long budget = 18 * 29 + WORST; // room for the thirtieth, and after it for none
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying("Hello.", 10, 8));
        Endpoint endpoint = open(server, 16, 1, budget)) {
      List<Answer> answers = endpoint.askAll(REQUESTS);

      assertThat(answers).filteredOn(Complete.class::isInstance).hasSize(30);
      assertThat(endpoint.spentTokens()).isEqualTo(30 * 18);
    }
  }

  @Test
  void endpointsOfOneFolderShareTheBudget() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying("Hello.", 90, 10));
        Endpoint one = open(server, 8, 1, 7L * WORST);
        Endpoint two = open(server, 8, 1, 7L * WORST);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Answer>> first = callers.submit(() -> one.askAll(REQUESTS.subList(0, 30)));
      Future<List<Answer>> second = callers.submit(() -> two.askAll(REQUESTS.subList(30, 60)));

      assertThat(Stream.concat(first.get().stream(), second.get().stream()))
          .filteredOn(Complete.class::isInstance)
          .hasSize(7);
      assertThat(server.hits()).isEqualTo(7);
    }
  }

  @Test
  void repetitionsCount() throws Exception {
    // Each 429 counts 2 tokens of prompt; the third attempt finds 99 free of 103.
    try (ScriptedServer server = ScriptedServer.replying(Reply.error(429, "busy"));
        Endpoint endpoint = open(server, 1, 10, 103L)) {
      assertThat(reason(endpoint.ask(REQUESTS.getFirst()))).isEqualTo(Reason.BUDGET_SPENT);

      assertThat(server.hits()).isEqualTo(2);
      assertThat(endpoint.spentTokens()).isEqualTo(4);
      assertThat(endpoint.usage().estimatedTokens()).isEqualTo(4);
    }
  }

  @Test
  void whatTheServerDoesNotReportIsEstimated() throws Exception {
    ObjectNode unreported = Reply.completion("Hello.", "stop", 1, 1);
    unreported.remove("usage");
    ObjectNode half = Reply.completion("Hello.", "stop", 1, 1);
    ((ObjectNode) half.get("usage")).remove("completion_tokens");
    int everything = 2 + 12;

    assertCosts(Reply.json(unreported), everything);
    assertCosts(Reply.json(half), everything);
    assertCosts(Reply.saying("Hello.", -1, 5), everything);
    assertCosts(Reply.saying("Hello.", 1, Long.MAX_VALUE), everything);
    assertCosts(Reply.html(200, "<p>nonsense</p>"), everything);
    assertCosts(new Reply.HungUp(), everything);
    assertCosts(Reply.error(500, "oops"), 2);
    assertCosts(Reply.error(401, "who are you"), 2);
    assertCosts(Reply.finishing("length", "It was"), 18);
  }

  @Test
  void anAnswerWithoutAReportSaysWhatWasCharged() throws Exception {
    ObjectNode unreported = Reply.completion("Hello.", "stop", 1, 1);
    unreported.remove("usage");
    try (ScriptedServer server = ScriptedServer.replying(Reply.json(unreported));
        Endpoint endpoint = open(server, 1, 1, null)) {
      assertThat(endpoint.ask(REQUESTS.getFirst())).isEqualTo(new Complete("Hello.", 2, 12));
    }
  }

  @Test
  void aKilledProcessPaysForNothingTwiceAndItsSpendingIsRemembered() throws Exception {
    CountDownLatch fourth = new CountDownLatch(1);
    try (ScriptedServer server =
        ScriptedServer.following(
            (_, number) -> {
              if (number == 4) {
                fourth.countDown();
                return new Reply.Silence();
              }
              return Reply.saying("Hello.", 10, 8);
            })) {
      Process process = start(server.baseUrl());
      fourth.await();
      process.destroyForcibly().waitFor();
      assertThat(server.hits()).isEqualTo(4);

      try (Endpoint endpoint = open(server, 1, 1, null)) {
        assertThat(endpoint.spentTokens()).isEqualTo(3 * 18 + WORST);
        assertThat(endpoint.askAll(REQUESTS.subList(0, 6))).allMatch(Complete.class::isInstance);

        assertThat(endpoint.usage().cacheHits()).isEqualTo(3);
        assertThat(server.hits()).isEqualTo(4 + 3);
        assertThat(endpoint.spentTokens()).isEqualTo(6 * 18 + WORST);
      }
    }
  }

  /** Asks the first six requests, one after the other. */
  static final class AskingProcess {
    private AskingProcess() {}

    public static void main(String[] arguments) throws Exception {
      EndpointSpec spec = new EndpointSpec(arguments[0], "scripted", null, 1, 1, 60, null);
      try (Endpoint endpoint = Endpoint.open(spec, Path.of(arguments[1]))) {
        endpoint.askAll(REQUESTS.subList(0, 6));
      }
    }
  }

  private Process start(String baseUrl) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            AskingProcess.class.getName(),
            baseUrl,
            cache.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void assertCosts(Reply reply, long tokens) throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(reply);
        Endpoint endpoint = open(server, 1, 1, null)) {
      long before = endpoint.spentTokens();

      // Another seed each time: none is in the cache.
      endpoint.ask(new ChatRequest(REQUESTS.getFirst().messages(), 12, 0, before));

      assertThat(endpoint.spentTokens() - before).isEqualTo(tokens);
    }
  }

  private Endpoint open(
      ScriptedServer server, int maxParallel, int maxAttempts, @Nullable Long tokenBudget) {
    return Endpoint.open(
        new EndpointSpec(
            server.baseUrl(), "scripted", null, maxParallel, maxAttempts, 60, tokenBudget),
        cache,
        time);
  }

  private static Reason reason(Answer answer) {
    return ((Failed) answer).reason();
  }
}
