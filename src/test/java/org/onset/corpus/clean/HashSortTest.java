package org.onset.corpus.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class HashSortTest {
  @ParameterizedTest
  @Repetitions(200)
  void itSortsWhateverItIsGiven(SplittableRandom random) {
    int size = random.nextInt(300);
    long different = random.nextBoolean() ? 1 + random.nextInt(5) : Long.MAX_VALUE;
    boolean spread = random.nextBoolean();
    long[] hashes =
        random.longs(size).map(hash -> spread ? hash : Math.floorMod(hash, different)).toArray();
    long[] expected = hashes.clone();
    Arrays.sort(expected);

    HashSort.sort(hashes);

    assertThat(hashes).isEqualTo(expected);
  }

  @Test
  void equalOnesTakeNoQuadraticTime() {
    long[] hashes = new long[1_000_000];
    Arrays.setAll(hashes, i -> i % 2);

    HashSort.sort(hashes);

    assertThat(hashes).isSorted();
  }
}
