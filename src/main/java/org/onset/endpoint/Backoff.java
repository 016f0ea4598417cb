package org.onset.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.onset.Seeds;

/**
 * How long to wait before sending a request again: half a second, doubled with every attempt up to
 * a minute, and of that a share between a half and the whole drawn from the request's digest, so
 * that requests which failed together don't return together and a run can be repeated.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  private Backoff() {}

  /** The wait after the attempt of number {@code attempt}, from 1; never below {@code asked}. */
  static Duration after(int attempt, String digest, Optional<Duration> asked) {
    int doublings = Math.min(attempt - 1, 20);
    long fullMillis = Math.min(FIRST.toMillis() << doublings, LONGEST.toMillis());
    double share = new Seeds(attempt).generator("backoff/" + digest).nextDouble(0.5, 1);
    Duration ours = Duration.ofMillis(Math.round(fullMillis * share));
    return asked.filter(wait -> wait.compareTo(ours) > 0).orElse(ours);
  }

  /**
   * Reads the value of a {@code Retry-After} header (RFC 9110, section 10.2.3): seconds, of which
   * some servers send fractions, or a date; empty when it is neither.
   */
  static Optional<Duration> asked(String retryAfter, Instant now) {
    String value = retryAfter.strip();
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(Duration.ofMillis((long) Math.ceil(Double.parseDouble(value) * 1_000)));
    }
    try {
      Instant until = DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from);
      return Optional.of(until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO);
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
