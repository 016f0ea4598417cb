package org.onset.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.onset.study.results.Results;
import org.onset.study.results.Results.Row;

/**
 * A run's main numbers for a terminal: attack success by stage and decoder, then what it cost. Wide
 * studies are laid out in blocks beneath each other.
 */
final class TextTable {
  private static final int WIDTH = 100;
  private static final int ARM_WIDTH = 20;
  private static final String GAP = "  ";

  /** Columns that stay together under one heading. */
  private record ColumnGroup(String title, List<Column> columns) {
    int width() {
      int columnsWidth = columns.stream().mapToInt(column -> column.width() + GAP.length()).sum();
      return Math.max(columnsWidth, title.length() + GAP.length());
    }
  }

  private record Column(String title, List<String> cells) {
    int width() {
      return Stream.concat(Stream.of(title), cells.stream())
          .mapToInt(String::length)
          .max()
          .orElse(0);
    }
  }

  private final Measurements measurements;
  private final Set<String> missing = new LinkedHashSet<>();
  private final StringBuilder out = new StringBuilder();

  private TextTable(Results results) {
    this.measurements = new Measurements(results, List.of());
  }

  static String of(Results results) {
    TextTable table = new TextTable(results);
    table.attackSuccess();
    table.cost();
    table.missing.forEach(reason -> table.paragraph("– not measured: " + reason));
    return table.out.toString();
  }

  private void attackSuccess() {
    List<Setting> settings = measurements.headline(Metric.ASR::equals);
    if (settings.isEmpty()) return;
    List<ColumnGroup> groups = new ArrayList<>();
    for (Setting setting : settings) {
      List<Column> columns = new ArrayList<>();
      for (Stage stage : measurements.stagesOf(setting)) {
        columns.add(column(stage.title(), setting, stage));
      }
      groups.add(new ColumnGroup(printable(setting.among(settings), WIDTH / 2), columns));
    }
    int seeds = measurements.seedCount();
    paragraph(
        "Attack success in %% with 95%% intervals, %s (%s)"
            .formatted(seeds == 1 ? "1 seed" : seeds + " seeds", Setting.common(settings)));
    blocks(groups);
  }

  /** What else the models do after instruction tuning, or at the last stage there is. */
  private void cost() {
    Optional<Stage> stage =
        measurements.stages().stream()
            .filter(one -> one.stage().equals("instruct"))
            .findFirst()
            .or(() -> measurements.stages().reversed().stream().findFirst());
    if (stage.isEmpty()) return;
    Map<String, List<ColumnGroup>> byDecoder = harmlessRequests(stage.get());
    ColumnGroup accuracy = accuracy(stage.get());
    if (!accuracy.columns().isEmpty()) {
      if (byDecoder.isEmpty()) byDecoder.put("", new ArrayList<>());
      byDecoder.values().iterator().next().add(accuracy);
    }
    byDecoder.forEach(
        (decoder, groups) -> {
          String by = decoder.isEmpty() ? "" : ", decoder " + decoder;
          paragraph("Harmless requests and questions, in %, " + stage.get().words() + by);
          blocks(groups);
        });
  }

  private Map<String, List<ColumnGroup>> harmlessRequests(Stage stage) {
    Map<String, List<ColumnGroup>> byDecoder = new LinkedHashMap<>();
    for (Setting refused : measurements.headline(Metric.OVERREFUSAL::equals)) {
      List<Column> columns = new ArrayList<>();
      Setting helpful = refused.with(Metric.of(Metric.HELPFUL_RATE));
      if (measurements.stagesOf(refused).contains(stage)) {
        columns.add(column("refused", refused, stage));
      }
      if (measurements.stagesOf(helpful).contains(stage)) {
        columns.add(column("helpful", helpful, stage));
      }
      if (columns.isEmpty()) continue;
      String decoder = refused.decoder() == null ? "" : refused.decoder();
      byDecoder
          .computeIfAbsent(decoder, _ -> new ArrayList<>())
          .add(new ColumnGroup(printable(refused.suite(), WIDTH / 3), columns));
    }
    return byDecoder;
  }

