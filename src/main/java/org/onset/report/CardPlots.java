package org.onset.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.card.Audit;
import org.onset.corpus.card.CorpusCard;
import org.onset.report.ChartData.DotPoint;
import org.onset.report.ChartData.DotSeries;
import org.onset.report.ChartData.Dots;
import org.onset.report.ChartData.StackSeries;
import org.onset.report.ChartData.Stacks;
import org.onset.report.ChartData.Unit;
import org.onset.report.Figures.Panel;

/** Fills {@link ChartData} with what a card plots, and says which panels each figure has. */
final class CardPlots {
  private static final int GREY = 7;

  private final List<ShownCorpus> corpora;
  private final ChartData data = new ChartData();

  CardPlots(List<ShownCorpus> corpora) {
    this.corpora = corpora;
  }

  ChartData data() {
    return data;
  }

  /** Tokens by source, a panel for each corpus; streams of one name have one colour. */
  List<Panel> tokens() {
    List<String> streams =
        List.copyOf(
            corpora.stream()
                .flatMap(corpus -> corpus.card().streams().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new)));
    List<Panel> panels = new ArrayList<>();
    for (ShownCorpus corpus : corpora) {
      List<String> sources = List.copyOf(corpus.card().tokens().keySet());
      if (sources.isEmpty()) continue;
      List<StackSeries> series = new ArrayList<>();
      for (String stream : corpus.card().streams().keySet()) {
        List<Double> values =
            corpus.card().tokens().values().stream()
                .map(ofSource -> (double) ofSource.getOrDefault(stream, 0L))
                .toList();
        int slot = stream.equals("safe") ? GREY : streams.indexOf(stream) % GREY;
        series.add(new StackSeries(ShownText.of(stream), slot, values));
      }
      String id = "tokens-" + panels.size();
      data.stacks().put(id, new Stacks(sources.stream().map(ShownText::of).toList(), series));
      panels.add(new Panel(id, corpora.size() == 1 ? "tokens by source" : corpus.label()));
    }
    return panels;
  }

  /** All scores, and those above 0 on a scale of their own, since most documents have none. */
  List<Panel> scores() {
    List<Panel> panels = new ArrayList<>();
    panels.add(scores("scores-0", "all scores", 0, 1.0));
    if (corpora.stream().anyMatch(corpus -> corpus.atLeast(1).documents() > 0)) {
      panels.add(scores("scores-1", "scores from 1 on", 1, null));
    }
    return panels;
  }

  private Panel scores(String id, String title, int from, @Nullable Double max) {
    List<Integer> scores = IntStream.rangeClosed(from, ShownCorpus.MAX_SCORE).boxed().toList();
    List<DotSeries> series = new ArrayList<>();
    for (ShownCorpus corpus : corpora) {
      String of = corpora.size() == 1 ? "" : corpus.label() + ": ";
      int slot = series.size();
      series.add(
          new DotSeries(
              of + "documents",
              slot,
              false,
              points(
                  scores, s -> share(corpus.ofScore(s).documents(), corpus.scored().documents()))));
      series.add(
          new DotSeries(
              of + "text",
              slot + 1,
              false,
              points(scores, s -> share(corpus.ofScore(s).bytes(), corpus.scored().bytes()))));
    }
    data.dots().put(id, dots(scores, "share", max, series));
    return new Panel(id, title);
  }

  private interface Point {
    @Nullable DotPoint at(int score);
  }

  private static List<@Nullable DotPoint> points(List<Integer> scores, Point point) {
    List<@Nullable DotPoint> points = new ArrayList<>();
    for (int score : scores) points.add(point.at(score));
    return points;
  }

  private static @Nullable DotPoint share(long part, long whole) {
    return whole == 0
        ? null
        : new DotPoint(Numbers.rounded((double) part / whole), null, null, List.of());
  }

  /** Precision by predicted score, on labelled sets and in the audited sample, by corpus. */
  List<Panel> precision() {
    List<Integer> scores = IntStream.rangeClosed(0, ShownCorpus.MAX_SCORE).boxed().toList();
    List<Panel> panels = new ArrayList<>();
    for (ShownCorpus corpus : corpora) {
      List<DotSeries> series = new ArrayList<>();
      corpus.card().scorers().stream()
          .filter(quality -> quality.set().equals(CorpusCard.Quality.ALL_SETS))
          .filter(quality -> quality.scorer().equals(CorpusCard.Quality.ENSEMBLE))
          .forEach(
              quality ->
                  series.add(
                      new DotSeries(
                          "on labelled benchmark texts",
                          GREY,
                          false,
                          points(scores, s -> point(quality.precisionAt().get(s))))));
      Audit audit = corpus.audited().audit();
      if (audit != null) {
        series.add(
            new DotSeries(
                "in a sample of this corpus",
                1,
                false,
                points(scores, s -> audited(audit.scores().get(s)))));
      }
      if (series.isEmpty()) continue;
      String id = "precision-" + panels.size();
      data.dots().put(id, dots(scores, "truly of that score", 1.0, series));
      panels.add(
          new Panel(id, corpora.size() == 1 ? "precision by predicted score" : corpus.label()));
    }
    return panels;
  }

  private static @Nullable DotPoint audited(Audit.@Nullable OfScore ofScore) {
    return ofScore == null ? null : point(ofScore.same());
  }

  private static @Nullable DotPoint point(CorpusCard.@Nullable Rate rate) {
    return rate == null
        ? null
        : new DotPoint(
            Numbers.rounded(rate.value()),
            Numbers.rounded(rate.low()),
            Numbers.rounded(rate.high()),
            List.of());
  }

  private static Dots dots(
      List<Integer> scores, String valueTitle, @Nullable Double max, List<DotSeries> series) {
    return new Dots(
        scores.stream().map(String::valueOf).toList(),
        "score",
        valueTitle,
        Unit.PERCENT,
        0.0,
        max,
        null,
        false,
        false,
        series);
  }
}
