package org.onset.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onset.study.results.RunSummary;
import org.onset.study.results.RunSummary.Sample;

/** Puts a report together, from the findings at its top to the definitions at its end. */
final class Page {
  private final RunSummary summary;
  private final Measurements measurements;
  private final Plots plots;
  private final Tables tables;
  private final Html body = new Html();
  private final Sections sections = new Sections(body);
  private final Figures figures = new Figures();

  private Page(RunSummary summary) {
    this.summary = summary;
    this.measurements =
        new Measurements(
            summary.results(), summary.arms().stream().map(RunSummary.ArmSpec::arm).toList());
    this.plots = new Plots(summary, measurements);
    this.tables = new Tables(summary, measurements);
  }

  static String of(RunSummary summary) {
    return new Page(summary).build();
  }

  private String build() {
    writeTables(); // first, so that figures can name the tables that hold their numbers
    writeFigures();
    sections.open("tables", "Tables");
    body.trusted(tables.html().finished()).close("section").line();
    samples();
    sections.open("reading", "How to read the numbers");
    body.trusted(WebPage.resource("how-to-read.html")).close("section").line();
    provenance();
    return WebPage.of(summary.title(), opening().finished() + body.finished(), plots.data());
  }

  private void writeTables() {
    tables.mainResults();
    tables.capability();
    tables.probes();
    tables.contrasts();
    tables.specs();
    tables.folders();
    tables.exposure();
    tables.scorer();
    tables.corpus();
  }

  private void writeFigures() {
    sections.open("plots", "Plots");
    figure(
        plots.attackSuccess(),
        "asr",
        "Attack success, before and after tuning.",
        common(Metric.ASR)
            + "Arms stand in declared order. Marks are means over seeds with 95% intervals; faint dots are"
            + " single seeds.");
    figure(
        plots.primaryContrasts(),
        "primary",
        "Primary contrasts.",
        "Arm minus baseline, paired by seed and prompt, with uncorrected 95% intervals; shares differ"
            + " by percentage points. Only"
            + " Holm’s p tells two arms apart.");
    figure(
        plots.overRefusal(),
        "refusal",
        "Over-refusal beside helpfulness.",
        common(Metric.OVERREFUSAL)
            + "Harmless requests that were refused, and harmless requests that were answered usefully. A"
            + " low attack success that costs helpfulness is no gain.");
    figure(
        plots.probes(),
        "probe",
        "Linear probes for harmful against safe text.",
        "AUROC on texts about hazards and goods that the probe was not fitted on, by layer; layer 0 is the embedding. The dashed line is the same probe"
            + " on the untrained model: what words alone give away. The dotted line is chance.");
    figure(
        plots.losses(),
        "",
        "Training loss.",
        "A line for each arm and seed; vertical lines mark where an arm’s interventions enter. The"
            + " first tenth of the tokens may run off the top.");
    figure(plots.exposure(), "exposure", "Exposure.", "Tokens that each arm trains on, by stream.");
    body.close("section").line();
  }

  /** What all panels share and their titles leave out, the judge above all. */
  private String common(String metric) {
    String common = Setting.common(measurements.headline(metric::equals));
    return common.isEmpty() ? "" : "All: " + common + ". ";
  }

  private void figure(List<Figures.Panel> panels, String table, String title, String caption) {
    Figures.Source source = new Figures.Source(table, tables.number(table));
    figures.write(body, panels, source, title, caption);
  }

  private void samples() {
    if (summary.samples().isEmpty()) return;
    sections.open("samples", "Sample completions");
    body.element(
        "p",
        "Quoted as the models wrote them; verdicts are the judge’s. They illustrate and prove"
            + " nothing: rates stand in the tables.");
    Map<String, List<Sample>> byArm = new LinkedHashMap<>();
    measurements.arms().forEach(arm -> byArm.put(arm, new ArrayList<>()));
    for (Sample sample : summary.samples()) {
      byArm.computeIfAbsent(sample.arm(), _ -> new ArrayList<>()).add(sample);
    }
    byArm.forEach(
        (arm, samples) -> {
          if (samples.isEmpty()) return;
          body.open("details", "class", "samples");
          body.open("summary").element("span", arm).text(" (" + samples.size() + ")");
          body.close("summary");
          samples.forEach(this::sample);
          body.close("details").line();
        });
    body.close("section").line();
  }

  private void sample(Sample sample) {
    String attack = sample.attack() == null ? "" : " · " + sample.attack();
    body.open("article", "class", "sample").open("p", "class", "setting");
    body.element("b", sample.verdict());
    body.text(
        " · "
            + new Stage(sample.stage(), sample.task()).title()
            + " · "
            + sample.decoder()
            + " · "
            + sample.suite()
            + attack
            + " · seed "
            + sample.seed());
    body.close("p");
    body.open("div", "class", "exchange");
    body.element("p", sample.prompt(), "class", "prompt", "dir", "auto");
    body.element("p", sample.completion(), "class", "completion", "dir", "auto");
    body.close("div").close("article").line();
  }

  private void provenance() {
    if (summary.provenance().isEmpty()) return;
    sections.open("provenance", "Provenance");
    body.open("dl", "class", "provenance");
    summary
        .provenance()
        .forEach((name, value) -> body.element("dt", name).element("dd", value).line());
    body.close("dl").close("section").line();
  }

  private Html opening() {
    Findings findings = Findings.of(summary);
    String prediction = summary.prediction().strip();
    Html html = new Html();
    html.open("header").element("p", "Onset · " + summary.results().study(), "class", "study");
    html.element("h1", summary.title()).line();
    html.open("dl", "class", "findings");
    html.element("dt", "Asked");
    html.element("dd", findings.asked().isEmpty() ? "No question was stated." : findings.asked());
    html.element("dt", "Found").element("dd", findings.found());
    html.element("dt", "Predicted");
    html.element(
        "dd", prediction.isEmpty() ? "No prediction was written down before the run." : prediction);
    html.close("dl");
    html.element("p", extent(), "class", "extent");
    for (String warning : summary.warnings()) {
      html.open("p", "class", "warning").element("b", "Warning: ").text(warning + ".").close("p");
    }
    html.close("header").line();
    sections.contents(html);
    return html;
  }

  private String extent() {
    int seeds = measurements.seedCount();
    return "%d arms, %s, %s measurements, %d contrasts (%d primary)."
        .formatted(
            measurements.arms().size(),
            seeds == 1 ? "1 seed" : seeds + " seeds",
            Numbers.count(summary.results().rows().size()),
            summary.results().contrasts().size(),
            summary.results().contrasts().stream().filter(contrast -> contrast.primary()).count());
  }
}
