package org.onset.corpus;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.onset.Problems;

/**
 * Instruction and finetuning data: question and answer, or instruction, input and output.
 *
 * @param kind what the dialogues teach
 * @param inputColumn what belongs to the user's words, a blank line apart; a row may lack it
 * @param idColumn absent: the file's name and the row's number
 */
public record DialogueSource(
    Path path,
    String kind,
    String userColumn,
    Optional<String> inputColumn,
    String assistantColumn,
    Optional<String> idColumn,
    Optional<RowFilter> where,
    OptionalInt max)
    implements Source {

  public static DialogueSource of(
      Path path, String kind, String userColumn, String assistantColumn) {
    return new DialogueSource(
        path,
        kind,
        userColumn,
        Optional.empty(),
        assistantColumn,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  @Override
  public Set<String> columns() {
    Set<String> columns = new LinkedHashSet<>(List.of(userColumn, assistantColumn));
    idColumn.ifPresent(columns::add);
    where.ifPresent(filter -> columns.add(filter.column()));
    return columns;
  }

  @Override
  public Set<String> optionalColumns() {
    return inputColumn.map(Set::of).orElse(Set.of());
  }

  @Override
  public void check(Problems problems) {
    Source.super.check(problems);
    problems.require(!kind.isBlank(), "kind", "must have a name");
    problems.require(
        !userColumn.equals(assistantColumn),
        "assistantColumn",
        "must not be the user's column, `%s`",
        userColumn);
  }
}
