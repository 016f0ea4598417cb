package org.onset.endpoint;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The clock that an {@link Endpoint} waits by between attempts; tests have one that doesn't wait.
 */
public interface Waiting {
  /** The time of day, which a server's {@code Retry-After} may refer to. */
  Instant now();

  /** Returns once {@code duration} has passed. */
  void pause(Duration duration) throws InterruptedException;

  /** Really waits. */
  static Waiting real() {
    return new Waiting() {
      @Override
      public Instant now() {
        return Clock.systemUTC().instant();
      }

      @Override
      public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
      }
    };
  }
}
