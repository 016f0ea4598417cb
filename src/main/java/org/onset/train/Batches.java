package org.onset.train;

/** What each step trains on: the same batch whenever a step is asked for. */
public interface Batches {
  Batch batch(long step);
}
