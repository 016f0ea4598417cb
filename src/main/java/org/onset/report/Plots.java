package org.onset.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.report.ChartData.DotPoint;
import org.onset.report.ChartData.DotSeries;
import org.onset.report.ChartData.Dots;
import org.onset.report.ChartData.Unit;
import org.onset.report.Figures.Panel;
import org.onset.study.results.Results.Contrast;
import org.onset.study.results.Results.Row;
import org.onset.study.results.RunSummary;
import org.onset.study.results.RunSummary.LossCurve;

/** Chooses what is plotted: fills {@link ChartData} and says which panels each figure has. */
final class Plots {
  private static final String UNTRAINED = "untrained";
  private static final int GREY = 7;

  private final RunSummary summary;
  private final Measurements measurements;
  private final ChartData data = new ChartData();

  Plots(RunSummary summary, Measurements measurements) {
    this.summary = summary;
    this.measurements = measurements;
  }

  ChartData data() {
    return data;
  }

  /** A panel for each way of attacking, decoding and judging; arms by stage. */
  List<Panel> attackSuccess() {
    List<Setting> settings = measurements.headline(Metric.ASR::equals);
    List<Panel> panels = new ArrayList<>();
    for (Setting setting : settings) {
      panels.add(byStage("asr-" + panels.size(), setting.among(settings), setting));
    }
    return panels;
  }

  /**
   * Pairs of panels: over-refusal, and beside it how often the same requests are answered usefully.
   */
  List<Panel> overRefusal() {
    List<Setting> settings =
        measurements.headline(
            name -> name.equals(Metric.OVERREFUSAL) || name.equals(Metric.HELPFUL_RATE));
    List<Setting> pairs =
        settings.stream()
            .map(setting -> setting.with(Metric.of(Metric.OVERREFUSAL)))
            .distinct()
            .toList();
    List<Panel> panels = new ArrayList<>();
    for (Setting pair : pairs) {
      for (String metric : List.of(Metric.OVERREFUSAL, Metric.HELPFUL_RATE)) {
        Setting setting = pair.with(Metric.of(metric));
        if (!settings.contains(setting)) continue;
        String title = setting.metric().title() + " · " + pair.among(pairs);
        panels.add(byStage("refusal-" + panels.size(), title, setting));
      }
    }
    return panels;
  }

  /** How well a linear probe tells harmful from safe, by layer, a panel for each stage. */
  List<Panel> probes() {
    List<Setting> settings =
        measurements.all(Metric.PROBE_AUROC::equals).stream()
            .filter(setting -> !UNTRAINED.equals(setting.variant()))
            .toList();
    List<Panel> panels = new ArrayList<>();
    for (Setting setting : settings) {
      for (Stage stage : measurements.stagesOf(setting)) {
        List<Integer> layers = measurements.layersOf(setting);
        if (layers.isEmpty()) continue;
        List<DotSeries> series = new ArrayList<>();
        for (String arm : measurements.arms()) {
          series.add(
              new DotSeries(arm, slot(arm), false, layerPoints(setting, arm, stage, layers, true)));
        }
        series.removeIf(one -> one.points().stream().allMatch(Objects::isNull));
        series.addAll(untrained(setting, stage, layers));
        String title =
            settings.size() == 1 ? stage.title() : stage.title() + " · " + setting.among(settings);
        String id = "probe-" + panels.size();
        data.dots()
            .put(
                id,
                new Dots(
                    layers.stream().map(String::valueOf).toList(),
                    "layer",
                    "AUROC",
                    Unit.PLAIN,
                    Math.min(0.5, Math.floor(lowest(series) * 10) / 10),
                    1.0,
                    0.5,
                    true,
                    false,
                    series));
        panels.add(new Panel(id, title));
      }
    }
    return panels;
  }

