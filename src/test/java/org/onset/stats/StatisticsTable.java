package org.onset.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Makes the tables of docs/statistics.md, minutes of work, and checks what that page promises. Not
 * run by default, since its name doesn't end in Test: {@code ./build test -Dtest=StatisticsTable}
 * writes {@code target/statistics-table.md}.
 */
@Tag("simulation")
class StatisticsTable {
  private static final int STUDIES = 2_000;

  /** For what is promised, so many that chance moves a cell by a third of a percent at most. */
  private static final int MANY_STUDIES = 10_000;

  private static final int CONTRASTS = 6;
  private static final int[] SEEDS = {2, 3, 4, 5, 6, 10, 20};
  private static final int[] PROMPTS = {60, 180};
  private static final double[] SEED_SDS = {0, 0.2, 0.4, 0.8, 1.2};
  private static final double[] RATES = {0.1, 0.3, 0.5, 0.7, 0.9};
  private static final double[] FEWER_RATES = {0.1, 0.5};
  private static final double[] EXTREME_RATES = {0.02, 0.05, 0.95, 0.98};
  private static final double LARGEST_PROMISED_SEED_SD = 0.8;

  private final List<String> lines = new ArrayList<>();

  /** What a simulation found over several rates and numbers of prompts. */
  private record Range(double min, double max) {
    static Range of(
        int seeds,
        double[] rates,
        double seedSd,
        double promptSd,
        ToDoubleFunction<SimulatedStudy> simulation) {
      DoubleSummaryStatistics found =
          IntStream.of(PROMPTS)
              .boxed()
              .flatMap(
                  prompts ->
                      DoubleStream.of(rates)
                          .mapToObj(
                              rate -> new SimulatedStudy(seeds, prompts, rate, seedSd, promptSd)))
              .toList()
              .parallelStream()
              .mapToDouble(simulation)
              .summaryStatistics();
      return new Range(found.getMin(), found.getMax());
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.3f–%.3f", min, max).replace("0.", ".");
    }
  }

  @Test
  void printsTheTablesAndKeepsTheirPromises() throws IOException {
    List<String> broken = new ArrayList<>();
    coverage(
        "One arm, rates .1 to .9, prompt SD 1", RATES, 1, s -> s.coverage(MANY_STUDIES, 1), broken);
    coverage(
        "Difference between two arms at equal rates .1 and .5, prompt SD 1",
        FEWER_RATES,
        1,
        s -> s.contrastCoverage(MANY_STUDIES, 0),
        broken);
    List<String> notPromised = new ArrayList<>();
    coverage(
        "One arm, rates .02, .05, .95, .98, prompt SD 1",
        EXTREME_RATES,
        1,
        s -> s.coverage(STUDIES, 1),
        notPromised);
    for (double promptSd : new double[] {0, 0.5, 2}) {
      coverage(
          "One arm, rates .1 and .5, prompt SD " + promptSd,
          FEWER_RATES,
          promptSd,
          s -> s.coverage(STUDIES, 1),
          notPromised);
    }
    familyError(broken);
    Files.writeString(Path.of("target", "statistics-table.md"), String.join("\n", lines) + "\n");

    assertThat(broken).isEmpty();
  }

  private void coverage(
      String title,
      double[] rates,
      double promptSd,
      ToDoubleFunction<SimulatedStudy> simulation,
      List<String> broken) {
    head(title, SEED_SDS);
    for (int seeds : SEEDS) {
      StringBuilder line = new StringBuilder("| " + seeds);
      for (double seedSd : SEED_SDS) {
        Range found = Range.of(seeds, rates, seedSd, promptSd, simulation);
        line.append(" | ").append(found);
        boolean promised = seeds >= 4 && seedSd <= LARGEST_PROMISED_SEED_SD;
        if (promised && (found.min() < 0.92 || found.max() > 0.98)) {
          broken.add(title + ", " + seeds + " seeds, seed SD " + seedSd + ": " + found);
        }
      }
      lines.add(line + " |");
    }
  }

  private void familyError(List<String> broken) {
    double[] rates = {0.02, 0.1, 0.5};
    double[] seedSds = {0, 0.4, 0.8};
    head("Family error of Holm over " + CONTRASTS + " contrasts without an effect", seedSds);
    for (int seeds : new int[] {6, 10, 20}) {
      StringBuilder line = new StringBuilder("| " + seeds);
      for (double seedSd : seedSds) {
        Range found =
            Range.of(seeds, rates, seedSd, 1, study -> study.familyError(STUDIES, CONTRASTS));
        line.append(" | ").append(found);
        if (found.max() > 0.06) {
          broken.add("family error, " + seeds + " seeds, seed SD " + seedSd + ": " + found);
        }
      }
      lines.add(line + " |");
    }
  }

  private void head(String title, double[] seedSds) {
    StringBuilder names = new StringBuilder("| seeds");
    StringBuilder rule = new StringBuilder("|---");
    for (double seedSd : seedSds) {
      names.append(" | seed SD ").append(seedSd);
      rule.append("|---");
    }
    lines.addAll(List.of("", "**" + title + "**", "", names + " |", rule + "|"));
  }
}
