package org.onset.corpus;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.onset.Checked;
import org.onset.Problems;

/**
 * A file of the user, and which of its columns say what. The path is resolved already. In JSON a
 * column is a field; {@code instances.0.output} names a nested one.
 */
public sealed interface Source extends Checked
    permits RequestSource, DialogueSource, LabelledSource {

  Path path();

  /** The columns that every row must have. */
  Set<String> columns();

  /** The columns that a row may lack, but not every row. */
  default Set<String> optionalColumns() {
    return Set.of();
  }

  /** Which rows are taken; all of them when absent. */
  Optional<RowFilter> where();

  /** At most so many are taken, chosen by a hash of the id; all of them when absent. */
  OptionalInt max();

  @Override
  default void check(Problems problems) {
    for (String column : columns()) {
      problems.require(!column.isBlank(), "", "names a column by nothing; write its name");
    }
    if (max().isPresent()) {
      problems.positive("max", max().getAsInt());
    }
  }
}
