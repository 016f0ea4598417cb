package org.onset.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.onset.study.results.Results.Contrast;

/** Writes contrasts as a table, grouped by what they measure. */
final class ContrastTable {
  private final List<Contrast> contrasts;
  private final Map<String, String> notes = new LinkedHashMap<>();

  ContrastTable(List<Contrast> contrasts) {
    this.contrasts = List.copyOf(contrasts);
  }

  void write(Html html) {
    html.open("thead").open("tr").element("th", "Arm − baseline", "scope", "col");
    for (String column : List.of("Difference", "p", "Holm’s p", "Seeds")) {
      html.element("th", column, "scope", "col", "class", "number");
    }
    html.close("tr").close("thead").line();
    Map<String, List<Contrast>> groups = new LinkedHashMap<>();
    contrasts.forEach(
        contrast ->
            groups.computeIfAbsent(measured(contrast), _ -> new ArrayList<>()).add(contrast));
    groups.forEach(
        (title, group) -> {
          html.open("tbody").open("tr", "class", "group");
          html.element("th", title, "scope", "rowgroup", "colspan", "5").close("tr");
          group.forEach(contrast -> line(html, contrast));
          html.close("tbody").line();
        });
  }

  /** Call after {@link #write}, which finds them. */
  void writeNotes(Html html) {
    GridTable.writeNotes(html, notes);
  }

  /**
   * What a contrast compares: {@code Attack success, benign: arithmetic, harmful, topk, judge
   * exact}.
   */
  static String measured(Contrast contrast) {
    Setting setting = Setting.of(contrast);
    String layer = contrast.layer() == null ? "" : ", layer " + contrast.layer();
    String step = contrast.step() == null ? "" : ", step " + contrast.step();
    return "%s, %s, %s%s%s"
        .formatted(
            setting.metric().title(),
            new Stage(contrast.stage(), contrast.task()).title(),
            setting.details(),
            layer,
            step);
  }

  static String pair(Contrast contrast) {
    return contrast.arm() + " − " + contrast.baseline();
  }

  private void line(Html html, Contrast contrast) {
    Metric metric = Metric.of(contrast.metric());
    html.open("tr").element("th", pair(contrast), "scope", "row");
    html.open("td", "class", "number");
    Double difference = contrast.difference();
    html.element(
        "span",
        difference == null ? "—" : Numbers.difference(metric, difference),
        "class",
        "value");
    if (contrast.low() != null && contrast.high() != null) {
      String interval =
          Numbers.difference(metric, contrast.low())
              + " to "
              + Numbers.difference(metric, contrast.high());
      html.text(" ").element("span", interval, "class", "interval");
    }
    if (difference == null) reason(html, contrast);
    html.close("td").open("td", "class", "number");
    html.text(contrast.p() == null ? "—" : Numbers.p(contrast.p()));
    if (contrast.p() == null) reason(html, contrast);
    html.close("td").open("td", "class", "number");
    html.text(contrast.pHolm() == null ? "—" : Numbers.p(contrast.pHolm())).close("td");
    html.element("td", String.valueOf(contrast.seeds()), "class", "number").close("tr");
  }

  private void reason(Html html, Contrast contrast) {
    GridTable.note(
        html, notes, Objects.requireNonNullElse(contrast.reason(), "No reason was recorded."));
  }
}
