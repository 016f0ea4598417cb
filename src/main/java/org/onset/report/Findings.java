package org.onset.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.onset.study.results.Results.Contrast;
import org.onset.study.results.Results.Row;
import org.onset.study.results.RunSummary;

/**
 * What was asked and what was found, a sentence each. An order of two arms is stated only where a
 * primary contrast, corrected for their number, carries it; everything else is "not told apart",
 * with its difference and interval.
 */
record Findings(String asked, String found) {
  /** A family error of 5% over the primary contrasts. */
  static final double LEVEL = 0.05;

  /** Below this rate, or above one minus it, in all arms, a suite can't rank them. */
  private static final double FLOOR = 0.1;

  /** Above so many arms their rates belong into the table, not into a sentence. */
  private static final int ARMS_IN_A_SENTENCE = 8;

  /** What contrasts share that are told in one breath. */
  private record Topic(Setting setting, Stage stage, Optional<Integer> layer) {
    static Topic of(Contrast contrast) {
      return new Topic(
          Setting.of(contrast),
          new Stage(contrast.stage(), contrast.task()),
          Optional.ofNullable(contrast.layer()));
    }

    String words() {
      return setting.metric().words() + " " + stage.words();
    }

    String details() {
      return setting.details() + layer.map(number -> ", layer " + number).orElse("");
    }
  }

  static Findings of(RunSummary summary) {
    Measurements measurements =
        new Measurements(
            summary.results(), summary.arms().stream().map(RunSummary.ArmSpec::arm).toList());
    List<Contrast> primary =
        summary.results().contrasts().stream().filter(Contrast::primary).toList();
    String found = primary.isEmpty() ? withoutContrasts(measurements) : of(primary, measurements);
    return new Findings(summary.question().strip(), sentence(found));
  }

  /** Whether a primary contrast carries an order of its two arms. */
  static boolean tellsApart(Contrast contrast) {
    return contrast.difference() != null
        && contrast.pHolm() != null
        && contrast.pHolm() <= LEVEL
        && contrast.difference() != 0;
  }

  private static String of(List<Contrast> primary, Measurements measurements) {
    Map<Topic, List<Contrast>> byTopic =
        primary.stream()
            .collect(Collectors.groupingBy(Topic::of, LinkedHashMap::new, Collectors.toList()));
    List<String> clauses = new ArrayList<>();
    if (primary.stream().allMatch(contrast -> contrast.p() == null)) {
      clauses.add("nothing was tested" + because(primary));
    }
    byTopic.forEach((topic, contrasts) -> clauses.add(told(topic, contrasts)));
    Topic first = byTopic.keySet().iterator().next();
    String where = byTopic.size() == 1 ? "" : "in the first of these, ";
    values(first, measurements).ifPresent(values -> clauses.add(where + values));
    rankable(first, measurements).ifPresent(clauses::add);
    byTopic.keySet().forEach(topic -> helpfulness(topic, measurements).ifPresent(clauses::add));
    return String.join("; ", clauses);
  }

  /** Says where a suite is so easy or so hard that it can't rank the arms. */
  private static Optional<String> rankable(Topic topic, Measurements measurements) {
    if (!topic.setting().metric().share()) return Optional.empty();
    List<Double> rates = rows(topic, measurements).stream().map(row -> value(row.value())).toList();
    if (rates.size() < 2) return Optional.empty();
    boolean low = rates.stream().allMatch(rate -> rate < FLOOR);
    boolean high = rates.stream().allMatch(rate -> rate > 1 - FLOOR);
    return low || high
        ? Optional.of(
            "all arms lie %s, where a suite can hardly rank them"
                .formatted(low ? "below 10%" : "above 90%"))
        : Optional.empty();
  }

  /**
   * A model that says nothing of use complies with nothing: so helpfulness beside attack success.
   */
  private static Optional<String> helpfulness(Topic topic, Measurements measurements) {
    if (!topic.setting().metric().name().equals(Metric.ASR)) return Optional.empty();
    return measurements.headline(Metric.HELPFUL_RATE::equals).stream()
        .filter(setting -> Objects.equals(setting.decoder(), topic.setting().decoder()))
        .reduce((_, last) -> last)
        .flatMap(
            setting -> {
              Topic beside = new Topic(setting, topic.stage(), Optional.empty());
              List<String> levels =
                  rows(beside, measurements).stream()
                      .map(
                          row ->
                              row.arm() + " " + Numbers.value(setting.metric(), value(row.value())))
                      .toList();
              return levels.isEmpty() || levels.size() > ARMS_IN_A_SENTENCE
                  ? Optional.empty()
                  : Optional.of(
                      "helpful answers %s (%s) were %s"
                          .formatted(
                              beside.stage().words(),
                              setting.details(),
                              String.join(", ", levels)));
            });
  }

  /** The arms' measured values, in declared order. */
  private static List<Row> rows(Topic topic, Measurements measurements) {
    return measurements.arms().stream()
        .flatMap(
            arm ->
                measurements
                    .pooled(topic.setting(), arm, topic.stage(), topic.layer().orElse(null))
                    .stream())
        .filter(row -> row.value() != null)
        .toList();
  }

