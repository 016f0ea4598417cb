package org.onset.corpus.clean;

import java.util.Arrays;
import org.onset.corpus.clean.QualitySpec.Repetition;

/**
 * How much of a text is in its repeated n-grams; {@link Repetition} defines both amounts.
 *
 * <p>An n-gram recurs only if the shorter ones in it do, so each n looks at what the last left
 * over. Asked for ascending n, all together cost little more than the first; in any order they come
 * to the same.
 */
final class GramRepeats {
  private static final int ONCE = -1;

  private final Pieces pieces;
  private final Numbering met;

  /** For each piece, the number of the gram that begins there, or that it occurs once. */
  private final int[] grams;

  private int lastLength;

  GramRepeats(Pieces pieces) {
    this.pieces = pieces;
    this.met = new Numbering(pieces.count());
    this.grams = new int[pieces.count()];
  }

  /** Characters in the n-gram that occurs most often, which is at least twice. */
  int charactersInTop(int n) {
    number(n);
    int[] occurrences = new int[met.size()];
    int[] ends = new int[met.size()];
    int[] characters = new int[met.size()];
    int top = 0; // grams are numbered as they come: of equally frequent ones the lowest is first
    for (int start = 0; start + n <= grams.length; start++) {
      int gram = grams[start];
      if (gram != ONCE && start >= ends[gram]) {
        ends[gram] = start + n;
        characters[gram] += pieces.characters(start, start + n) + pieces.spaces(start, start + n);
        occurrences[gram]++;
        if (occurrences[gram] > occurrences[top]
            || (occurrences[gram] == occurrences[top] && gram < top)) {
          top = gram;
        }
      }
    }
    return occurrences.length > 0 && occurrences[top] > 1 ? characters[top] : 0;
  }

  /** Characters in n-grams that repeat an earlier one, none counted twice. */
  int charactersInRepeated(int n) {
    number(n);
    boolean[] before = new boolean[met.size()];
    int characters = 0;
    int start = 0;
    while (start + n <= grams.length) {
      int gram = grams[start];
      if (gram != ONCE && before[gram]) {
        characters += pieces.characters(start, start + n);
        start += n;
      } else {
        if (gram != ONCE) {
          before[gram] = true;
        }
        start++;
      }
    }
    return characters;
  }

  private void number(int n) {
    if (n < lastLength) {
      Arrays.fill(grams, 0); // any may recur
    }
    int further = Math.max(0, n - Math.max(1, lastLength));
    lastLength = n;
    met.clear();
    int[] occurrences = new int[grams.length];
    long power = Hashing.power(n);
    for (int start = 0; start + n <= grams.length; start++) {
      if (grams[start] == ONCE || grams[start + further] == ONCE) {
        grams[start] = ONCE;
      } else {
        grams[start] = met.number(pieces.gram(start, start + n, power));
        occurrences[grams[start]]++;
      }
    }
    for (int start = 0; start + n <= grams.length; start++) {
      if (grams[start] != ONCE && occurrences[grams[start]] == 1) {
        grams[start] = ONCE;
      }
    }
  }
}
