package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.onset.stats.Contrast;
import org.onset.stats.Estimate;
import org.onset.study.Measurement.Collector;
import org.onset.study.Measurement.Kind;

class MeasurementTest {
  private static final Quantity ASR =
      new Quantity("base", null, null, "harmful", null, "topk", "exact", null, null, "asr");

  @Test
  void aProportionIsPooledOverSeedsAndItems() {
    Measurement measured =
        measurement(
            "arm",
            Kind.PROPORTION,
            Map.of(1L, Map.of("a", 1.0, "b", 0.0), 2L, Map.of("a", 1.0, "b", 0.5)));

    assertThat(measured.pooled())
        .isInstanceOfSatisfying(
            Estimate.Interval.class,
            estimate -> {
              assertThat(estimate.value()).isEqualTo(0.625);
              assertThat(estimate.seeds()).isEqualTo(2);
              assertThat(estimate.prompts()).isEqualTo(2);
              assertThat(estimate.coverage().label()).isEqualTo("seeds × prompts");
            });
    assertThat(measured.ofSeed(2))
        .isInstanceOfSatisfying(
            Estimate.Interval.class,
            estimate -> {
              assertThat(estimate.value()).isEqualTo(0.75);
              assertThat(estimate.coverage().label()).isEqualTo("prompts only");
            });
  }

  @Test
  void aPerplexityIsPooledOnTheLogScale() {
    Measurement measured =
        measurement("arm", Kind.PERPLEXITY, Map.of(1L, Map.of("a", 2.0, "b", 8.0)));

    assertThat(value(measured.pooled())).isCloseTo(4, within(1e-12));
  }

  @Test
  void whatASeedHasOneOfTakesItsIntervalOverSeeds() {
    Measurement measured =
        measurement("arm", Kind.PER_SEED, Map.of(1L, Map.of("all", 0.7), 2L, Map.of("all", 0.9)));

    assertThat(measured.pooled())
        .isInstanceOfSatisfying(
            Estimate.Interval.class,
            estimate -> assertThat(estimate.coverage().label()).isEqualTo("seeds only"));
    assertThat(value(measured.pooled())).isCloseTo(0.8, within(1e-12));
    assertThat(measured.ofSeed(1))
        .isInstanceOfSatisfying(
            Estimate.Point.class, point -> assertThat(point.value()).isEqualTo(0.7));
  }

  @Test
  void differencesArePairedByNameAndNotByPlace() {
    Collector collector = new Collector();
    for (long seed = 1; seed <= 2; seed++) {
      add(collector, "arm", Kind.PROPORTION, seed, "a", 1);
      add(collector, "arm", Kind.PROPORTION, seed, "b", 0);
    }
    for (long seed = 2; seed >= 1; seed--) {
      add(collector, "baseline", Kind.PROPORTION, seed, "b", 0);
      add(collector, "baseline", Kind.PROPORTION, seed, "a", 1);
    }

    Contrast contrast = minus(collector);

    // Paired by place, the items would differ by 1 and by −1.
    assertThat(contrast.difference())
        .isInstanceOfSatisfying(
            Estimate.Interval.class, interval -> assertThat(interval.value()).isZero());
    assertThat(contrast.seedSd()).hasValue(0);
  }

  @Test
  void perplexitiesAreComparedByTheirLogarithms() {
    Collector collector = new Collector();
    for (long seed = 1; seed <= 3; seed++) {
      for (String text : List.of("a", "b")) {
        add(collector, "arm", Kind.PERPLEXITY, seed, text, 40.0 + (double) seed);
        add(collector, "baseline", Kind.PERPLEXITY, seed, text, 10 * (40.0 + (double) seed));
      }
    }

    assertThat(value(minus(collector).difference())).isCloseTo(-Math.log(10), within(1e-12));
  }

  @Test
  void whatHasNoNumberSaysWhyAloneAndInAContrast() {
    Collector collector = new Collector();
    add(collector, "arm", Kind.PER_SEED, 1, "all", 0.5);
    collector.addUnmeasured("baseline", ASR, Kind.PER_SEED, 1, "all of one kind", 7);

    Measurement unmeasured = collector.all().get(1);

    assertThat(unmeasured.pooled()).isEqualTo(new Estimate.Unmeasured("all of one kind"));
    assertThat(unmeasured.ofSeed(1)).isEqualTo(new Estimate.Unmeasured("all of one kind"));
    assertThat(unmeasured.values().keySet()).containsExactly(1L);
    assertThat(minus(collector).difference()).isEqualTo(new Estimate.Unmeasured("all of one kind"));
    assertThat(minus(collector).reason()).hasValue("all of one kind");
  }

  @Test
  void seedsMeasuredOnDifferentItemsAreOurMistake() {
    Measurement lacking =
        measurement(
            "arm", Kind.PROPORTION, Map.of(1L, Map.of("a", 1.0, "b", 0.0), 2L, Map.of("a", 1.0)));
    Measurement other =
        measurement("arm", Kind.PROPORTION, Map.of(1L, Map.of("a", 1.0), 2L, Map.of("c", 1.0)));

    assertThatThrownBy(lacking::pooled).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(other::pooled).isInstanceOf(IllegalStateException.class);
  }

  private static void add(
      Collector collector, String arm, Kind kind, long seed, String item, double value) {
    collector.add(arm, ASR, kind, seed, item, value, 0);
  }

  private static Contrast minus(Collector collector) {
    return collector.all().get(0).minus(collector.all().get(1));
  }

  private static Measurement measurement(
      String arm, Kind kind, Map<Long, Map<String, Double>> values) {
    return new Measurement(arm, ASR, kind, values, 0, null);
  }

  private static double value(Estimate estimate) {
    return switch (estimate) {
      case Estimate.Interval interval -> interval.value();
      case Estimate.Point point -> point.value();
      case Estimate.Unmeasured(String reason) -> throw new AssertionError(reason);
    };
  }
}