  private ColumnGroup accuracy(Stage stage) {
    List<Column> columns = new ArrayList<>();
    for (Setting setting : measurements.headline(Metric.ACCURACY::equals)) {
      if (measurements.stagesOf(setting).contains(stage)) {
        columns.add(column(setting.suite(), setting, stage));
      }
    }
    return new ColumnGroup("accuracy", columns);
  }

  private Column column(String title, Setting setting, Stage stage) {
    List<String> cells = new ArrayList<>();
    for (String arm : measurements.arms()) {
      cells.add(measurements.pooled(setting, arm, stage, null).map(this::cell).orElse(""));
    }
    return new Column(printable(title, 18), cells);
  }

  /** {@code 62 54–70}: whole percents, since intervals are wider than their decimals. */
  private String cell(Row row) {
    if (row.value() == null) {
      missing.add(row.reason() == null ? "no reason was recorded" : row.reason());
      return "–";
    }
    String value = whole(row.value());
    return row.low() == null || row.high() == null
        ? value
        : value + " " + whole(row.low()) + "–" + whole(row.high());
  }

  private static String whole(double share) {
    return String.format(Locale.ROOT, "%.0f", share * 100);
  }

  /** Fills lines with as many groups as fit, then goes on beneath. */
  private void blocks(List<ColumnGroup> groups) {
    List<String> arms = measurements.arms().stream().map(arm -> printable(arm, ARM_WIDTH)).toList();
    int armWidth = arms.stream().mapToInt(String::length).max().orElse(0);
    List<ColumnGroup> block = new ArrayList<>();
    int width = armWidth;
    for (ColumnGroup group : split(groups, WIDTH - armWidth)) {
      if (!block.isEmpty() && width + group.width() > WIDTH) {
        block(arms, armWidth, block);
        block.clear();
        width = armWidth;
      }
      block.add(group);
      width += group.width();
    }
    if (!block.isEmpty()) block(arms, armWidth, block);
  }

  /** A group wider than a line is cut into several of the same title. */
  private static List<ColumnGroup> split(List<ColumnGroup> groups, int room) {
    List<ColumnGroup> fitting = new ArrayList<>();
    for (ColumnGroup group : groups) {
      List<Column> columns = new ArrayList<>();
      for (Column column : group.columns()) {
        columns.add(column);
        if (columns.size() > 1 && new ColumnGroup(group.title(), columns).width() > room) {
          columns.removeLast();
          fitting.add(new ColumnGroup(group.title(), List.copyOf(columns)));
          columns.clear();
          columns.add(column);
        }
      }
      fitting.add(new ColumnGroup(group.title(), List.copyOf(columns)));
    }
    return fitting;
  }

  private void block(List<String> arms, int armWidth, List<ColumnGroup> groups) {
    StringBuilder titles = new StringBuilder(" ".repeat(armWidth));
    StringBuilder headers = new StringBuilder(padded("arm", armWidth));
    List<StringBuilder> lines = new ArrayList<>();
    arms.forEach(arm -> lines.add(new StringBuilder(padded(arm, armWidth))));
    for (ColumnGroup group : groups) {
      titles.append(GAP).append(padded(group.title(), group.width() - GAP.length()));
      int start = headers.length();
      for (Column column : group.columns()) {
        headers.append(GAP).append(padded(column.title(), column.width()));
        for (int i = 0; i < lines.size(); i++) {
          lines.get(i).append(GAP).append(padded(column.cells().get(i), column.width()));
        }
      }
      int end = start + group.width();
      headers.append(" ".repeat(end - headers.length()));
      lines.forEach(line -> line.append(" ".repeat(end - line.length())));
    }
    out.append(titles.toString().stripTrailing()).append('\n');
    out.append(headers.toString().stripTrailing()).append('\n');
    lines.forEach(line -> out.append(line.toString().stripTrailing()).append('\n'));
    out.append('\n');
  }

  private void paragraph(String text) {
    StringBuilder line = new StringBuilder();
    for (String word : printable(text, Integer.MAX_VALUE).split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        out.append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    out.append(line).append('\n');
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** A name that can't move the terminal's cursor, cut to {@code limit} characters. */
  private static String printable(String text, int limit) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= limit ? clean : clean.substring(0, limit - 1) + "…";
  }
}
