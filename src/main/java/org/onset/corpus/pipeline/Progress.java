package org.onset.corpus.pipeline;

/** Hears what a build is doing. */
public interface Progress {
  /** Spark is up; nothing has begun before. */
  default void started(double seconds) {}

  /** A step begins; of its {@code all} parts so many are done already. */
  void begins(String step, int done, int all);

  /** The step that began last is done. */
  void ends(String step, double seconds);
}