  /** Primary contrasts as differences with their intervals, a panel for each thing measured. */
  List<Panel> primaryContrasts() {
    Map<String, List<Contrast>> groups = new LinkedHashMap<>();
    for (Contrast contrast : summary.results().contrasts()) {
      if (!contrast.primary() || contrast.difference() == null) continue;
      groups
          .computeIfAbsent(ContrastTable.measured(contrast), _ -> new ArrayList<>())
          .add(contrast);
    }
    List<Panel> panels = new ArrayList<>();
    groups.forEach(
        (title, contrasts) -> {
          Metric metric = Metric.of(contrasts.getFirst().metric());
          List<@Nullable DotPoint> points = new ArrayList<>();
          for (Contrast contrast : contrasts) {
            points.add(point(contrast.difference(), contrast.low(), contrast.high(), List.of()));
          }
          double reach = Math.ceil(highest(points) * 10.5) / 10;
          String id = "contrast-" + panels.size();
          data.dots()
              .put(
                  id,
                  new Dots(
                      contrasts.stream().map(ContrastTable::pair).toList(),
                      "",
                      "difference",
                      metric.share() ? Unit.POINTS : Unit.PLAIN,
                      -reach,
                      reach,
                      0.0,
                      false,
                      true,
                      List.of(new DotSeries("difference", 0, false, points))));
          panels.add(new Panel(id, title));
        });
    return panels;
  }

  List<Panel> losses() {
    if (summary.lossCurves().isEmpty()) return List.of();
    List<ChartData.CurveSeries> series = new ArrayList<>();
    TreeMap<Long, List<String>> onsets = new TreeMap<>();
    long endTokens = 1;
    for (LossCurve curve : summary.lossCurves()) {
      List<List<Number>> points = new ArrayList<>();
      for (LossCurve.Point point : curve.points()) {
        points.add(List.of(point.tokensSeen(), Numbers.rounded(point.loss())));
        endTokens = Math.max(endTokens, point.tokensSeen());
      }
      series.add(
          new ChartData.CurveSeries(
              curve.arm(), slot(curve.arm()), String.valueOf(curve.seed()), points));
      Long onset = curve.onsetTokens();
      if (onset != null) {
        List<String> arms = onsets.computeIfAbsent(onset, _ -> new ArrayList<>());
        if (!arms.contains(curve.arm())) arms.add(curve.arm());
      }
    }
    List<ChartData.Mark> marks = new ArrayList<>();
    onsets.forEach(
        (tokens, arms) -> marks.add(new ChartData.Mark(tokens, String.join(", ", arms))));
    data.curves().put("loss", new ChartData.Curves("loss", endTokens, series, marks));
    return List.of(new Panel("loss", "Loss, nats per token" + unusualSteps()));
  }

  private String unusualSteps() {
    int spikes = summary.lossCurves().stream().mapToInt(LossCurve::spikes).sum();
    int skipped = summary.lossCurves().stream().mapToInt(LossCurve::skippedSteps).sum();
    return (spikes == 0 ? "" : "; steps whose loss jumped: " + spikes)
        + (skipped == 0 ? "" : "; steps left out, being no finite number: " + skipped);
  }

  List<Panel> exposure() {
    List<ArmExposure> arms = ArmExposure.of(summary.exposure(), measurements.arms());
    if (arms.isEmpty()) return List.of();
    List<ChartData.StackSeries> series = new ArrayList<>();
    for (String stream : ArmExposure.streams(arms)) {
      List<Double> tokens = new ArrayList<>();
      for (ArmExposure arm : arms) {
        ArmExposure.StreamMean mean = arm.streams().get(stream);
        tokens.add(mean == null ? 0.0 : Math.rint(mean.realisedTokens()));
      }
      series.add(new ChartData.StackSeries(stream, streamSlot(stream, series.size()), tokens));
    }
    data.stacks()
        .put(
            "exposure", new ChartData.Stacks(arms.stream().map(ArmExposure::arm).toList(), series));
    return List.of(new Panel("exposure", "Tokens trained on"));
  }

