package org.onset.report;

import java.util.List;

/** Figures of plots with captions, numbered as they are written. */
final class Figures {
  /** One plot: the id of its data, and the title above it. */
  record Panel(String id, String title) {}

  /** The table that holds a figure's numbers; its number is 0 where there is none. */
  record Source(String id, int number) {}

  private int count;

  void write(Html body, List<Panel> panels, Source source, String title, String caption) {
    if (panels.isEmpty()) return;
    count++;
    String shape = panels.size() == 1 ? "panels one" : "panels";
    body.open("figure", "class", "plots");
    body.open("figcaption").element("b", "Figure " + count + ". " + title);
    body.text(" " + caption);
    int number = source.number();
    if (number > 0) {
      body.text(" Numbers: ");
      body.element("a", "Table " + number, "href", "#table-" + source.id()).text(".");
    }
    body.close("figcaption").line();
    body.element("div", "", "class", "key");
    body.open("div", "class", shape);
    for (Panel panel : panels) {
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
}
