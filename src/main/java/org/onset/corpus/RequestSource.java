package org.onset.corpus;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.onset.Problems;

/**
 * Requests of an evaluation.
 *
 * @param suite what the set is called in the results
 * @param harmful whether a good model declines them
 * @param promptColumn {@code text} in plain text, lists of strings, and lists by topic
 * @param idColumn absent: the file's name and the row's number
 * @param completionColumn the text a base model continues; absent: the prompt as a dialogue begun
 */
public record RequestSource(
    Path path,
    String suite,
    boolean harmful,
    String promptColumn,
    Optional<String> idColumn,
    Optional<String> categoryColumn,
    Optional<String> completionColumn,
    Optional<RowFilter> where,
    OptionalInt max)
    implements Source {

  public static RequestSource of(Path path, String suite, boolean harmful, String promptColumn) {
    return new RequestSource(
        path,
        suite,
        harmful,
        promptColumn,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  @Override
  public Set<String> columns() {
    Set<String> columns = new LinkedHashSet<>(List.of(promptColumn));
    idColumn.ifPresent(columns::add);
    categoryColumn.ifPresent(columns::add);
    completionColumn.ifPresent(columns::add);
    where.ifPresent(filter -> columns.add(filter.column()));
    return columns;
  }

  @Override
  public void check(Problems problems) {
    Source.super.check(problems);
    problems.require(!suite.isBlank(), "suite", "must have a name");
  }
}
