package org.onset.corpus;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.onset.Problems;

/**
 * Documents of pretraining text.
 *
 * @param name what the documents' source is called; absent: what the source column says, or else
 *     the file's name
 * @param scoreColumn where a score from 0 to 5 is known already
 */
public record DocumentSource(
    List<Path> paths,
    String idColumn,
    String textColumn,
    Optional<String> sourceColumn,
    Optional<String> name,
    Optional<String> scoreColumn,
    Optional<RowFilter> where,
    OptionalInt max)
    implements Source {

  public DocumentSource {
    paths = List.copyOf(paths);
  }

  /** All documents of files with the columns {@code id}, {@code text} and {@code source}. */
  public static DocumentSource of(List<Path> paths) {
    return new DocumentSource(
        paths,
        "id",
        "text",
        Optional.of("source"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  @Override
  public List<Path> files() {
    return paths;
  }

  @Override
  public Set<String> columns() {
    Set<String> columns = new LinkedHashSet<>(List.of(idColumn, textColumn));
    sourceColumn.ifPresent(columns::add);
    scoreColumn.ifPresent(columns::add);
    where.ifPresent(filter -> columns.add(filter.column()));
    return columns;
  }

  @Override
  public void check(Problems problems) {
    Source.super.check(problems);
    problems.require(!paths.isEmpty(), "paths", "must name a file");
  }
}
