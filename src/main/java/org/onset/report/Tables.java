package org.onset.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.onset.study.results.FolderArm;
import org.onset.study.results.Results.Contrast;
import org.onset.study.results.RunSummary;
import org.onset.study.results.RunSummary.ArmSpec;

/** The tables of a report, numbered as they are written; plots point to them by number. */
final class Tables {
  private static final Set<String> SHOWN_ELSEWHERE =
      Set.of(
          Metric.ASR,
          Metric.LEAK_RATE,
          Metric.OVERREFUSAL,
          Metric.HELPFUL_RATE,
          Metric.ACCURACY,
          Metric.PERPLEXITY,
          Metric.PROBE_AUROC);

  private final RunSummary summary;
  private final Measurements measurements;
  private final Html html = new Html();
  private final NumberedTables tables = new NumberedTables();

  Tables(RunSummary summary, Measurements measurements) {
    this.summary = summary;
    this.measurements = measurements;
  }

  /** The number of a table that has been written; 0 where there was nothing to show. */
  int number(String id) {
    return tables.number(id);
  }

  Html html() {
    return html;
  }

  void mainResults() {
    grids("asr", "Attack success", Metric.ASR::equals);
    grids("leak", "Leaked harmful content", Metric.LEAK_RATE::equals);
    harmlessRequests();
    details("Attack by attack, variant by variant", Metric.ASR, Metric.LEAK_RATE);
  }

  void capability() {
    grids(
        "capability",
        "Capability, safe knowledge and perplexity",
        name -> name.equals(Metric.ACCURACY) || name.equals(Metric.PERPLEXITY));
    grids("other", "Other measurements", name -> !SHOWN_ELSEWHERE.contains(name));
  }

  void probes() {
    List<Setting> settings = measurements.all(Metric.PROBE_AUROC::equals);
    List<Integer> layers =
        settings.stream()
            .flatMap(setting -> measurements.layersOf(setting).stream())
            .distinct()
            .sorted()
            .toList();
    List<Grid.Group> groups = new ArrayList<>();
    for (Setting setting : settings) {
      for (Stage stage : measurements.stagesOf(setting)) {
        String variant = setting.variant() == null ? "" : " · " + setting.variant();
        groups.add(
            Grid.group(
                stage.title() + " · " + setting.suite() + variant,
                setting.metric(),
                measurements.arms(),
                layers,
                (arm, layer) -> measurements.pooled(setting, arm, stage, layer)));
      }
    }
    List<String> columns = layers.stream().map(layer -> "layer " + layer).toList();
    grid("probe", "Linear probes: AUROC by layer", "", new Grid(columns, groups));
  }

  void contrasts() {
    List<Contrast> all = summary.results().contrasts();
    List<Contrast> primary = all.stream().filter(Contrast::primary).toList();
    List<Contrast> exploratory = all.stream().filter(contrast -> !contrast.primary()).toList();
    String remark = "Differences of shares in percentage points, with 95% intervals. ";
    if (!primary.isEmpty()) {
      ContrastTable table = new ContrastTable(primary);
      table(
          "primary",
          "Primary contrasts",
          remark + "Named before the run; Holm’s correction runs over these.",
          table::write,
          table::writeNotes);
    }
    if (!exploratory.isEmpty()) {
      html.open("details", "data-print", "");
      html.element("summary", "Exploratory contrasts (" + exploratory.size() + ")");
      ContrastTable table = new ContrastTable(exploratory);
      table(
          "exploratory",
          "Exploratory contrasts",
          remark + "Not corrected for their number: they suggest, they do not show.",
          table::write,
          table::writeNotes);
      html.close("details").line();
    }
  }

  /** The fields of the arms' declarations that aren't the same in all. */
  void specs() {
    List<ArmSpec> arms = summary.arms();
    Set<String> fields = new LinkedHashSet<>();
    arms.forEach(arm -> fields.addAll(arm.fields().keySet()));
    List<String> differing =
        fields.stream()
            .filter(
                field ->
                    arms.stream()
                            .map(arm -> arm.fields().getOrDefault(field, ""))
                            .distinct()
                            .count()
                        > 1)
            .toList();
    int same = fields.size() - differing.size();
    table(
        "specs",
        "How the arms’ specifications differ",
        switch (same) {
          case 0 -> "All fields are shown.";
          case 1 -> "The one other field is the same in all arms.";
          default -> "The other " + same + " fields are the same in all arms.";
        },
        table -> {
          NumberedTables.header(table, "Arm", differing, "");
          table.open("tbody");
          for (ArmSpec arm : arms) {
            table.open("tr").element("th", arm.arm(), "scope", "row");
            differing.forEach(
                field ->
                    table.element("td", arm.fields().getOrDefault(field, "—"), "class", "spec"));
            table.close("tr").line();
          }
          table.close("tbody");
        },
        _ -> {});
  }

