package org.onset.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.stats.Contrast;
import org.onset.stats.Estimate;
import org.onset.stats.Holm;
import org.onset.study.results.Results;
import org.onset.study.spec.ArmSpec;
import org.onset.study.spec.StudySpec;
import org.onset.study.spec.StudySpec.PrimaryContrast;

/** Turns measurements into the rows and contrasts of {@code results.json}. */
final class ResultTables {
  /** What arms are compared on beside the primary contrasts. */
  private static final Set<String> EXPLORED =
      Set.of("asr", "leak_rate", "overrefusal", "helpful_rate", "accuracy", "probe_auroc");

  /** More seeds would not help: what is said of one model can only be said of it. */
  private static final String ONE_MODEL =
      "the base model of a folder is one for all seeds: nothing is known of others";

  private final StudySpec spec;
  private final List<Measurement> measurements;

  ResultTables(StudySpec spec, List<Measurement> measurements) {
    this.spec = spec;
    this.measurements = List.copyOf(measurements);
  }

  Results results() {
    // Thousands of intervals, each a pure function of its numbers; the order is kept.
    List<Results.Row> rows = measurements.parallelStream().flatMap(this::rows).toList();
    List<Results.Contrast> contrasts = new ArrayList<>(primary());
    contrasts.addAll(exploratory());
    return new Results(Results.SCHEMA, spec.name(), rows, contrasts);
  }

  private Stream<Results.Row> rows(Measurement measurement) {
    return Stream.concat(
        Stream.of(row(measurement, null, measurement.pooled())),
        measurement.values().keySet().stream()
            .map(seed -> row(measurement, seed, measurement.ofSeed(seed))));
  }

  /** Whether it is of a folder's base model, which every seed of its arm begins with. */
  private boolean isOfOneModel(Measurement measurement) {
    ArmSpec arm = spec.arms().get(measurement.arm());
    return arm != null && !arm.isPretrained() && measurement.quantity().stage().equals("base");
  }

  private Results.Row row(Measurement measurement, @Nullable Long seed, Estimate estimate) {
    Quantity quantity = measurement.quantity();
    Double value = null;
    Double low = null;
    Double high = null;
    Integer n = measurement.items() > 0 ? (Integer) measurement.items() : null;
    String interval = null;
    String reason = null;
    switch (estimate) {
      case Estimate.Interval found -> {
        value = found.value();
        low = found.low();
        high = found.high();
        n = found.prompts() > 0 ? (Integer) found.prompts() : n;
        interval = found.coverage().label();
      }
      case Estimate.Point found -> {
        value = found.value();
        n = found.prompts() > 0 ? (Integer) found.prompts() : n;
        boolean seedsAsked = measurement.kind() == Measurement.Kind.PER_SEED;
        reason = seedsAsked && isOfOneModel(measurement) ? ONE_MODEL : found.reason();
      }
      case Estimate.Unmeasured found -> reason = found.reason();
    }
    return new Results.Row(
        measurement.arm(),
        seed,
        quantity.stage(),
        quantity.task(),
        quantity.step(),
        quantity.suite(),
        quantity.attack(),
        quantity.decoder(),
        quantity.judge(),
        quantity.variant(),
        quantity.layer(),
        quantity.metric(),
        value,
        low,
        high,
        n,
        measurement.kind().unit,
        interval,
        reason);
  }

  /** The contrasts that the study names, with Holm's correction over all of them. */
  private List<Results.Contrast> primary() {
    List<Results.Contrast> contrasts = new ArrayList<>();
    List<OptionalDouble> p = new ArrayList<>();
    for (PrimaryContrast named : spec.primaryContrasts()) {
      Measurement arm = find(named.arm(), named);
      Measurement baseline = find(named.baseline(), named);
      if (arm == null || baseline == null) {
        contrasts.add(unmeasured(named));
        p.add(OptionalDouble.empty());
      } else {
        Results.Contrast contrast = contrast(arm, baseline, true);
        contrasts.add(contrast);
        p.add(contrast.p() == null ? OptionalDouble.empty() : OptionalDouble.of(contrast.p()));
      }
    }
    List<OptionalDouble> adjusted = Holm.adjust(p);
    for (int i = 0; i < contrasts.size(); i++) {
      if (adjusted.get(i).isPresent()) {
        contrasts.set(i, withHolm(contrasts.get(i), adjusted.get(i).getAsDouble()));
      }
    }
    return contrasts;
  }

  private @Nullable Measurement find(String arm, PrimaryContrast named) {
    return measurements.stream()
        .filter(measurement -> measurement.arm().equals(arm))
        .filter(measurement -> matches(measurement.quantity(), named))
        .findFirst()
        .orElse(null);
  }

