package org.onset.report;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How numbers are written: true minus signs, no more digits than say something. */
final class Numbers {
  private static final char MINUS = '\u2212';

  private Numbers() {}

  /** {@code 0.1234} is {@code 12.3%}. */
  static String percent(double share) {
    return format("%.1f%%", share * 100);
  }

  static String plain(double value) {
    double size = Math.abs(value);
    if (size >= 1000) return format("%,.0f", value);
    if (size >= 100) return format("%.1f", value);
    if (size >= 1 || value == 0) return format("%.2f", value);
    return size >= 0.01 ? format("%.3f", value) : format("%.1e", value);
  }

  /** A value of a metric: a share in percent, anything else plainly. */
  static String value(Metric metric, double value) {
    return metric.share() ? percent(value) : plain(value);
  }

  /**
   * {@code 8.1–18.0}, without a unit since it stands beside its value; empty where a bound is
   * absent.
   */
  static String interval(Metric metric, @Nullable Double low, @Nullable Double high) {
    if (low == null || high == null) return "";
    return metric.share()
        ? format("%.1f", low * 100) + "–" + format("%.1f", high * 100)
        : plain(low) + "–" + plain(high);
  }

  /** A difference with its sign: shares in percentage points. */
  static String difference(Metric metric, double difference) {
    return metric.share() ? format("%+.1f", difference * 100) : signed(difference);
  }

  static String differenceUnit(Metric metric) {
    return metric.share() ? " points" : "";
  }

  static String p(double p) {
    return p < 0.001 ? "< 0.001" : format("%.3f", p);
  }

  static String count(long count) {
    return format("%,d", count);
  }

  /** Token counts to four digits: {@code 614.4k}, {@code 1.802B}. */
  static String tokens(double tokens) {
    double size = Math.abs(tokens);
    if (size >= 1e12) return fourDigits(tokens / 1e12) + "T";
    if (size >= 1e9) return fourDigits(tokens / 1e9) + "B";
    if (size >= 1e6) return fourDigits(tokens / 1e6) + "M";
    if (size >= 1e3) return fourDigits(tokens / 1e3) + "k";
    return format("%.0f", tokens);
  }

  /** A learning rate: {@code 4.1e-3}. */
  static String scientific(double value) {
    return value == 0 ? "0" : format("%.2e", value).replace("e-0", "e-").replace("e+0", "e+");
  }

  /** Five significant digits, for plots: what lies beyond can't be seen. */
  static double rounded(double value) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.4e", value));
  }

  private static String fourDigits(double value) {
    String text = format(value >= 100 ? "%.1f" : value >= 10 ? "%.2f" : "%.3f", value);
    return text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
  }

  private static String signed(double value) {
    return value >= 0 ? "+" + plain(value) : plain(value);
  }

  private static String format(String pattern, Object value) {
    return String.format(Locale.ROOT, pattern, value)
        .replace('-', MINUS)
        .replace("e" + MINUS, "e-");
  }
}