  private Panel byStage(String id, String title, Setting setting) {
    List<DotSeries> series = new ArrayList<>();
    for (Stage stage : measurements.stages()) {
      List<@Nullable DotPoint> points = new ArrayList<>();
      for (String arm : measurements.arms()) {
        points.add(
            measurements
                .pooled(setting, arm, stage, null)
                .map(row -> point(row, measurements.seedValues(setting, arm, stage, null)))
                .orElse(null));
      }
      if (points.stream().allMatch(Objects::isNull)) continue;
      series.add(new DotSeries(stage.title(), measurements.stages().indexOf(stage), false, points));
    }
    data.dots()
        .put(
            id,
            new Dots(
                measurements.arms(),
                "",
                setting.metric().title(),
                Unit.of(setting.metric()),
                0.0,
                1.0,
                null,
                false,
                false,
                series));
    return new Panel(id, title);
  }

  /** The baseline that lexical cues alone reach: one line where all arms start from one model. */
  private List<DotSeries> untrained(Setting setting, Stage stage, List<Integer> layers) {
    Map<List<@Nullable DotPoint>, List<String>> lines = new LinkedHashMap<>();
    for (Setting baseline : measurements.all(Metric.PROBE_AUROC::equals)) {
      if (!UNTRAINED.equals(baseline.variant()) || !baseline.suite().equals(setting.suite())) {
        continue;
      }
      List<Stage> stages = measurements.stagesOf(baseline);
      if (stages.isEmpty()) continue;
      Stage at = stages.contains(stage) ? stage : stages.getFirst();
      for (String arm : measurements.arms()) {
        List<@Nullable DotPoint> points = layerPoints(baseline, arm, at, layers, false);
        if (points.stream().anyMatch(Objects::nonNull)) {
          lines.computeIfAbsent(points, _ -> new ArrayList<>()).add(arm);
        }
      }
    }
    List<DotSeries> series = new ArrayList<>();
    for (Map.Entry<List<@Nullable DotPoint>, List<String>> line : lines.entrySet()) {
      String name =
          lines.size() == 1
              ? UNTRAINED
              : UNTRAINED + " (" + String.join(", ", line.getValue()) + ")";
      series.add(new DotSeries(name, 0, true, line.getKey()));
    }
    return series;
  }

  private List<@Nullable DotPoint> layerPoints(
      Setting setting, String arm, Stage stage, List<Integer> layers, boolean withSeeds) {
    List<@Nullable DotPoint> points = new ArrayList<>();
    for (Integer layer : layers) {
      List<Double> seeds =
          withSeeds ? measurements.seedValues(setting, arm, stage, layer) : List.of();
      points.add(
          measurements
              .pooled(setting, arm, stage, layer)
              .map(row -> point(row, seeds))
              .orElse(null));
    }
    return points;
  }

  private static @Nullable DotPoint point(Row row, List<Double> seeds) {
    return point(row.value(), row.low(), row.high(), seeds);
  }

  private static @Nullable DotPoint point(
      @Nullable Double value, @Nullable Double low, @Nullable Double high, List<Double> seeds) {
    if (value == null) return null;
    return new DotPoint(
        Numbers.rounded(value),
        low == null ? null : Numbers.rounded(low),
        high == null ? null : Numbers.rounded(high),
        seeds.stream().map(Numbers::rounded).toList());
  }

  private static double lowest(List<DotSeries> series) {
    return series.stream()
        .flatMap(one -> one.points().stream())
        .flatMap(Stream::ofNullable)
        .flatMap(
            point ->
                Stream.concat(
                    Stream.of(point.low() == null ? point.value() : point.low()),
                    point.seeds().stream()))
        .mapToDouble(Double::doubleValue)
        .min()
        .orElse(0.5);
  }

  private static double highest(List<@Nullable DotPoint> points) {
    return points.stream()
        .flatMap(Stream::ofNullable)
        .flatMap(
            point ->
                Stream.of(
                    Optional.of(point.value()),
                    Optional.ofNullable(point.low()),
                    Optional.ofNullable(point.high())))
        .flatMap(Optional::stream)
        .mapToDouble(Math::abs)
        .max()
        .orElse(1);
  }

  private int slot(String arm) {
    return Math.max(0, measurements.arms().indexOf(arm));
  }

  /** Safe text is the ground that everything else stands out from: grey. */
  private static int streamSlot(String stream, int index) {
    return stream.equals("safe") ? GREY : index % GREY;
  }
}