  private static boolean matches(Quantity quantity, PrimaryContrast named) {
    return quantity.stage().equals(named.stage())
        && Objects.equals(quantity.task(), named.task())
        && quantity.step() == null
        && quantity.suite().equals(named.suite())
        && Objects.equals(quantity.attack(), named.attack())
        && Objects.equals(quantity.decoder(), named.decoder())
        && Objects.equals(quantity.layer(), named.layer())
        && quantity.variant() == null
        && quantity.metric().equals(named.metric());
  }

  /** Every pair of arms on the main metrics, not tested for their number and marked so. */
  private List<Results.Contrast> exploratory() {
    Map<Quantity, List<Measurement>> byQuantity = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      Quantity quantity = measurement.quantity();
      if (EXPLORED.contains(quantity.metric())
          && quantity.step() == null
          && quantity.variant() == null
          && quantity.attack() == null) {
        byQuantity.computeIfAbsent(quantity, _ -> new ArrayList<>()).add(measurement);
      }
    }
    List<Results.Contrast> contrasts = new ArrayList<>();
    for (List<Measurement> arms : byQuantity.values()) {
      for (int i = 0; i < arms.size(); i++) {
        for (int j = i + 1; j < arms.size(); j++) {
          if (!isPrimary(arms.get(i), arms.get(j))) {
            contrasts.add(contrast(arms.get(i), arms.get(j), false));
          }
        }
      }
    }
    return contrasts;
  }

  private boolean isPrimary(Measurement one, Measurement other) {
    Set<String> arms = Set.of(one.arm(), other.arm());
    return spec.primaryContrasts().stream()
        .anyMatch(
            named ->
                arms.equals(Set.of(named.arm(), named.baseline()))
                    && matches(one.quantity(), named));
  }

  /** The base model of a folder stands beside each seed of an arm that has many. */
  private Results.Contrast contrast(Measurement arm, Measurement baseline, boolean primary) {
    boolean armIsOne = isOfOneModel(arm);
    boolean baselineIsOne = isOfOneModel(baseline);
    if (armIsOne && baselineIsOne) {
      Contrast contrast = arm.minus(baseline);
      boolean measured = !(contrast.difference() instanceof Estimate.Unmeasured);
      return contrast(
          arm, baseline, contrast, measured ? ONE_MODEL : contrast.reason().orElse(null), primary);
    }
    Measurement minuend = armIsOne ? arm.repeatedFor(baseline.values().keySet()) : arm;
    Measurement subtrahend = baselineIsOne ? baseline.repeatedFor(arm.values().keySet()) : baseline;
    Contrast contrast = minuend.minus(subtrahend);
    return contrast(minuend, subtrahend, contrast, contrast.reason().orElse(null), primary);
  }

  private static Results.Contrast contrast(
      Measurement arm,
      Measurement baseline,
      Contrast contrast,
      @Nullable String whyUntested,
      boolean primary) {
    Quantity quantity = arm.quantity();
    Double difference = null;
    Double low = null;
    Double high = null;
    String reason = whyUntested;
    switch (contrast.difference()) {
      case Estimate.Interval found -> {
        difference = found.value();
        low = found.low();
        high = found.high();
      }
      case Estimate.Point found -> {
        difference = found.value();
        reason = reason == null ? found.reason() : reason;
      }
      case Estimate.Unmeasured found -> reason = found.reason();
    }
    return new Results.Contrast(
        arm.arm(),
        baseline.arm(),
        quantity.stage(),
        quantity.task(),
        quantity.step(),
        quantity.suite(),
        quantity.attack(),
        quantity.decoder(),
        quantity.judge(),
        quantity.variant(),
        quantity.layer(),
        quantity.metric(),
        difference,
        low,
        high,
        contrast.p().isPresent() ? (Double) contrast.p().getAsDouble() : null,
        null,
        arm.values().size(),
        primary,
        reason);
  }

  private static Results.Contrast unmeasured(PrimaryContrast named) {
    return new Results.Contrast(
        named.arm(),
        named.baseline(),
        named.stage(),
        named.task(),
        null,
        named.suite(),
        named.attack(),
        named.decoder(),
        null,
        null,
        named.layer(),
        named.metric(),
        null,
        null,
        null,
        null,
        null,
        0,
        true,
        "the study measures no such quantity");
  }

  private static Results.Contrast withHolm(Results.Contrast contrast, double pHolm) {
    return new Results.Contrast(
        contrast.arm(),
        contrast.baseline(),
        contrast.stage(),
        contrast.task(),
        contrast.step(),
        contrast.suite(),
        contrast.attack(),
        contrast.decoder(),
        contrast.judge(),
        contrast.variant(),
        contrast.layer(),
        contrast.metric(),
        contrast.difference(),
        contrast.low(),
        contrast.high(),
        contrast.p(),
        pHolm,
        contrast.seeds(),
        contrast.primary(),
        contrast.reason());
  }
}
