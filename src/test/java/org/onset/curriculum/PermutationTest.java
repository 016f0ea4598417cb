package org.onset.curriculum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;
import org.onset.Seeds;

class PermutationTest {
  @ParameterizedTest
  @Repetitions(300)
  void everyNumberAppearsOnce(SplittableRandom random) {
    int size = random.nextInt(10) == 0 ? random.nextInt(1, 20_000) : random.nextInt(1, 70);
    Permutation permutation = new Permutation(size, random.nextLong());

    assertThat(IntStream.range(0, size).map(permutation::at).sorted())
        .containsExactlyElementsOf(IntStream.range(0, size).boxed().toList());
  }

  @Test
  void theLargestStreamIsPermutedInPlace() {
    Permutation permutation = new Permutation(Integer.MAX_VALUE, 5);

    assertThat(IntStream.range(0, 1_000).map(permutation::at).distinct().count()).isEqualTo(1_000);
  }

  /** Each of the 24 orders of four is due 500 times; five standard deviations are 110. */
  @Test
  void allOrdersOfAFewAreAboutEquallyFrequent() {
    Map<String, Integer> counts = new TreeMap<>();
    for (int seed = 0; seed < 12_000; seed++) {
      Permutation permutation = Permutation.of(new Seeds(seed), "refusal", 0, 4);
      String order = IntStream.range(0, 4).map(permutation::at).boxed().toList().toString();
      counts.merge(order, 1, Integer::sum);
    }

    assertThat(counts).hasSize(24);
    assertThat(counts.values()).allMatch(count -> Math.abs(count - 500) < 110);
  }

  /** Each of 50 positions is due 400 of 20,000 seeds; five standard deviations are 99. */
  @Test
  void aWindowStandsAnywhereInItsEpochAboutEquallyOften() {
    int[] counts = new int[50];
    for (int seed = 0; seed < 20_000; seed++) {
      counts[Permutation.of(new Seeds(seed), "moral", 3, 50).at(17)]++;
    }

    assertThat(counts)
        .satisfies(c -> assertThat(IntStream.of(c)).allMatch(n -> Math.abs(n - 400) < 99));
  }

  @Test
  void streamsAndEpochsHaveOrdersOfTheirOwn() {
    Seeds seeds = new Seeds(1);
    Permutation order = Permutation.of(seeds, "safe", 0, 1_000);
    Permutation otherEpoch = Permutation.of(seeds, "safe", 1, 1_000);
    Permutation otherStream = Permutation.of(seeds, "moral", 0, 1_000);

    assertThat(IntStream.range(0, 1_000).filter(i -> order.at(i) == otherEpoch.at(i)).count())
        .isLessThan(10);
    assertThat(IntStream.range(0, 1_000).filter(i -> order.at(i) == otherStream.at(i)).count())
        .isLessThan(10);
  }
}
