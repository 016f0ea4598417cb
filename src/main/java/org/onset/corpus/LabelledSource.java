package org.onset.corpus;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.onset.Problems;

/**
 * Texts that people have labelled, from which the safety scorer learns.
 *
 * @param scores label → score; a label that isn't named means 0, a named one must occur
 * @param idColumn absent: the file's name and the row's number
 */
public record LabelledSource(
    Path path,
    String textColumn,
    String labelColumn,
    Map<String, Integer> scores,
    Optional<String> idColumn,
    Optional<RowFilter> where,
    OptionalInt max)
    implements Source {

  public LabelledSource {
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
  }

  public static LabelledSource of(
      Path path, String textColumn, String labelColumn, Map<String, Integer> scores) {
    return new LabelledSource(
        path,
        textColumn,
        labelColumn,
        scores,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  @Override
  public Set<String> columns() {
    Set<String> columns = new LinkedHashSet<>(List.of(textColumn, labelColumn));
    idColumn.ifPresent(columns::add);
    where.ifPresent(filter -> columns.add(filter.column()));
    return columns;
  }

  @Override
  public void check(Problems problems) {
    Source.super.check(problems);
    problems.require(
        scores.values().stream().anyMatch(score -> score > 0),
        "scores",
        "must give some label a score above 0, as in {unsafe: 3}");
    scores.forEach(
        (label, score) ->
            problems.require(
                score >= 0 && score <= Document.MAX_SCORE,
                "scores." + label,
                "must lie within 0 and %d, was %d",
                Document.MAX_SCORE,
                score));
  }
}
