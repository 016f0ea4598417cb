package org.onset.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.onset.study.results.Results.Row;

/**
 * Writes a {@link Grid} as a table. What all rows share (how many prompts, what intervals cover)
 * stands in the caption; what only some have becomes a note beneath, as does the reason for a
 * missing number.
 */
final class GridTable {
  private final Grid grid;
  private final Map<String, String> notes = new LinkedHashMap<>();
  private final boolean samePrompts;
  private final boolean sameCoverage;

  GridTable(Grid grid) {
    this.grid = grid;
    this.samePrompts = values(grid.rows(), Row::n).size() <= 1;
    this.sameCoverage = values(grid.rows(), Row::interval).size() <= 1;
  }

  /** What holds for every number: {@code n = 180 prompts; 95% intervals over seeds × prompts.} */
  String remarks() {
    List<String> remarks = new ArrayList<>();
    values(grid.rows(), Row::n).stream()
        .filter(_ -> samePrompts)
        .forEach(n -> remarks.add("n = " + n + " prompts"));
    values(grid.rows(), Row::interval).stream()
        .filter(_ -> sameCoverage)
        .forEach(interval -> remarks.add("95% intervals cover " + interval));
    return remarks.isEmpty() ? "" : String.join("; ", remarks) + ".";
  }

  void write(Html html) {
    html.open("thead").open("tr").element("th", "Arm", "scope", "col");
    grid.columns().forEach(column -> html.element("th", column, "scope", "col", "class", "number"));
    html.close("tr").close("thead").line();
    for (Grid.Group group : grid.groups()) {
      html.open("tbody");
      if (grid.groups().size() > 1) {
        html.open("tr", "class", "group")
            .element(
                "th",
                group.title() + prompts(group),
                "scope",
                "rowgroup",
                "colspan",
                String.valueOf(grid.columns().size() + 1))
            .close("tr");
      }
      boolean ownPrompts = !samePrompts && prompts(group).isEmpty();
      group.lines().forEach(line -> line(html, group.metric(), line, ownPrompts));
      html.close("tbody").line();
    }
  }

  /** Call after {@link #write}, which finds them. */
  void writeNotes(Html html) {
    writeNotes(html, notes);
  }

  static void writeNotes(Html html, Map<String, String> notes) {
    if (notes.isEmpty()) return;
    html.open("ul", "class", "notes");
    notes.forEach(
        (text, letter) -> html.open("li").element("sup", letter).text(" ").text(text).close("li"));
    html.close("ul").line();
  }

  /**
   * The number of prompts behind a group's numbers, where groups differ in it and its lines don't.
   */
  private String prompts(Grid.Group group) {
    List<Integer> prompts = values(group.rows(), Row::n);
    return samePrompts || prompts.size() != 1 ? "" : " · n = " + prompts.getFirst();
  }

  private void line(Html html, Metric metric, Grid.Line line, boolean ownPrompts) {
    html.open("tr").element("th", line.arm(), "scope", "row");
    line.cells().forEach(cell -> cell(html, metric, cell, ownPrompts));
    html.close("tr");
  }

  private void cell(Html html, Metric metric, Optional<Row> cell, boolean ownPrompts) {
    html.open("td", "class", "number");
    cell.ifPresent(row -> measured(html, metric, row, ownPrompts));
    html.close("td");
  }

  private void measured(Html html, Metric metric, Row row, boolean ownPrompts) {
    Double value = row.value();
    html.element("span", value == null ? "—" : Numbers.value(metric, value), "class", "value");
    String interval = Numbers.interval(metric, row.low(), row.high());
    if (!interval.isEmpty()) html.text(" ").element("span", interval, "class", "interval");
    Integer n = row.n();
    if (ownPrompts && n != null) html.text(" ").element("span", "n " + n, "class", "interval");
    if (!sameCoverage && !interval.isEmpty() && row.interval() != null) {
      note(html, notes, "The interval covers " + row.interval() + ".");
    }
    if (value == null || interval.isEmpty()) {
      String what = value == null ? "Not measured: " : "No interval: ";
      note(html, notes, what + Objects.requireNonNullElse(row.reason(), "no reason was recorded"));
    }
  }

  static void note(Html html, Map<String, String> notes, String text) {
    String letter = notes.computeIfAbsent(text, _ -> letter(notes.size()));
    html.element("sup", letter);
  }

  private static String letter(int index) {
    String last = String.valueOf((char) ('a' + index % 26));
    return index < 26 ? last : letter(index / 26 - 1) + last;
  }

  private static <T> List<T> values(List<Row> rows, Function<Row, @Nullable T> field) {
    List<T> values = new ArrayList<>();
    for (Row row : rows) {
      T value = field.apply(row);
      if (value != null && !values.contains(value)) values.add(value);
    }
    return values;
  }
}
