package org.onset.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onset.endpoint.Answer.Complete;
import org.onset.endpoint.Answer.Failed;
import org.onset.endpoint.Answer.Reason;

@Timeout(60)
class EndpointInParallelTest {
  private static final int AT_ONCE = 5;

  private final Waiting time = new RecordedPauses(Instant.EPOCH);
  @TempDir private Path cache;

  @Test
  void differentRequestsFillTheServerToTheLimitAndAreAnsweredInOrder() throws Exception {
    List<ChatRequest> requests = requests(8 * AT_ONCE);
    try (ScriptedServer server = ScriptedServer.following(answeringByFives());
        Endpoint endpoint = Endpoint.open(fiveAtOnce(server), cache, time)) {
      List<Answer> answers = endpoint.askAll(requests);

      assertThat(answers).isEqualTo(requests.stream().map(this::echo).toList());
      assertThat(server.hits()).isEqualTo(8 * AT_ONCE);
      assertThat(server.mostAtOnce()).isEqualTo(AT_ONCE);
    }
  }

  @Test
  void theLimitIsSharedByAllCallers() throws Exception {
    List<ChatRequest> requests = requests(8 * AT_ONCE);
    try (ScriptedServer server = ScriptedServer.following(answeringByFives());
        Endpoint endpoint = Endpoint.open(fiveAtOnce(server), cache, time);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Answer>> first =
          callers.submit(() -> endpoint.askAll(requests.subList(0, 4 * AT_ONCE)));
      Future<List<Answer>> second =
          callers.submit(() -> endpoint.askAll(requests.subList(4 * AT_ONCE, 8 * AT_ONCE)));

      assertThat(Stream.concat(first.get().stream(), second.get().stream()))
          .isEqualTo(requests.stream().map(this::echo).toList());
      assertThat(server.mostAtOnce()).isEqualTo(AT_ONCE);
    }
  }

  @Test
  void equalRequestsCostOneCall() throws Exception {
    try (ScriptedServer server = ScriptedServer.following((request, _) -> echo(request));
        Endpoint endpoint = Endpoint.open(fiveAtOnce(server), cache, time)) {
      ChatRequest request = requests(1).getFirst();

      assertThat(endpoint.askAll(Collections.nCopies(200, request))).containsOnly(echo(request));

      assertThat(server.hits()).isEqualTo(1);
      Usage usage = endpoint.usage();
      assertThat(usage.requests()).isEqualTo(200);
      assertThat(usage.cacheHits() + usage.joined()).isEqualTo(199);
    }
  }

  @Test
  void whoAsksTheSameMeanwhileSharesTheFailureAndWhoAsksLaterAsksAnew() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    ChatRequest request = requests(1).getFirst();
    try (ScriptedServer server =
            ScriptedServer.following(
                (_, _) -> {
                  arrived.countDown();
                  answer.await();
                  return Reply.error(400, "no");
                });
        Endpoint endpoint = Endpoint.open(fiveAtOnce(server), cache, time);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> first = callers.submit(() -> endpoint.ask(request));
      arrived.await();
      Thread joining = joining(endpoint, request);
      answer.countDown();
      joining.join();

      assertThat(first.get()).isInstanceOf(Failed.class);
      assertThat(endpoint.usage().joined()).isEqualTo(1);
      assertThat(endpoint.usage().failures())
          .containsExactly(Map.entry(Reason.REFUSED_BY_SERVER, 2L));
      assertThat(server.hits()).isEqualTo(1);

      endpoint.ask(request);
      assertThat(server.hits()).isEqualTo(2);
    }
  }

  /** A thread that asks, once it waits for the answer. */
  private static Thread joining(Endpoint endpoint, ChatRequest request) {
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    endpoint.ask(request);
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void aCallerWhoIsInterruptedLosesNoAnswer() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    ChatRequest request = requests(1).getFirst();
    try (ScriptedServer server =
        ScriptedServer.following(
            (asked, _) -> {
              arrived.countDown();
              answer.await();
              return echo(asked);
            })) {
      try (Endpoint endpoint = Endpoint.open(fiveAtOnce(server), cache, time)) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        endpoint.askAll(List.of(request));
                      } catch (InterruptedException e) {
                        thrown.complete(e);
                      }
                    });
        arrived.await();
        caller.interrupt();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        answer.countDown();
      }
      try (Endpoint reopened = Endpoint.open(fiveAtOnce(server), cache, time)) {
        assertThat(reopened.ask(request)).isEqualTo(echo(request));
        assertThat(reopened.usage().cacheHits()).isEqualTo(1);
      }
      assertThat(server.hits()).isEqualTo(1);
    }
  }

  @Test
  void closingEndsThePausesButNotTheAttempts() throws Exception {
    CountDownLatch pausing = new CountDownLatch(1);
    Waiting forEver =
        new Waiting() {
          @Override
          public Instant now() {
            return Instant.EPOCH;
          }

          @Override
          public void pause(Duration duration) throws InterruptedException {
            pausing.countDown();
            new CountDownLatch(1).await();
          }
        };
    try (ScriptedServer server = ScriptedServer.replying(Reply.error(503, "busy"));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Endpoint endpoint = Endpoint.open(fiveAtOnce(server), cache, forEver);
      Future<Answer> answer = callers.submit(() -> endpoint.ask(requests(1).getFirst()));
      pausing.await();

      endpoint.close();

      assertThat(answer.get())
          .isInstanceOfSatisfying(
              Failed.class,
              failed -> assertThat(failed.detail()).contains("closed before attempt 2"));
      assertThat(server.hits()).isEqualTo(1);
    }
  }

  @Test
  void askingNothingAnswersNothing() throws Exception {
    try (ScriptedServer server = ScriptedServer.replying(Reply.saying("Hello."));
        Endpoint endpoint = Endpoint.open(server.spec(), cache, time)) {
      assertThat(endpoint.askAll(List.of())).isEmpty();
    }
  }

  @Test
  void whatCannotBeKeptIsAnErrorForEveryoneWhoWaits() throws Exception {
    ChatRequest request = requests(1).getFirst();
    String digest = request.digest("scripted");
    Files.writeString(cache.resolve(digest.substring(0, 2)), "a file in the way");
    try (ScriptedServer server = ScriptedServer.following((asked, _) -> echo(asked));
        Endpoint endpoint = Endpoint.open(fiveAtOnce(server), cache, time)) {
      assertThatThrownBy(() -> endpoint.askAll(List.of(request, request)))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(digest);
    }
  }

  /** Holds every request until as many as may be under way are there. */
  private static ScriptedServer.Script answeringByFives() {
    CyclicBarrier together = new CyclicBarrier(AT_ONCE);
    return (request, _) -> {
      try {
        together.await();
      } catch (BrokenBarrierException e) {
        throw new IllegalStateException(e);
      }
      return echo(request);
    };
  }

  private static Reply echo(ScriptedServer.Received request) {
    return Reply.saying("You said: " + request.lastContent());
  }

  private Complete echo(ChatRequest request) {
    return new Complete("You said: " + request.messages().getLast().content(), 11, 7);
  }

  private static List<ChatRequest> requests(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ChatRequest(List.of(ChatMessage.user("word " + i)), 20, 0, i))
        .toList();
  }

  private static EndpointSpec fiveAtOnce(ScriptedServer server) {
    return new EndpointSpec(server.baseUrl(), "scripted", null, AT_ONCE, 4, 60, null);
  }
}
