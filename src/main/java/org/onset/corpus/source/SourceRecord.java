package org.onset.corpus.source;

import java.util.OptionalInt;

/** What stands at one place of a file. */
public sealed interface SourceRecord {
  /** The line of the split on which it begins, from 0; of Parquet the row. */
  long line();

  /**
   * A document.
   *
   * @param id absent ids are empty
   */
  record Text(long line, String id, String text, OptionalInt score) implements SourceRecord {}

  /**
   * No document, and why.
   *
   * @param excerpt how it begins, as far as it can be shown
   */
  record Damaged(long line, String reason, String excerpt) implements SourceRecord {}

  /** A record that the source's filter leaves out. */
  record NotWanted(long line) implements SourceRecord {}
}