  private static String told(Topic topic, List<Contrast> contrasts) {
    List<String> parts = new ArrayList<>();
    List<String> notApart = new ArrayList<>();
    for (Contrast contrast : contrasts) {
      if (tellsApart(contrast)) {
        parts.add(ordered(contrast));
      } else {
        notApart.add(unordered(contrast));
      }
    }
    if (!notApart.isEmpty()) parts.add("not told apart: " + String.join(", ", notApart));
    return "in %s (%s, %s), %s"
        .formatted(topic.words(), topic.details(), seeds(contrasts), String.join("; ", parts));
  }

  private static String ordered(Contrast contrast) {
    Metric metric = Metric.of(contrast.metric());
    double difference = value(contrast.difference());
    String size = Numbers.difference(metric, Math.abs(difference)).substring(1);
    return "%s was %s%s %s than %s (95%% interval of the difference %s%s)"
        .formatted(
            contrast.arm(),
            size,
            Numbers.differenceUnit(metric),
            difference < 0 ? "lower" : "higher",
            contrast.baseline(),
            interval(contrast),
            corrected(contrast));
  }

  private static String unordered(Contrast contrast) {
    String pair = contrast.arm() + " and " + contrast.baseline();
    if (contrast.difference() == null) {
      return pair + " (not measured" + reason(contrast).map(why -> ": " + why).orElse("") + ")";
    }
    Metric metric = Metric.of(contrast.metric());
    return "%s (difference %s%s, 95%% interval %s%s)"
        .formatted(
            pair,
            Numbers.difference(metric, value(contrast.difference())),
            Numbers.differenceUnit(metric),
            interval(contrast),
            corrected(contrast));
  }

  /** Both ends of a contrast's interval, or that there is none. */
  private static String interval(Contrast contrast) {
    if (contrast.low() == null || contrast.high() == null) return "absent";
    Metric metric = Metric.of(contrast.metric());
    return Numbers.difference(metric, contrast.low())
        + " to "
        + Numbers.difference(metric, contrast.high());
  }

  private static String corrected(Contrast contrast) {
    if (contrast.pHolm() == null) return "";
    String p = Numbers.p(contrast.pHolm());
    return ", Holm\u2019s p " + (p.startsWith("<") ? p : "= " + p);
  }

  private static String because(List<Contrast> contrasts) {
    Set<String> reasons = new LinkedHashSet<>();
    contrasts.forEach(contrast -> reason(contrast).ifPresent(reasons::add));
    return switch (reasons.size()) {
      case 0 -> " (" + seeds(contrasts) + ")";
      case 1 -> " (" + reasons.iterator().next() + ")";
      default -> " (" + seeds(contrasts) + "; the table of contrasts says why, one by one)";
    };
  }

  private static Optional<String> reason(Contrast contrast) {
    return Optional.ofNullable(contrast.reason()).map(Findings::withoutFullStop);
  }

  private static String withoutContrasts(Measurements measurements) {
    String untested = "no difference was tested, since the study named no primary contrast";
    for (Setting setting : measurements.headline(Metric.ASR::equals)) {
      for (Stage stage : measurements.stagesOf(setting).reversed()) {
        Topic topic = new Topic(setting, stage, Optional.empty());
        Optional<String> values = values(topic, measurements);
        if (values.isPresent()) {
          return "%s; in %s (%s), %s"
              .formatted(untested, topic.words(), topic.details(), values.get());
        }
      }
    }
    return untested;
  }

  /** The arms' own values in declared order, so that the list says nothing about their order. */
  private static Optional<String> values(Topic topic, Measurements measurements) {
    List<String> values =
        rows(topic, measurements).stream()
            .map(row -> row.arm() + " " + level(topic.setting().metric(), row))
            .toList();
    return values.isEmpty() || values.size() > ARMS_IN_A_SENTENCE
        ? Optional.empty()
        : Optional.of(
            "the arms\u2019 own values, pooled over seeds, were " + String.join(", ", values));
  }

  private static String level(Metric metric, Row row) {
    String interval = Numbers.interval(metric, row.low(), row.high());
    return Numbers.value(metric, value(row.value()))
        + (interval.isEmpty() ? " (no interval)" : " (" + interval + ")");
  }

  private static double value(@Nullable Double present) {
    if (present == null) throw new IllegalStateException("asked for a value that was not measured");
    return present;
  }

  private static String seeds(List<Contrast> contrasts) {
    int seeds = contrasts.stream().mapToInt(Contrast::seeds).max().orElse(0);
    return seeds == 1 ? "1 seed" : seeds + " seeds";
  }

  private static String withoutFullStop(String text) {
    String stripped = text.strip();
    return stripped.endsWith(".") ? stripped.substring(0, stripped.length() - 1) : stripped;
  }

  private static String sentence(String clauses) {
    return clauses.substring(0, 1).toUpperCase(Locale.ROOT) + clauses.substring(1) + ".";
  }
}
