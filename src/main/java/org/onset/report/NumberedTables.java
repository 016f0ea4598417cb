package org.onset.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tables with captions, numbered as they are written; plots point to them by number. */
final class NumberedTables {
  private final Map<String, Integer> numbers = new LinkedHashMap<>();

  /** The number of a table that has been written; 0 where there was nothing to show. */
  int number(String id) {
    return numbers.getOrDefault(id, 0);
  }

  /** A table that scrolls by itself where it is too wide, and its notes beneath it. */
  void write(
      Html html,
      String id,
      String title,
      String remarks,
      Consumer<Html> content,
      Consumer<Html> notes) {
    int number = numbers.size() + 1;
    numbers.put(id, number);
    html.open("figure", "class", "table", "id", "table-" + id);
    html.open("figcaption", "id", "caption-" + id);
    html.element("b", "Table " + number + ".").text(" " + title + ". ");
    if (!remarks.isBlank()) html.element("span", remarks, "class", "remarks");
    html.close("figcaption").line();
    html.open("div", "class", "scroll", "tabindex", "0", "role", "region");
    html.open("table", "aria-labelledby", "caption-" + id);
    content.accept(html);
    html.close("table").close("div").line();
    notes.accept(html);
    html.close("figure").line();
  }

  static void header(Html table, String corner, List<String> columns, String columnClass) {
    table.open("thead").open("tr").element("th", corner, "scope", "col");
    columns.forEach(column -> table.element("th", column, "scope", "col", "class", columnClass));
    table.close("tr").close("thead").line();
  }

  /** A cell with a number, and beneath it what belongs to it. */
  static void number(Html table, String value, String beneath) {
    table.open("td", "class", "number").element("span", value, "class", "value");
    if (!beneath.isEmpty()) table.text(" ").element("span", beneath, "class", "beneath");
    table.close("td");
  }
}
