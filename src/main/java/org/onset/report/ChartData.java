package org.onset.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the page's script draws, by the plot's id. {@code charts/src/data.ts} holds the same shapes
 * and says what they mean.
 */
record ChartData(Map<String, Dots> dots, Map<String, Curves> curves, Map<String, Stacks> stacks) {
  ChartData() {
    this(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  /** How values are written: shares in percent, their differences in points, or plain numbers. */
  enum Unit {
    PERCENT,
    POINTS,
    PLAIN;

    static Unit of(Metric metric) {
      return metric.share() ? PERCENT : PLAIN;
    }
  }

  record Dots(
      List<String> categories,
      String categoryTitle,
      String valueTitle,
      Unit unit,
      @Nullable Double min,
      @Nullable Double max,
      @Nullable Double reference,
      boolean joined,
      boolean lying,
      List<DotSeries> series) {}

  record DotSeries(String name, int slot, boolean baseline, List<@Nullable DotPoint> points) {}

  record DotPoint(double value, @Nullable Double low, @Nullable Double high, List<Double> seeds) {}

  record Curves(String valueTitle, long endTokens, List<CurveSeries> series, List<Mark> marks) {}

  record CurveSeries(String name, int slot, String seed, List<List<Number>> points) {}

  record Mark(long tokens, String label) {}

  record Stacks(List<String> categories, List<StackSeries> series) {}

  record StackSeries(String name, int slot, List<Double> values) {}

  /** As JSON that can stand inside a script element. */
  String embeddable() {
    return Html.escapeJson(JsonMapper.shared().writeValueAsString(this));
  }
}
