package org.onset.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Problems;
import org.onset.endpoint.Answer.Complete;
import org.onset.endpoint.Answer.Failed;
import org.onset.endpoint.Answer.Reason;

/**
 * A language model behind the OpenAI API (chat completions), asked in parallel, patiently, and for
 * no more than a budget; what it has answered is kept on disk and never paid for again.
 *
 * <p>Any number of threads may share one. Each request runs on a thread of its own: a caller that
 * is interrupted stops waiting, while the request goes on and its answer reaches the cache. An
 * answer that equal requests wait for costs one call, as long as they are asked of one {@code
 * Endpoint}; two that share a cache folder, in one process or several, may both pay for the same
 * request when they ask at the same moment, but share the budget to the token.
 *
 * <p>The budget is that of the cache folder: its ledger counts whatever was ever spent through it,
 * by any model and with any budget. Who wants budgets that don't count each other gives each its
 * own folder; who deletes the ledger begins at 0.
 */
public final class Endpoint implements AutoCloseable {
  /** A server that asks for a longer pause has its request given up rather than kept waiting. */
  public static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);

  private final EndpointSpec spec;
  private final Completions completions;
  private final AnswerCache cache;
  private final Ledger ledger;
  private final Waiting waiting;
  private final Counts counts = new Counts();
  private final Semaphore permits;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentHashMap<String, CompletableFuture<Answer>> underWay =
      new ConcurrentHashMap<>();
  private final Set<Thread> pausing = new HashSet<>(); // guarded by itself, as is closed
  private boolean closed;

  private Endpoint(
      EndpointSpec spec,
      Completions completions,
      AnswerCache cache,
      Ledger ledger,
      Waiting waiting) {
    this.spec = spec;
    this.completions = completions;
    this.cache = cache;
    this.ledger = ledger;
    this.waiting = waiting;
    permits = new Semaphore(spec.maxParallel(), true);
  }

  /**
   * Makes ready to ask; the server is not contacted yet.
   *
   * @param cacheFolder made if need be; holds the answers and the ledger
   * @throws BadInput when the spec has problems, its variable holds no key, the folder can't be
   *     used, or its ledger is damaged
   */
  public static Endpoint open(EndpointSpec spec, Path cacheFolder) {
    return open(spec, cacheFolder, Waiting.real());
  }

  /** The same with another clock. */
  public static Endpoint open(EndpointSpec spec, Path cacheFolder, Waiting waiting) {
    return open(spec, cacheFolder, waiting, System::getenv);
  }

  static Endpoint open(
      EndpointSpec spec,
      Path cacheFolder,
      Waiting waiting,
      Function<String, @Nullable String> environment) {
    Problems problems = new Problems();
    spec.check(problems);
    if (!problems.found().isEmpty()) {
      throw new BadInput(
          problems.found().stream()
              .map(problem -> "endpoint: %s: %s".formatted(problem.field(), problem.message()))
              .toList());
    }
    String apiKey = apiKey(spec, environment);
    try {
      Files.createDirectories(cacheFolder);
    } catch (IOException e) {
      throw new BadInput(
          "endpoint: answers can't be kept in %s (%s); name a folder that can be written"
              .formatted(cacheFolder, e));
    }
    return new Endpoint(
        spec,
        new Completions(spec, apiKey),
        new AnswerCache(cacheFolder),
        Ledger.open(cacheFolder, spec.tokenBudget()),
        waiting);
  }

  private static @Nullable String apiKey(
      EndpointSpec spec, Function<String, @Nullable String> environment) {
    String variable = spec.apiKeyVariable();
    if (variable == null) {
      return null;
    }
    String key = environment.apply(variable);
    if (key == null || key.isBlank()) {
      throw new BadInput(
          "endpoint: apiKeyVariable: the environment variable %s is not set; put the server's key into it, or leave apiKeyVariable out for a server that asks for none"
              .formatted(variable));
    }
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new BadInput(
          "endpoint: apiKeyVariable: the environment variable %s holds a space, a line break or another character that no key has; set it again"
              .formatted(variable));
    }
    return key;
  }

  /** Asks once, or takes the answer from the cache; returns when there is one, or a failure. */
  public Answer ask(ChatRequest request) throws InterruptedException {
    String digest = request.digest(spec.model());
    CompletableFuture<Answer> ours = new CompletableFuture<>();
    CompletableFuture<Answer> theirs = underWay.putIfAbsent(digest, ours);
    if (theirs == null) {
      try {
        threads.execute(() -> run(request, digest, ours));
      } catch (RejectedExecutionException e) {
        underWay.remove(digest);
        ours.completeExceptionally(e);
        throw new IllegalStateException("this endpoint is closed", e);
      }
    }
    Answer answer = result(theirs == null ? ours : theirs);
    counts.request(answer, theirs != null);
    return answer;
  }

  /** Asks all, {@code maxParallel} at a time; the answers come in the order of the requests. */
  public List<Answer> askAll(List<ChatRequest> requests) throws InterruptedException {
    AtomicReferenceArray<Answer> answers = new AtomicReferenceArray<>(requests.size());
    AtomicInteger next = new AtomicInteger();
    Callable<@Nullable Void> worker =
        () -> {
          for (int i = next.getAndIncrement(); i < requests.size(); i = next.getAndIncrement()) {
            answers.set(i, ask(requests.get(i)));
          }
          return null;
        };
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      int workerCount = Math.min(spec.maxParallel(), requests.size());
      for (Future<?> done : workers.invokeAll(Collections.nCopies(workerCount, worker))) {
        result(done);
      }
    }
    List<Answer> inOrder = new ArrayList<>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      inOrder.add(answers.get(i));
    }
    return inOrder;
  }

  /** What has been done since this was opened. */
  public Usage usage() {
    return counts.usage();
  }

  /**
   * Tokens that the cache folder's ledger has ever counted, and those that requests under way, or
   * killed in the middle, may have cost.
   */
  public long spentTokens() {
    Ledger.Totals totals = ledger.totals();
    return totals.spentTokens() + totals.reservedTokens();
  }

  /** Ends the pauses between attempts, and waits for the attempts under way. */
  @Override
  public void close() {
    synchronized (pausing) {
      closed = true;
      pausing.forEach(Thread::interrupt);
    }
    threads.close();
    completions.close();
    ledger.close();
  }

  /** On a thread of its own, which only a pause may be interrupted on. */
  private void run(ChatRequest request, String digest, CompletableFuture<Answer> result) {
    // The next to ask the same must not meet a failure of the past, so the way is freed first.
    try {
      Answer answer = cachedOrAsked(request, digest);
      underWay.remove(digest);
      result.complete(answer);
    } catch (RuntimeException | Error e) {
      underWay.remove(digest);
      result.completeExceptionally(e); // thrown again by whoever waits
    }
  }

  private Answer cachedOrAsked(ChatRequest request, String digest) {
    switch (cache.find(digest)) {
      case AnswerCache.Lookup.Found(Complete answer) -> {
        counts.cacheHit();
        return answer;
      }
      case AnswerCache.Lookup.Damaged() -> counts.damagedCacheFile();
      case AnswerCache.Lookup.Absent() -> {}
    }
    Answer answer = askPatiently(request, digest);
    if (answer instanceof Complete complete) {
      cache.store(digest, complete);
    }
    return answer;
  }

  private Answer askPatiently(ChatRequest request, String digest) {
    for (int number = 1; ; number++) {
      Attempt attempt = attempt(request);
      if (!attempt.repeatable()) {
        return attempt.answer();
      }
      if (number == spec.maxAttempts()) {
        return withNote(attempt.answer(), "after %d attempts".formatted(number));
      }
      Optional<Duration> asked =
          attempt.retryAfter().flatMap(value -> Backoff.asked(value, waiting.now()));
      if (asked.isPresent() && asked.get().compareTo(LONGEST_RETRY_AFTER) > 0) {
        return withNote(
            attempt.answer(), "told to wait %d s, given up".formatted(asked.get().toSeconds()));
      }
      if (!pause(Backoff.after(number, digest, asked))) {
        return withNote(attempt.answer(), "closed before attempt %d".formatted(number + 1));
      }
    }
  }

  private Attempt attempt(ChatRequest request) {
    long worstCase = request.worstCaseTokens();
    permits.acquireUninterruptibly();
    try {
      if (!ledger.reserve(worstCase)) {
        return Attempt.settled(
            new Failed(
                Reason.BUDGET_SPENT,
                "the request may cost %d tokens, and of the budget of %d are spent or promised: %d"
                    .formatted(worstCase, spec.tokenBudget(), spentTokens())),
            new Attempt.Cost.Nothing());
      }
      counts.attempt();
      Attempt.Cost cost = new Attempt.Cost.Everything();
      try {
        Attempt attempt = completions.send(request);
        cost = attempt.cost();
        return attempt;
      } finally {
        ledger.settle(worstCase, cost.tokens(request));
        counts.cost(cost, request);
      }
    } finally {
      permits.release();
    }
  }

  /** Returns whether the pause has passed; false when this was closed before its end. */
  private boolean pause(Duration duration) {
    synchronized (pausing) {
      if (closed) {
        return false;
      }
      pausing.add(Thread.currentThread());
    }
    try {
      waiting.pause(duration);
      return true;
    } catch (InterruptedException _) {
      return false;
    } finally {
      synchronized (pausing) {
        pausing.remove(Thread.currentThread());
      }
      Thread.interrupted(); // after the pause, an interrupt would close the files in use
    }
  }

  private static Answer withNote(Answer answer, String note) {
    return switch (answer) {
      case Complete _ -> answer;
      case Failed(Reason reason, String detail) -> new Failed(reason, detail + "; " + note);
    };
  }

  private static <T extends @Nullable Object> T result(Future<T> future)
      throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case InterruptedException interruption -> throw interruption;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
