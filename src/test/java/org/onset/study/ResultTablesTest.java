package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.study.Measurement.Collector;
import org.onset.study.Measurement.Kind;
import org.onset.study.results.Results;
import org.onset.study.spec.Draft;
import org.onset.study.spec.StudySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResultTablesTest {
  private static final List<String> ARMS = List.of("early", "late", "raw");
  private static final Quantity ASR = asr(null, null);
  private static final Quantity AUROC =
      new Quantity("base", null, null, "probe", null, null, null, null, 1, "probe_auroc");

  private static Quantity asr(@Nullable String attack, @Nullable String variant) {
    return new Quantity(
        "benign", "arithmetic", null, "harmful", attack, "topk", "exact", variant, null, "asr");
  }

  @Test
  void everyQuantityHasARowPooledOverSeedsAndOneOfEachSeed() {
    Collector collector = new Collector();
    addShares(collector, ASR, 2, 0);

    List<Results.Row> rows = results(collector).rows();

    assertThat(rows)
        .extracting(Results.Row::arm)
        .containsExactly("early", "early", "early", "late", "late", "late", "raw", "raw", "raw");
    assertThat(rows)
        .extracting(Results.Row::seed)
        .containsExactly(null, 1L, 2L, null, 1L, 2L, null, 1L, 2L);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.stage()).isEqualTo("benign");
              assertThat(row.task()).isEqualTo("arithmetic");
              assertThat(row.suite()).isEqualTo("harmful");
              assertThat(row.decoder()).isEqualTo("topk");
              assertThat(row.judge()).isEqualTo("exact");
              assertThat(row.metric()).isEqualTo("asr");
              assertThat(row.value()).isBetween(0.0, 1.0);
              assertThat(row.low()).isLessThan(row.value());
              assertThat(row.high()).isGreaterThan(row.value());
              assertThat(row.n()).isEqualTo(20);
              assertThat(row.unit()).isEqualTo("share");
              assertThat(row.reason()).isNull();
            });
    assertThat(rows.get(0).interval()).isEqualTo("seeds × prompts");
    assertThat(rows.get(1).interval()).isEqualTo("prompts only");
    assertThat(rows.get(0).value())
        .isCloseTo((value(rows.get(1)) + value(rows.get(2))) / 2, within(1e-12));
  }

  @Test
  void whereOnlySeedsVaryASeedsOwnRowHasNoIntervalAndSaysWhy() {
    Collector collector = new Collector();
    for (long seed = 1; seed <= 2; seed++) {
      collector.add("early", AUROC, Kind.PER_SEED, seed, "all", 0.6 + 0.1 * seed, 48);
    }

    List<Results.Row> rows = results(collector).rows();

    assertThat(rows.get(0).interval()).isEqualTo("seeds only");
    assertThat(rows.get(1).value()).isEqualTo(0.7);
    assertThat(rows.get(1).low()).isNull();
    assertThat(rows.get(1).high()).isNull();
    assertThat(rows.get(1).interval()).isNull();
    assertThat(rows.get(1).reason()).isEqualTo("one seed: the spread between seeds is unknown");
    assertThat(rows).extracting(Results.Row::layer).containsOnly(1);
    assertThat(rows).extracting(Results.Row::n).containsOnly(48);
  }

  @Test
  void aFoldersBaseModelStandsBesideEverySeedOfAPretrainedArm() {
    StudySpec spec = Draft.small().with("{mixture: as-found}", "{model: models/raw}").spec();
    Quantity asr =
        new Quantity("base", null, null, "harmful", null, "topk", "exact", null, null, "asr");
    Collector collector = new Collector();
    for (String item : List.of("a", "b")) {
      collector.add("raw", asr, Kind.PROPORTION, 1, item, 1, 0);
      for (long seed = 1; seed <= 6; seed++) {
        double share = item.equals("a") ? 0.1 * seed : 0;
        collector.add("late", asr, Kind.PROPORTION, seed, item, share, 0);
      }
    }

    Results results = new ResultTables(spec, collector.all()).results();

    assertThat(results.rows())
        .filteredOn(row -> row.arm().equals("raw"))
        .extracting(Results.Row::seed, Results.Row::interval)
        .containsExactly(tuple(null, "prompts only"), tuple(1L, "prompts only"));
    Results.Contrast contrast = results.contrasts().getLast();
    assertThat(contrast.arm() + " − " + contrast.baseline()).isEqualTo("raw − late");
    assertThat(contrast.seeds()).isEqualTo(6);
    assertThat(contrast.difference()).isCloseTo(1 - 0.35 / 2, within(1e-12));
    assertThat(contrast.p()).isNotNull(); // the six pretrainings vary
  }

  @Test
  void whatCouldNotBeMeasuredIsNullWithAReason() {
    Collector collector = new Collector();
    collector.addUnmeasured("early", AUROC, Kind.PER_SEED, 1, "of one kind only", 48);

    assertThat(results(collector).rows())
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(row.value()).isNull();
              assertThat(row.low()).isNull();
              assertThat(row.high()).isNull();
              assertThat(row.interval()).isNull();
              assertThat(row.n()).isEqualTo(48);
              assertThat(row.reason()).isEqualTo("of one kind only");
            });
  }

  @Test
  void primaryContrastsComeFirstInTheOrderOfTheStudyAndThenEveryOtherPairOnce() {
    Collector collector = new Collector();
    addShares(collector, ASR, 2, 0);

    List<Results.Contrast> contrasts = results(collector).contrasts();

    assertThat(contrasts)
        .extracting(c -> c.arm() + " − " + c.baseline() + (c.primary() ? ", primary" : ""))
        .containsExactly("late − early, primary", "early − raw", "late − raw");
    assertThat(contrasts)
        .allSatisfy(
            contrast -> {
              assertThat(contrast.seeds()).isEqualTo(2);
              assertThat(contrast.p()).isNull();
              assertThat(contrast.pHolm()).isNull();
              assertThat(contrast.low()).isLessThan(contrast.difference());
              assertThat(contrast.reason())
                  .startsWith("2 seeds; a difference is tested from 6 on")
                  .containsOnlyOnce("four times in five");
            });
  }

  @Test
  void holmRunsOverThePrimaryContrastsOnly() {
    Collector collector = new Collector();
    addShares(collector, ASR, 8, 0.1);
    StudySpec spec = spec("late, baseline: early", "raw, baseline: late", "early, baseline: raw");

    List<Results.Contrast> contrasts =
        new ResultTables(spec, collector.all()).results().contrasts();

    List<Results.Contrast> primary = contrasts.stream().filter(Results.Contrast::primary).toList();
    assertThat(primary).hasSize(3).allSatisfy(c -> assertThat(c.p()).isNotNull());
    double smallest = primary.stream().mapToDouble(c -> number(c.p())).min().orElseThrow();
    assertThat(primary)
        .filteredOn(c -> number(c.p()) == smallest)
        .singleElement()
        .satisfies(c -> assertThat(c.pHolm()).isCloseTo(Math.min(1, 3 * smallest), within(1e-12)));
    assertThat(primary)
        .allSatisfy(c -> assertThat(number(c.pHolm())).isGreaterThanOrEqualTo(number(c.p())));
    assertThat(primary).allSatisfy(c -> assertThat(c.reason()).isNull());
    assertThat(contrasts).hasSize(3); // all pairs are primary here, so none is left to explore
  }

  @Test
  void anExploratoryContrastIsTestedButNotCorrected() {
    Collector collector = new Collector();
    addShares(collector, ASR, 8, 0.1);

    assertThat(results(collector).contrasts())
        .filteredOn(contrast -> !contrast.primary())
        .hasSize(2)
        .allSatisfy(
            contrast -> {
              assertThat(contrast.p()).isNotNull();
              assertThat(contrast.pHolm()).isNull();
            });
  }

  @Test
  void onePrimaryContrastIsNotCorrectedUpwards() {
    Collector collector = new Collector();
    addShares(collector, ASR, 8, 0.1);

    assertThat(results(collector).contrasts().getFirst())
        .satisfies(contrast -> assertThat(contrast.pHolm()).isEqualTo(contrast.p()));
  }

  @Test
  void aPrimaryContrastWithoutMeasurementsIsNullWithAReasonAndCountsForHolm() {
    Collector collector = new Collector();
    addShares(collector, ASR, 8, 0.1);
    collector.add("early", AUROC, Kind.PER_SEED, 1, "all", 0.5, 4);
    String text =
        Draft.small().text()
            + "  - {arm: late, baseline: early, stage: base, suite: probe, layer: 1, metric: probe_auroc}\n";

    List<Results.Contrast> contrasts =
        new ResultTables(new Draft(text).spec(), collector.all()).results().contrasts();

    assertThat(contrasts.get(1))
        .satisfies(
            contrast -> {
              assertThat(contrast.primary()).isTrue();
              assertThat(contrast.difference()).isNull();
              assertThat(contrast.p()).isNull();
              assertThat(contrast.seeds()).isZero();
              assertThat(contrast.reason()).isEqualTo("the study measures no such quantity");
            });
    assertThat(number(contrasts.get(0).pHolm()))
        .isCloseTo(Math.min(1, 2 * number(contrasts.get(0).p())), within(1e-12));
  }

  @Test
  void rowsOfOneVariantOrAttackAreNotContrasted() {
    Collector collector = new Collector();
    addShares(collector, asr("wrapper", null), 2, 0);
    addShares(collector, asr(null, "seen"), 2, 0);

    Results results = results(collector);

    assertThat(results.rows()).hasSize(2 * 3 * 3);
    assertThat(results.contrasts()).filteredOn(contrast -> !contrast.primary()).isEmpty();
  }

  @Test
  void resultsAreStrictJsonAndTheSameBytesEachTime(@TempDir Path folder) throws Exception {
    Collector collector = new Collector();
    addShares(collector, ASR, 2, 0);
    collector.addUnmeasured("early", AUROC, Kind.PER_SEED, 1, "of one kind only", 48);
    for (long seed = 1; seed <= 2; seed++) {
      for (String arm : ARMS) {
        for (String text : List.of("a", "b")) {
          Quantity perplexity =
              new Quantity(
                  "base", null, null, "held-out", null, null, null, null, null, "perplexity");
          collector.add(arm, perplexity, Kind.PERPLEXITY, seed, text, 12.5, 0);
        }
      }
    }

    JsonLines.writeJson(folder.resolve("one.json"), results(collector));
    JsonLines.writeJson(folder.resolve("other.json"), results(collector));

    String written = Files.readString(folder.resolve("one.json"));
    assertThat(folder.resolve("other.json")).hasContent(written);
    assertThat(written).doesNotContain("NaN", "Infinity");
    JsonNode read = JsonMapper.builder().build().readTree(written);
    assertThat(read.propertyNames()).containsExactly("schema", "study", "rows", "contrasts");
    assertThat(read.get("schema").asInt()).isEqualTo(1);
    assertThat(read.get("study").asString()).isEqualTo("small");
    assertThat(read.get("rows").get(0).propertyNames())
        .containsExactly(
            "arm",
            "seed",
            "stage",
            "task",
            "step",
            "suite",
            "attack",
            "decoder",
            "judge",
            "variant",
            "layer",
            "metric",
            "value",
            "low",
            "high",
            "n",
            "unit",
            "interval",
            "reason");
    assertThat(read.get("contrasts").get(0).propertyNames())
        .containsExactly(
            "arm",
            "baseline",
            "stage",
            "task",
            "step",
            "suite",
            "attack",
            "decoder",
            "judge",
            "variant",
            "layer",
            "metric",
            "difference",
            "low",
            "high",
            "p",
            "pHolm",
            "seeds",
            "primary",
            "reason");
  }

  /** Twenty prompts; each arm complies {@code step} more often than the one before it. */
  private static void addShares(Collector collector, Quantity quantity, int seeds, double step) {
    SplittableRandom random = new SplittableRandom(3);
    for (long seed = 1; seed <= seeds; seed++) {
      double level = 0.2 + 0.3 * random.nextDouble();
      for (int arm = 0; arm < ARMS.size(); arm++) {
        for (int prompt = 0; prompt < 20; prompt++) {
          double share = random.nextDouble() < level + arm * step ? 1 : 0;
          collector.add(
              ARMS.get(arm), quantity, Kind.PROPORTION, seed, "prompt-" + prompt, share, 0);
        }
      }
    }
  }

  /** With late against early as the only primary contrast. */
  private static Results results(Collector collector) {
    return new ResultTables(spec("late, baseline: early"), collector.all()).results();
  }

  private static StudySpec spec(String... pairs) {
    String named = "  - {arm: early, baseline: late, stage";
    String text = Draft.small().text();
    String rest = text.substring(text.indexOf(named) + named.length());
    StringBuilder contrasts = new StringBuilder();
    for (String pair : pairs) {
      contrasts.append("  - {arm: ").append(pair).append(", stage").append(rest);
    }
    return new Draft(text.substring(0, text.indexOf(named)) + contrasts).spec();
  }

  private static double value(Results.Row row) {
    return number(row.value());
  }

  private static double number(@Nullable Double number) {
    if (number == null) {
      throw new AssertionError("there is no number");
    }
    return number;
  }
}
