package org.onset.corpus.clean;

import org.onset.corpus.clean.QualitySpec.Repetition;

/** How much of a text is in its repeated n-grams; {@link Repetition} defines both amounts. */
final class GramRepeats {
  private final Pieces pieces;
  private final Numbering met;

  GramRepeats(Pieces pieces) {
    this.pieces = pieces;
    this.met = new Numbering(pieces.count());
  }

  /** Characters in the n-gram that occurs most often, which is at least twice. */
  int charactersInTop(int n) {
    met.clear();
    long power = Hashing.power(n);
    int[] occurrences = new int[pieces.count()];
    int[] ends = new int[pieces.count()];
    int[] characters = new int[pieces.count()];
    int top =
        0; // grams are numbered as they are met, so of equally frequent ones the lowest is first
    for (int end = n; end <= pieces.count(); end++) {
      int start = end - n;
      int gram = met.number(pieces.gram(start, end, power));
      if (start >= ends[gram]) {
        ends[gram] = end;
        characters[gram] += pieces.characters(start, end) + pieces.spaces(start, end);
        occurrences[gram]++;
        if (occurrences[gram] > occurrences[top]
            || (occurrences[gram] == occurrences[top] && gram < top)) {
          top = gram;
        }
      }
    }
    return pieces.count() > 0 && occurrences[top] > 1 ? characters[top] : 0;
  }

  /** Characters in n-grams that repeat an earlier one, none counted twice. */
  int charactersInRepeated(int n) {
    met.clear();
    long power = Hashing.power(n);
    int characters = 0;
    int start = 0;
    while (start + n <= pieces.count()) {
      if (met.add(pieces.gram(start, start + n, power))) {
        start++;
      } else {
        characters += pieces.characters(start, start + n);
        start += n;
      }
    }
    return characters;
  }
}