  void exposure() {
    List<ArmExposure> arms = ArmExposure.of(summary.exposure(), measurements.arms());
    if (arms.isEmpty()) return;
    List<String> streams = ArmExposure.streams(arms);
    boolean severalSeeds = arms.stream().anyMatch(arm -> arm.seeds() > 1);
    List<String> columns =
        new ArrayList<>(List.of("Onset", "Tokens", "Intervention tokens", "Learning rate"));
    columns.addAll(streams);
    table(
        "exposure",
        "Exposure",
        (severalSeeds ? "Means over seeds. " : "")
            + "Tokens trained on, planned tokens beside them where they differ; for each stream, "
            + "beneath its tokens, how often its text was passed. Intervention tokens carry loss and"
            + " come from any stream but safe and unsafe; the learning rate is the mean over them.",
        table -> {
          NumberedTables.header(table, "Arm", columns, "number");
          table.open("tbody");
          arms.forEach(arm -> exposureLine(table, arm, streams));
          table.close("tbody");
        },
        _ -> {});
  }

  void scorer() {
    if (summary.scorer().isEmpty()) return;
    table(
        "scorer",
        "The safety scorer on held-out documents",
        "Recall and precision for documents whose true score is at least the one given.",
        table -> {
          NumberedTables.header(
              table, "Score at least", List.of("Positives", "Recall", "Precision"), "number");
          table.open("tbody");
          for (RunSummary.ScorerQuality quality : summary.scorer()) {
            table.open("tr").element("th", String.valueOf(quality.score()), "scope", "row");
            table.element("td", Numbers.count(quality.positives()), "class", "number");
            Double recall = quality.recall();
            table.element(
                "td",
                recall == null ? "— (no such document)" : Numbers.percent(recall),
                "class",
                "number");
            Double precision = quality.precision();
            table.element(
                "td",
                precision == null ? "— (none predicted)" : Numbers.percent(precision),
                "class",
                "number");
            table.close("tr").line();
          }
          table.close("tbody");
        },
        _ -> {});
  }

  void corpus() {
    if (summary.corpus().isEmpty()) return;
    table(
        "corpus",
        "The corpus, stream by stream",
        "",
        table -> {
          NumberedTables.header(
              table, "Stream", List.of("Documents", "Tokens", "Windows"), "number");
          table.open("tbody");
          for (RunSummary.CorpusStream card : summary.corpus()) {
            table.open("tr").element("th", card.stream(), "scope", "row");
            table.element("td", Numbers.count(card.documents()), "class", "number");
            table.element("td", count(card.tokens()), "class", "number");
            table.element("td", count(card.windows()), "class", "number");
            table.close("tr").line();
          }
          table.close("tbody");
        },
        _ -> {});
  }

  private static String count(@Nullable Long count) {
    return count == null ? "—" : Numbers.count(count);
  }

  /** The models that were trained elsewhere. */
  void folders() {
    if (summary.folders().isEmpty()) return;
    List<String> columns =
        List.of(
            "Folder", "Parameters", "Tokens of its tokenizer", "Context", "Trained on", "SHA-256");
    table(
        "folders",
        "Arms whose base model was trained elsewhere",
        "Paths are relative to the study file. Such an arm has one base model for all seeds: what is"
            + " measured of it varies by prompt only, and after tuning seeds repeat the tuning, not"
            + " the pretraining.",
        table -> {
          NumberedTables.header(table, "Arm", columns, "");
          table.open("tbody");
          for (FolderArm folder : summary.folders()) {
            table.open("tr").element("th", folder.arm(), "scope", "row");
            table.element("td", folder.path(), "class", "spec");
            table.element("td", Numbers.count(folder.parameters()), "class", "number");
            table.element("td", Numbers.count(folder.vocabSize()), "class", "number");
            table.element("td", Numbers.count(folder.contextLength()), "class", "number");
            Long trained = folder.trainedTokens();
            table.element(
                "td",
                trained == null ? "— (not said)" : Numbers.count(trained) + " tokens",
                "class",
                "number");
            table.element("td", folder.sha256(), "class", "spec");
            table.close("tr").line();
          }
          table.close("tbody");
        },
        _ -> {});
  }

