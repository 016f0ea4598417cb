package org.onset.corpus.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Repetitions;

class MinHashTest {
  /** Two-sided 99.99% of a normal distribution. */
  private static final double Z = 3.89;

  private static final MinHash STANDARD = new MinHash(MinHashSpec.standard());

  /** Two sets of equal size with a given Jaccard index, as near as their size allows. */
  private static final class Pair {
    final long[] a;
    final long[] b;
    final double jaccard;

    Pair(long[] a, long[] b, double jaccard) {
      this.a = a;
      this.b = b;
      this.jaccard = jaccard;
    }

    static Pair of(SplittableRandom random, int size, double jaccard) {
      int common = (int) Math.round(2 * size * jaccard / (1 + jaccard));
      long[] all = random.longs(2L * size - common).toArray();
      long[] a = Arrays.copyOf(all, size);
      long[] b = Arrays.copyOfRange(all, size - common, all.length);
      Arrays.sort(a);
      Arrays.sort(b);
      return new Pair(a, b, (double) common / all.length);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.3, 0.5, 0.72, 0.9})
  void twoSetsShareAMinimumAsOftenAsTheirJaccardIndex(double jaccard) {
    SplittableRandom random = new SplittableRandom(1);
    int functions = 112;
    int pairs = 300;
    long shared = 0;
    double expected = 0;
    for (int i = 0; i < pairs; i++) {
      Pair pair = Pair.of(random, 200, jaccard);
      long[] left = STANDARD.minima(pair.a);
      long[] right = STANDARD.minima(pair.b);
      expected = pair.jaccard;
      for (int f = 0; f < functions; f++) {
        shared += left[f] == right[f] ? 1 : 0;
      }
    }

    double trials = (double) pairs * functions;
    double error = Math.sqrt(expected * (1 - expected) / trials);
    assertThat(shared / trials).isCloseTo(expected, within(Z * error));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.4, 0.6, 0.72, 0.8, 0.9})
  void twoSetsBecomeCandidatesAsOftenAsTheSpecificationSays(double jaccard) {
    SplittableRandom random = new SplittableRandom(2);
    int pairs = 2_000;
    int candidates = 0;
    double expected = 0;
    for (int i = 0; i < pairs; i++) {
      Pair pair = Pair.of(random, 100, jaccard);
      expected = MinHashSpec.standard().candidateProbability(pair.jaccard);
      candidates += shareAKey(STANDARD.bandKeys(pair.a), STANDARD.bandKeys(pair.b)) ? 1 : 0;
    }

    double error = Math.sqrt(expected * (1 - expected) / pairs);
    assertThat((double) candidates / pairs).isCloseTo(expected, within(Z * error));
  }

  @ParameterizedTest
  @Repetitions(20)
  void eachElementIsTheLeastOfItsSetForAsManyFunctions(SplittableRandom random) {
    int functions = 2_000;
    int size = 10;
    long[] set = random.longs(size).toArray();
    MinHash many = new MinHash(new MinHashSpec(0.5, 5, functions, 1));
    long[] minima = many.minima(set);

    for (long element : set) {
      long[] own = many.minima(new long[] {element});
      long least = IntStream.range(0, functions).filter(f -> own[f] == minima[f]).count();
      double expected = (double) functions / size;
      double error = Math.sqrt(expected * (1 - 1.0 / size));
      assertThat((double) least).isCloseTo(expected, within(Z * error));
    }
  }

  @ParameterizedTest
  @Repetitions(20)
  void minimaAreThoseOfTheHashFunctionsAsDescribed(SplittableRandom random) {
    long[] shingles = random.longs(1 + random.nextInt(30)).toArray();
    long[] expected = new long[112];
    SplittableRandom constants = new SplittableRandom(1); // SplitMix64
    for (int f = 0; f < expected.length; f++) {
      long xor = constants.nextLong();
      long odd = constants.nextLong() | 1;
      expected[f] = LongStream.of(shingles).map(x -> (x ^ xor) * odd).min().orElseThrow();
    }

    assertThat(STANDARD.minima(shingles)).isEqualTo(expected);
  }

  @Test
  void equalSetsShareAllKeysAndNoTwoBandsHaveTheSame() {
    long[] shingles = Shingles.of("one", 5);

    assertThat(STANDARD.bandKeys(shingles)).isEqualTo(STANDARD.bandKeys(shingles.clone()));
    assertThat(STANDARD.bandKeys(shingles)).hasSize(14).doesNotHaveDuplicates();
  }

  @Test
  void keysStayAsTheyAre() {
    MinHash small = new MinHash(new MinHashSpec(0.5, 2, 2, 2));

    assertThat(small.bandKeys(new long[] {1, 2, 3}))
        .containsExactly(-378896042495962843L, 4277206171353290982L);
  }

  @Test
  void aSetWithoutShinglesIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> STANDARD.bandKeys(new long[0]));
  }

  private static boolean shareAKey(long[] a, long[] b) {
    for (int i = 0; i < a.length; i++) {
      if (a[i] == b[i]) {
        return true;
      }
    }
    return false;
  }
}
