package org.onset.study.results;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code results.json}, schema 1. Strict JSON: a number that could not be measured
 * is null, with a reason.
 */
public record Results(int schema, String study, List<Row> rows, List<Contrast> contrasts) {
  public static final int SCHEMA = 1;

  public Results {
    rows = List.copyOf(rows);
    contrasts = List.copyOf(contrasts);
  }

  /**
   * One measurement. {@code seed} is null for the row pooled over seeds; {@code stage} is {@code
   * base}, {@code instruct} or {@code benign}, then {@code task} names the benign task; {@code
   * variant} holds what else tells rows apart; {@code layer} 0 is the embedding; {@code n} counts
   * distinct prompts; {@code interval} is {@code seeds × prompts}, {@code seeds only} or {@code
   * prompts only}.
   */
  public record Row(
      String arm,
      @Nullable Long seed,
      String stage,
      @Nullable String task,
      @Nullable Long step,
      String suite,
      @Nullable String attack,
      @Nullable String decoder,
      @Nullable String judge,
      @Nullable String variant,
      @Nullable Integer layer,
      String metric,
      @Nullable Double value,
      @Nullable Double low,
      @Nullable Double high,
      @Nullable Integer n,
      @Nullable String unit,
      @Nullable String interval,
      @Nullable String reason) {}

  /**
   * The difference {@code arm − baseline}, paired by seed and prompt; below six seeds {@code p} is
   * null, with a reason.
   */
  public record Contrast(
      String arm,
      String baseline,
      String stage,
      @Nullable String task,
      @Nullable Long step,
      String suite,
      @Nullable String attack,
      @Nullable String decoder,
      @Nullable String judge,
      @Nullable String variant,
      @Nullable Integer layer,
      String metric,
      @Nullable Double difference,
      @Nullable Double low,
      @Nullable Double high,
      @Nullable Double p,
      @Nullable Double pHolm,
      int seeds,
      boolean primary,
      @Nullable String reason) {}
}
