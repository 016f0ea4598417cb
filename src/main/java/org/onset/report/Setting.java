package org.onset.report;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onset.study.results.Results.Contrast;
import org.onset.study.results.Results.Row;

/** What is measured and how, apart from the model it is measured on. */
record Setting(
    Metric metric,
    String suite,
    @Nullable String attack,
    @Nullable String variant,
    @Nullable String decoder,
    @Nullable String judge) {
  static Setting of(Row row) {
    return new Setting(
        Metric.of(row.metric()),
        row.suite(),
        row.attack(),
        row.variant(),
        row.decoder(),
        row.judge());
  }

  static Setting of(Contrast contrast) {
    return new Setting(
        Metric.of(contrast.metric()),
        contrast.suite(),
        contrast.attack(),
        contrast.variant(),
        contrast.decoder(),
        contrast.judge());
  }

  Setting with(Metric other) {
    return new Setting(other, suite, attack, variant, decoder, judge);
  }

  /** All that tells this setting from another of its metric: {@code harmful, topk, judge exact}. */
  String details() {
    return joined(", ", parts().subList(1, parts().size()));
  }

  /** What {@code settings} have in common, the metric apart: {@code harmful, judge exact}. */
  static String common(List<Setting> settings) {
    if (settings.isEmpty()) return "";
    List<String> parts = settings.getFirst().parts();
    return joined(
        ", ",
        IntStream.range(1, parts.size())
            .filter(part -> isCommon(part, settings))
            .mapToObj(parts::get)
            .toList());
  }

  /**
   * What tells this one apart among {@code settings}: {@code topk}; all of it where it is alone.
   */
  String among(List<Setting> settings) {
    List<String> parts = parts();
    String own =
        joined(
            " · ",
            IntStream.range(0, parts.size())
                .filter(part -> !isCommon(part, settings))
                .mapToObj(parts::get)
                .toList());
    return own.isEmpty() ? details() : own;
  }

  /** The metric's title, then the details; empty where one doesn't apply. */
  private List<String> parts() {
    return List.of(
        metric.title(),
        suite,
        Objects.requireNonNullElse(attack, ""),
        Objects.requireNonNullElse(variant, ""),
        Objects.requireNonNullElse(decoder, ""),
        judgeWords());
  }

  private static boolean isCommon(int part, List<Setting> settings) {
    return settings.stream().map(one -> one.parts().get(part)).distinct().count() == 1;
  }

  private static String joined(String separator, List<String> parts) {
    return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining(separator));
  }

  /** By refusal phrases alone, whatever doesn't sound like a refusal counts as success. */
  private String judgeWords() {
    if (judge == null) return "";
    boolean upperBound =
        judge.equals("phrases")
            && (metric.name().equals(Metric.ASR) || metric.name().equals(Metric.LEAK_RATE));
    return "judge " + judge + (upperBound ? " (an upper bound)" : "");
  }
}
