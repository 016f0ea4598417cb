package org.onset.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Fingerprint;
import org.onset.Repetitions;

class BackoffTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @ParameterizedTest
  @Repetitions(100)
  void theWaitDoublesUpToAMinuteLessAtMostHalf(SplittableRandom random) {
    String digest = Fingerprint.of(Long.toString(random.nextLong()));
    int attempt = random.nextInt(1, 100);
    long full = attempt <= 7 ? 500L << (attempt - 1) : 60_000;

    assertThat(Backoff.after(attempt, digest, Optional.empty()).toMillis())
        .isBetween(full / 2, full);
  }

  @Test
  void theSameRequestWaitsTheSameAndOthersWaitOtherwise() {
    Duration first = Backoff.after(3, Fingerprint.of("a"), Optional.empty());

    assertThat(Backoff.after(3, Fingerprint.of("a"), Optional.empty())).isEqualTo(first);
    assertThat(Backoff.after(3, Fingerprint.of("b"), Optional.empty())).isNotEqualTo(first);
    assertThat(Backoff.after(4, Fingerprint.of("a"), Optional.empty()))
        .isNotEqualTo(first.multipliedBy(2));
  }

  @Test
  void theServersWishCountsWhenItIsTheLonger() {
    Duration ours = Backoff.after(1, "d", Optional.empty());

    assertThat(Backoff.after(1, "d", Optional.of(ours.plusMillis(1))))
        .isEqualTo(ours.plusMillis(1));
    assertThat(Backoff.after(1, "d", Optional.of(Duration.ZERO))).isEqualTo(ours);
  }

  @Test
  void secondsAndDatesAreRead() {
    assertThat(Backoff.asked("120", NOON)).contains(Duration.ofMinutes(2));
    assertThat(Backoff.asked(" 0 ", NOON)).contains(Duration.ZERO);
    assertThat(Backoff.asked("1.25", NOON)).contains(Duration.ofMillis(1_250));
    assertThat(Backoff.asked("Sun, 01 Mar 2026 12:00:30 GMT", NOON))
        .contains(Duration.ofSeconds(30));
    assertThat(Backoff.asked("Sun, 01 Mar 2026 11:00:00 GMT", NOON)).contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "1e9", "99999999999", "2026-03-01T12:00:30Z", "١٢"})
  void anythingElseIsNoWish(String value) {
    assertThat(Backoff.asked(value, NOON)).isEmpty();
  }
}
