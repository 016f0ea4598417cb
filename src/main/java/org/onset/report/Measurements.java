package org.onset.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.onset.study.results.Results;
import org.onset.study.results.Results.Row;

/**
 * The rows of a run, found by what they measure and on which model. Rows of curves (those with a
 * step) stay out.
 */
final class Measurements {
  private record Key(Setting setting, String arm, Stage stage, @Nullable Integer layer) {}

  private final List<String> arms;
  private final List<Stage> stages;
  private final Map<Setting, Set<Stage>> stagesBySetting = new LinkedHashMap<>();
  private final Set<Long> seeds = new LinkedHashSet<>();
  private final Map<Key, Row> pooled = new LinkedHashMap<>();
  private final Map<Key, List<Row>> perSeed = new LinkedHashMap<>();

  /** Arms come in the order of {@code declaredArms}, then as they appear in the results. */
  Measurements(Results results, List<String> declaredArms) {
    Set<String> arms = new LinkedHashSet<>(declaredArms);
    Set<Stage> stages = new LinkedHashSet<>();
    for (Row row : results.rows()) {
      if (row.seed() != null) seeds.add(row.seed());
      if (row.step() != null) continue;
      Key key = new Key(Setting.of(row), row.arm(), Stage.of(row), row.layer());
      arms.add(row.arm());
      stages.add(key.stage());
      Set<Stage> pooledAt =
          stagesBySetting.computeIfAbsent(key.setting(), _ -> new LinkedHashSet<>());
      if (row.seed() == null) {
        pooledAt.add(key.stage());
        pooled.put(key, row);
      } else {
        perSeed.computeIfAbsent(key, _ -> new ArrayList<>()).add(row);
      }
    }
    this.arms = List.copyOf(arms);
    this.stages = stages.stream().sorted(Comparator.comparingInt(Stage::order)).toList();
  }

  List<String> arms() {
    return arms;
  }

  List<Stage> stages() {
    return stages;
  }

  int seedCount() {
    return seeds.size();
  }

  Optional<Row> pooled(Setting setting, String arm, Stage stage, @Nullable Integer layer) {
    return Optional.ofNullable(pooled.get(new Key(setting, arm, stage, layer)));
  }

  /** Each seed's own value, where it has one. */
  List<Double> seedValues(Setting setting, String arm, Stage stage, @Nullable Integer layer) {
    List<Double> values = new ArrayList<>();
    for (Row row : perSeed.getOrDefault(new Key(setting, arm, stage, layer), List.of())) {
      if (row.value() != null) values.add(row.value());
    }
    return values;
  }

  /** The stages at which {@code setting} has a pooled row. */
  List<Stage> stagesOf(Setting setting) {
    Set<Stage> pooledAt = stagesBySetting.getOrDefault(setting, Set.of());
    return stages.stream().filter(pooledAt::contains).toList();
  }

  /** The layers at which {@code setting} has a pooled row, from the embedding upwards. */
  List<Integer> layersOf(Setting setting) {
    Set<Integer> layers = new LinkedHashSet<>();
    for (Key key : pooled.keySet()) {
      if (key.layer() != null && key.setting().equals(setting)) layers.add(key.layer());
    }
    return layers.stream().sorted().toList();
  }

  /** Every setting of a metric, as it first appears. */
  List<Setting> all(Predicate<String> metric) {
    return stagesBySetting.keySet().stream()
        .filter(setting -> metric.test(setting.metric().name()))
        .toList();
  }

  /**
   * The settings of a metric that speak for a whole suite: where rows over all attacks or variants
   * exist, those of one attack or variant are details.
   */
  List<Setting> headline(Predicate<String> metric) {
    List<Setting> all = all(metric);
    return all.stream()
        .filter(
            setting -> {
              List<Setting> suite =
                  all.stream()
                      .filter(other -> other.metric().equals(setting.metric()))
                      .filter(other -> other.suite().equals(setting.suite()))
                      .toList();
              return (setting.attack() == null
                      || suite.stream().noneMatch(other -> other.attack() == null))
                  && (setting.variant() == null
                      || suite.stream().noneMatch(other -> other.variant() == null));
            })
        .toList();
  }
}
