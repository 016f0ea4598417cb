package org.onset.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.onset.study.results.Results.Row;

/**
 * Pooled rows laid out for comparing arms: a group of lines for each way of measuring, a line for
 * each arm, a column for each stage or layer. An absent cell was not part of the study.
 */
record Grid(List<String> columns, List<Group> groups) {
  record Group(String title, Metric metric, List<Line> lines) {
    List<Row> rows() {
      return lines.stream()
          .flatMap(line -> line.cells().stream())
          .flatMap(Optional::stream)
          .toList();
    }
  }

  record Line(String arm, List<Optional<Row>> cells) {}

  Grid {
    columns = List.copyOf(columns);
    groups = List.copyOf(groups);
  }

  /** Stages as columns, a group for each of {@code settings}. */
  static Grid overStages(Measurements measurements, List<Setting> settings) {
    List<Stage> stages =
        measurements.stages().stream()
            .filter(
                stage ->
                    settings.stream()
                        .anyMatch(setting -> measurements.stagesOf(setting).contains(stage)))
            .toList();
    List<Group> groups = new ArrayList<>();
    for (Setting setting : settings) {
      groups.add(
          group(
              setting.among(settings),
              setting.metric(),
              measurements.arms(),
              stages,
              (arm, stage) -> measurements.pooled(setting, arm, stage, null)));
    }
    return new Grid(stages.stream().map(Stage::title).toList(), groups);
  }

  /** Lines without a single row are left out. */
  static <C> Group group(
      String title,
      Metric metric,
      List<String> arms,
      List<C> columns,
      BiFunction<String, C, Optional<Row>> cell) {
    List<Line> lines = new ArrayList<>();
    for (String arm : arms) {
      List<Optional<Row>> cells = new ArrayList<>();
      columns.forEach(column -> cells.add(cell.apply(arm, column)));
      if (cells.stream().anyMatch(Optional::isPresent)) lines.add(new Line(arm, cells));
    }
    return new Group(title, metric, lines);
  }

  List<Row> rows() {
    return groups.stream().flatMap(group -> group.rows().stream()).toList();
  }
}
