package org.onset.report;

import org.jspecify.annotations.Nullable;
import org.onset.corpus.card.CorpusCard;

/** The cells of a card's tables. */
final class CardCells {
  private static final double MEBIBYTE = 1 << 20;
  private static final double SMALLEST_SHOWN = 0.001;

  private CardCells() {}

  static void count(Html table, long count) {
    NumberedTables.number(table, Numbers.count(count), "");
  }

  static void text(Html table, String text) {
    NumberedTables.number(table, text, "");
  }

  /** Sizes of text. */
  static String size(long bytes) {
    if (bytes == 0) return "0";
    double mebibytes = bytes / MEBIBYTE;
    boolean tiny = mebibytes < SMALLEST_SHOWN;
    return tiny ? "< 0.001 MiB" : Numbers.plain(mebibytes) + " MiB";
  }

  /** A part of a whole in percent; a dash where there is no whole. */
  static String share(long part, long whole) {
    if (whole == 0) return "—";
    double share = (double) part / whole;
    return part > 0 && share < SMALLEST_SHOWN / 2 ? "< 0.1%" : Numbers.percent(share);
  }

  /** How many for each million tokens; a dash where there are no tokens. */
  static String perMillion(long count, double tokens) {
    return tokens == 0 ? "—" : Numbers.plain(count * 1e6 / tokens);
  }

  /** A rate with its interval, and of how many beneath. */
  static void rate(Html table, CorpusCard.@Nullable Rate rate) {
    if (rate == null) {
      NumberedTables.number(table, "—", "of 0");
    } else {
      estimate(
          table,
          rate.value(),
          rate.low(),
          rate.high(),
          Numbers.count(rate.hits()) + " of " + Numbers.count(rate.of()));
    }
  }

  static void estimate(Html table, double value, double low, double high, String beneath) {
    table.open("td", "class", "number");
    table.element("span", Numbers.percent(value), "class", "value");
    table.text(" ").element("span", interval(low, high), "class", "interval");
    table.text(" ").element("span", beneath, "class", "beneath");
    table.close("td");
  }

  /** {@code 8.1–18.0}, in percent. */
  static String interval(double low, double high) {
    String first = Numbers.percent(low);
    String last = Numbers.percent(high);
    return first.substring(0, first.length() - 1) + "–" + last.substring(0, last.length() - 1);
  }

  /** A row that names what the rows beneath it have in common. */
  static void group(Html table, String title, int columns) {
    table.open("tr", "class", "group");
    table.element(
        "th", ShownText.of(title), "colspan", String.valueOf(columns), "scope", "rowgroup");
    table.close("tr").line();
  }
}