  /** Over-refusal and helpful answers side by side, since neither says much alone. */
  private void harmlessRequests() {
    record Column(Stage stage, Metric metric) {}
    List<Metric> metrics = List.of(Metric.of(Metric.OVERREFUSAL), Metric.of(Metric.HELPFUL_RATE));
    List<Setting> settings =
        measurements
            .headline(name -> metrics.stream().anyMatch(metric -> metric.name().equals(name)))
            .stream()
            .map(setting -> setting.with(metrics.getFirst()))
            .distinct()
            .toList();
    List<Column> columns = new ArrayList<>();
    for (Stage stage : measurements.stages()) {
      for (Metric metric : metrics) {
        if (settings.stream()
            .anyMatch(setting -> measurements.stagesOf(setting.with(metric)).contains(stage))) {
          columns.add(new Column(stage, metric));
        }
      }
    }
    List<Grid.Group> groups =
        settings.stream()
            .map(
                setting ->
                    Grid.group(
                        setting.among(settings),
                        setting.metric(),
                        measurements.arms(),
                        columns,
                        (arm, column) ->
                            measurements.pooled(
                                setting.with(column.metric()), arm, column.stage(), null)))
            .toList();
    List<String> titles =
        columns.stream()
            .map(
                column ->
                    (column.metric().name().equals(Metric.OVERREFUSAL) ? "refused, " : "helpful, ")
                        + column.stage().title())
            .toList();
    grid(
        "refusal",
        "Over-refusal and helpful answers to harmless requests",
        common(settings),
        new Grid(titles, groups));
  }

  private static String common(List<Setting> settings) {
    String common = Setting.common(settings);
    return common.isEmpty() ? "" : "All: " + common + ". ";
  }

  private void grids(String id, String title, Predicate<String> metric) {
    List<Setting> settings =
        measurements.headline(metric).stream()
            .filter(setting -> !Grid.overStages(measurements, List.of(setting)).rows().isEmpty())
            .toList();
    grid(id, title, common(settings), Grid.overStages(measurements, settings));
  }

  /** Those rows of the metrics that aren't headlines, out of the way. */
  private void details(String title, String... metrics) {
    List<String> names = List.of(metrics);
    List<Setting> headline = measurements.headline(names::contains);
    List<Setting> rest =
        measurements.all(names::contains).stream()
            .filter(setting -> !headline.contains(setting))
            .toList();
    if (rest.isEmpty()) return;
    html.open("details", "data-print", "")
        .element("summary", title + " (" + rest.size() + " settings)");
    grid("details", title, common(rest), Grid.overStages(measurements, rest));
    html.close("details").line();
  }

  private void grid(String id, String title, String remarks, Grid grid) {
    if (grid.rows().isEmpty()) return;
    GridTable table = new GridTable(grid);
    table(id, title, remarks + table.remarks(), table::write, table::writeNotes);
  }

  private void table(
      String id, String title, String remarks, Consumer<Html> content, Consumer<Html> notes) {
    tables.write(html, id, title, remarks, content, notes);
  }

  private static void exposureLine(Html table, ArmExposure arm, List<String> streams) {
    table.open("tr").element("th", arm.arm(), "scope", "row");
    Long onset = arm.onsetTokens();
    NumberedTables.number(table, onset == null ? "never" : Numbers.tokens(onset), "");
    String planned = Numbers.tokens(arm.plannedTokens());
    String realised = Numbers.tokens(arm.realisedTokens());
    NumberedTables.number(table, realised, planned.equals(realised) ? "" : "planned " + planned);
    NumberedTables.number(table, Numbers.tokens(arm.interventionTokens()), "");
    NumberedTables.number(
        table,
        arm.interventionLearningRate().isPresent()
            ? Numbers.scientific(arm.interventionLearningRate().getAsDouble())
            : "—",
        "");
    for (String stream : streams) {
      ArmExposure.StreamMean mean = arm.streams().get(stream);
      if (mean == null || mean.realisedTokens() == 0) {
        NumberedTables.number(table, "0", "");
      } else {
        NumberedTables.number(
            table, Numbers.tokens(mean.realisedTokens()), "×" + Numbers.plain(mean.epochs()));
      }
    }
    table.close("tr").line();
  }
}
