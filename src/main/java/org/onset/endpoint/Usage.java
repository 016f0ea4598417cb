package org.onset.endpoint;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.onset.endpoint.Answer.Reason;

/**
 * What an {@link Endpoint} has done since it was opened. Each request is a cache hit, joined, or
 * has been asked of the server; each of those but a cache hit may have failed.
 *
 * @param joined requests answered together with an equal one that was under way
 * @param attempts requests sent to the server, repetitions included
 * @param promptTokens as reported by the server, of all attempts
 * @param completionTokens likewise
 * @param estimatedTokens what the budget was charged for attempts without a report
 * @param damagedCacheFiles files of the cache that could not be read and counted as absent
 * @param failures requests without a usable answer, by reason; reasons that did not occur are
 *     absent
 */
public record Usage(
    long requests,
    long cacheHits,
    long joined,
    long attempts,
    long promptTokens,
    long completionTokens,
    long estimatedTokens,
    long damagedCacheFiles,
    Map<Reason, Long> failures) {

  public Usage {
    failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }
}
