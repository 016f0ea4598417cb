package org.onset.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only by pauses, at once, and is written down. */
public final class RecordedPauses implements Waiting {
  private final List<Duration> pauses = new ArrayList<>();
  private Instant now;

  public RecordedPauses(Instant now) {
    this.now = now;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public synchronized void pause(Duration duration) {
    pauses.add(duration);
    now = now.plus(duration);
  }

  public synchronized List<Duration> pauses() {
    return List.copyOf(pauses);
  }
}
