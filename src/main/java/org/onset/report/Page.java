package org.onset.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.onset.study.results.RunSummary;
import org.onset.study.results.RunSummary.Sample;

/** Puts a report together, from the findings at its top to the definitions at its end. */
final class Page {
  private record Heading(String id, String title) {}

  private final RunSummary summary;
  private final Measurements measurements;
  private final Plots plots;
  private final Tables tables;
  private final Html body = new Html();
  private final List<Heading> contents = new ArrayList<>();
  private int figures;

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
    figures();
    heading("tables", "Tables");
    body.trusted(tables.html().finished()).close("section").line();
    samples();
    heading("reading", "How to read the numbers");
    body.trusted(resource("how-to-read.html")).close("section").line();
    provenance();
    return document();
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

  private void figures() {
    heading("plots", "Plots");
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

  private void figure(List<Plots.Panel> panels, String table, String title, String caption) {
    if (panels.isEmpty()) return;
    figures++;
    String shape = panels.size() == 1 ? "panels one" : "panels";
    body.open("figure", "class", "plots");
    body.open("figcaption").element("b", "Figure " + figures + ". " + title);
    body.text(" " + caption);
    int number = tables.number(table);
    if (number > 0) {
      body.text(" Numbers: ").element("a", "Table " + number, "href", "#table-" + table).text(".");
    }
    body.close("figcaption").line();
    body.element("div", "", "class", "key");
    body.open("div", "class", shape);
    for (Plots.Panel panel : panels) {
      String text =
          "Plot: "
              + title
              + " "
              + panel.title()
              + (number > 0 ? ". Its numbers stand in table " + number + "." : ".");
      body.open("div", "class", "panel").element("p", panel.title(), "class", "panel-title");
      body.element(
          "div", "", "class", "chart", "data-chart", panel.id(), "role", "img", "aria-label", text);
      body.close("div").line();
    }
    body.close("div").close("figure").line();
  }

  private void samples() {
    if (summary.samples().isEmpty()) return;
    heading("samples", "Sample completions");
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
    heading("provenance", "Provenance");
    body.open("dl", "class", "provenance");
    summary
        .provenance()
        .forEach((name, value) -> body.element("dt", name).element("dd", value).line());
    body.close("dl").close("section").line();
  }

  /** Opens a section under a heading of the second order; the caller closes it. */
  private void heading(String id, String title) {
    contents.add(new Heading(id, title));
    body.open("section", "id", id).element("h2", title).line();
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
    html.open("nav", "aria-label", "Contents").open("ul");
    for (Heading heading : contents) {
      html.open("li").element("a", heading.title(), "href", "#" + heading.id()).close("li");
    }
    html.close("ul").close("nav").line();
    html.open("noscript")
        .element("p", "The plots need JavaScript. Every number stands in a table.");
    html.close("noscript").line();
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

  /**
   * The content security policy lets the page's one script run and nothing else: no other script,
   * no request to anywhere, whatever a model wrote.
   */
  private String document() {
    String script = resource("report.js");
    String policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"
            + sha256(script)
            + "'; base-uri 'none'; form-action 'none'";
    Html html = new Html();
    html.trusted("<!doctype html>\n").open("html", "lang", "en").open("head").line();
    html.trusted("<meta charset=\"utf-8\">\n");
    html.trusted("<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\">\n");
    html.trusted("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.trusted("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.element("title", summary.title()).line();
    html.open("style").trusted(resource("report.css")).close("style").line();
    html.close("head").open("body").line();
    html.open("main").trusted(opening().finished()).trusted(body.finished()).close("main").line();
    html.open("script", "type", "application/json", "id", "chart-data");
    html.trusted(plots.data().embeddable()).close("script").line();
    html.open("script").trusted(script).close("script").line();
    html.close("body").close("html").line();
    return html.finished();
  }

  private static String sha256(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            Page.class.getResourceAsStream(name), "the report's own " + name + " is missing")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
