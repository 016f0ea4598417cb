package org.onset.endpoint;

import java.util.Map;
import java.util.TreeMap;
import org.onset.endpoint.Answer.Failed;
import org.onset.endpoint.Answer.Reason;

/** Counts for {@link Usage}, from any thread. */
final class Counts {
  private long requests;
  private long cacheHits;
  private long joined;
  private long attempts;
  private long promptTokens;
  private long completionTokens;
  private long estimatedTokens;
  private long damagedCacheFiles;
  private final Map<Reason, Long> failures = new TreeMap<>();

  synchronized void request(Answer answer, boolean together) {
    requests++;
    joined += together ? 1 : 0;
    if (answer instanceof Failed(Reason reason, _)) {
      failures.merge(reason, 1L, Long::sum);
    }
  }

  synchronized void cacheHit() {
    cacheHits++;
  }

  synchronized void damagedCacheFile() {
    damagedCacheFiles++;
  }

  synchronized void attempt() {
    attempts++;
  }

  synchronized void cost(Attempt.Cost cost, ChatRequest request) {
    if (cost instanceof Attempt.Cost.Reported(long prompt, long completion)) {
      promptTokens += prompt;
      completionTokens += completion;
    } else {
      estimatedTokens += cost.tokens(request);
    }
  }

  synchronized Usage usage() {
    return new Usage(
        requests,
        cacheHits,
        joined,
        attempts,
        promptTokens,
        completionTokens,
        estimatedTokens,
        damagedCacheFiles,
        failures);
  }
}
