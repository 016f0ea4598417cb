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
  private final Pieces pieces;

  /** The first {@code size} are where n-grams begin that occur more than once, in their order. */
  private final int[] starts;

  /** The number of the gram at each of the starts; the grams are numbered as they come. */
  private final int[] grams;

  private int size;
  private int gramCount;
  private int length;

  GramRepeats(Pieces pieces) {
    this.pieces = pieces;
    this.starts = new int[pieces.count()];
    this.grams = new int[pieces.count()];
    this.length = Integer.MAX_VALUE;
  }

  /** Characters in the n-gram that occurs most often, which is at least twice. */
  int charactersInTop(int n) {
    findRecurring(n);
    int[] occurrences = new int[gramCount];
    int[] ends = new int[gramCount];
    int[] characters = new int[gramCount];
    int most = 1;
    int top = 0; // of equally frequent ones the lowest is first
    for (int i = 0; i < size; i++) {
      int start = starts[i];
      int gram = grams[i];
      if (start >= ends[gram]) {
        ends[gram] = start + n;
        characters[gram] += pieces.characters(start, start + n) + pieces.spaces(start, start + n);
        occurrences[gram]++;
        if (occurrences[gram] > most || (occurrences[gram] == most && gram < top)) {
          most = occurrences[gram];
          top = gram;
        }
      }
    }
    return most > 1 ? characters[top] : 0;
  }

  /** Characters in n-grams that repeat an earlier one, none counted twice. */
  int charactersInRepeated(int n) {
    findRecurring(n);
    boolean[] met = new boolean[gramCount];
    int characters = 0;
    int end = 0;
    for (int i = 0; i < size; i++) {
      if (starts[i] >= end) {
        if (met[grams[i]]) {
          end = starts[i] + n;
          characters += pieces.characters(starts[i], end);
        }
        met[grams[i]] = true;
      }
    }
    return characters;
  }

  private void findRecurring(int n) {
    narrow(n);
    Numbering met = new Numbering(size);
    int[] occurrences = new int[size];
    long power = Hashing.power(n);
    for (int i = 0; i < size; i++) {
      grams[i] = met.number(pieces.gram(starts[i], starts[i] + n, power));
      occurrences[grams[i]]++;
    }
    gramCount = met.size();
    int recurring = 0;
    for (int i = 0; i < size; i++) {
      starts[recurring] = starts[i];
      grams[recurring] = grams[i];
      recurring += occurrences[grams[i]] > 1 ? 1 : 0;
    }
    size = recurring;
  }

  /** Leaves the starts of n-grams whose first and last shorter grams recur. */
  private void narrow(int n) {
    if (n < length) {
      size = Math.max(0, pieces.count() - n + 1);
      Arrays.setAll(starts, start -> start);
    } else {
      int further = n - length;
      int last = 0;
      int left = 0;
      for (int i = 0; i < size; i++) {
        int start = starts[i];
        while (last < size && starts[last] < start + further) {
          last++;
        }
        if (last < size && starts[last] == start + further) {
          starts[left++] = start;
        }
      }
      size = left;
    }
    length = n;
  }
}
