package org.onset.corpus.pipeline;

/**
 * A document that goes, and the earlier one that stays.
 *
 * @param exact whether their normalised texts are equal
 * @param jaccard of their sets of shingles; 1 where the texts are equal
 */
record Duplicate(Place document, Place of, boolean exact, double jaccard) {
  /** The place of a kept document: its split, and its place in that split's file. */
  record Place(int split, int ordinal) {
    static Place of(long number) {
      return new Place((int) (number >>> Integer.SIZE), (int) number);
    }

    /** Ascends in the order of the corpus. */
    long number() {
      return (long) split << Integer.SIZE | ordinal;
    }
  }

  /** How the report card calls it. */
  String reason() {
    return exact ? "exact duplicate" : "near-duplicate";
  }
}
