package org.onset.report;

import java.util.ArrayList;
import java.util.List;

/** A page's sections with their headings, from which its contents are made. */
final class Sections {
  private record Heading(String id, String title) {}

  private final Html body;
  private final List<Heading> headings = new ArrayList<>();

  Sections(Html body) {
    this.body = body;
  }

  /** Opens a section under a heading of the second order; the caller closes it. */
  void open(String id, String title) {
    headings.add(new Heading(id, title));
    body.open("section", "id", id).element("h2", title).line();
  }

  /** Links to all sections, and what to know where no script runs. */
  void contents(Html html) {
    html.open("nav", "aria-label", "Contents").open("ul");
    for (Heading heading : headings) {
      html.open("li").element("a", heading.title(), "href", "#" + heading.id()).close("li");
    }
    html.close("ul").close("nav").line();
    html.open("noscript")
        .element("p", "The plots need JavaScript. Every number stands in a table.");
    html.close("noscript").line();
  }
}
