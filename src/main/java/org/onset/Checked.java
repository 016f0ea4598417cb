package org.onset;

/** A record read from a user's file that knows what makes it usable. */
public interface Checked {
  /**
   * Reports everything that is wrong with this record itself; its components are visited by the
   * reader.
   */
  void check(Problems problems);
}
