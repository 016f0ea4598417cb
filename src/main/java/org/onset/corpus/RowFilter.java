package org.onset.corpus;

import java.io.Serializable;
import org.onset.Checked;
import org.onset.Problems;

/** Takes only the rows that have exactly this value in this column. */
public record RowFilter(String column, String value) implements Checked, Serializable {

  @Override
  public void check(Problems problems) {
    problems.require(!column.isBlank(), "column", "must name a column");
  }
}
