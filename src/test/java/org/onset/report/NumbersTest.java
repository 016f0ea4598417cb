package org.onset.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {
  private static final Metric ASR = Metric.of("asr");
  private static final Metric AUROC = Metric.of("probe_auroc");

  @Test
  void sharesAreInPercentAndTheirDifferencesInPoints() {
    assertThat(Numbers.value(ASR, 0.1234)).isEqualTo("12.3%");
    assertThat(Numbers.interval(ASR, 0.08, 1.0)).isEqualTo("8.0–100.0");
    assertThat(Numbers.difference(ASR, -0.1234)).isEqualTo("−12.3");
    assertThat(Numbers.difference(ASR, 0.05)).isEqualTo("+5.0");
  }

  @Test
  void otherMetricsArePlain() {
    assertThat(Numbers.value(AUROC, 0.91234)).isEqualTo("0.912");
    assertThat(Numbers.value(Metric.of("perplexity"), 12.345)).isEqualTo("12.35");
    assertThat(Numbers.value(Metric.of("perplexity"), 12345.6)).isEqualTo("12,346");
    assertThat(Numbers.difference(AUROC, -0.05)).isEqualTo("−0.050");
    assertThat(Numbers.plain(0.00012)).isEqualTo("1.2e-04");
  }

  @Test
  void anAbsentBoundIsNoInterval() {
    assertThat(Numbers.interval(ASR, null, 0.5)).isEmpty();
    assertThat(Numbers.interval(ASR, 0.5, null)).isEmpty();
  }

  @Test
  void tokensKeepFourDigits() {
    assertThat(Numbers.tokens(0)).isEqualTo("0");
    assertThat(Numbers.tokens(999)).isEqualTo("999");
    assertThat(Numbers.tokens(614_400)).isEqualTo("614.4k");
    assertThat(Numbers.tokens(1_802_000)).isEqualTo("1.802M");
    assertThat(Numbers.tokens(600e9)).isEqualTo("600B");
    assertThat(Numbers.tokens(10_000)).isEqualTo("10k");
  }

  @Test
  void pValuesStopAtAThousandth() {
    assertThat(Numbers.p(0.0004)).isEqualTo("< 0.001");
    assertThat(Numbers.p(0.0312)).isEqualTo("0.031");
  }

  @Test
  void learningRatesAreScientific() {
    assertThat(Numbers.scientific(0.0041)).isEqualTo("4.10e-3");
    assertThat(Numbers.scientific(0)).isEqualTo("0");
  }
}
