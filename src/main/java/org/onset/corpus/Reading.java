package org.onset.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One reading of a set of sources: the ids met so far, and all that was found wrong. An item that
 * can't be made of a row is a complaint, and reading goes on.
 */
final class Reading {
  private static final int VALUES_SHOWN = 8;
  private static final int VALUES_KEPT = 1_000;

  final Complaints complaints = new Complaints();
  private final Map<String, String> placeOfId = new HashMap<>();

  /** A row and where it stands: the rows of a file count from 1. */
  record At(Path file, long number, Row row) {
    /** What the column holds; nothing when the row lacks it. */
    String value(String column) {
      return row.values().getOrDefault(column, "");
    }
  }

  /** What the rows of a file had in common, or lacked. */
  private static final class Seen {
    long rows;
    long taken;
    final Set<String> columns = new LinkedHashSet<>();
    final Set<String> filtered = new TreeSet<>();
    final Map<String, Row> firstWithout = new LinkedHashMap<>();
    final Map<String, Long> without = new HashMap<>();
  }

  /** The items that {@code make} makes of the source's rows. */
  <T> List<T> items(Source source, Function<T, String> id, Function<At, Optional<T>> make) {
    Selection<T> selection = new Selection<>(source.max());
    Path file = source.path();
    int before = complaints.count();
    Seen seen = new Seen();
    Records.read(
        file,
        source.columns(),
        complaints,
        row -> {
          seen.rows++;
          if (isWanted(source, row, seen)) {
            At at = new At(file, seen.rows, row);
            make.apply(at)
                .filter(item -> isNew(id.apply(item), at))
                .ifPresent(item -> selection.add(id.apply(item), item));
          }
          return true;
        });
    complainOf(source, seen, complaints.count() == before);
    return selection.items();
  }

  /** A text that must not be blank. */
  Optional<String> text(At at, String column) {
    String value = at.value(column);
    if (value.isBlank()) {
      complaints.add(at.file(), at.row().line(), "`" + column + "` is empty");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  /** A prefix and the value of the id column, or else the file's name and the row's number. */
  Optional<String> id(At at, String prefix, Optional<String> column) {
    if (column.isPresent()) {
      return text(at, column.get()).map(value -> prefix + "/" + value);
    }
    String stem = Records.stem(at.file());
    return Optional.of((prefix.equals(stem) ? stem : prefix + "/" + stem) + "/" + at.number());
  }

  static String lacks(String column, Row row) {
    return "has no column `" + column + "`; there are " + shown(row.values().keySet());
  }

  static String shown(Collection<String> values) {
    List<String> first =
        new ArrayList<>(values.stream().limit(VALUES_SHOWN).map(v -> "`" + v + "`").toList());
    if (values.size() > first.size()) {
      first.add((values.size() - first.size()) + " more");
    }
    return String.join(", ", first);
  }

  private static boolean isWanted(Source source, Row row, Seen seen) {
    if (seen.columns.size() < VALUES_KEPT) {
      seen.columns.addAll(row.values().keySet());
    }
    if (source.where().isPresent()) {
      RowFilter filter = source.where().get();
      String value = row.values().get(filter.column());
      if (value != null && !value.equals(filter.value())) {
        if (seen.filtered.size() < VALUES_KEPT) {
          seen.filtered.add(value);
        }
        return false;
      }
    }
    boolean complete = true;
    for (String column : source.columns()) {
      if (!row.values().containsKey(column)) {
        seen.firstWithout.putIfAbsent(column, row);
        seen.without.merge(column, 1L, Long::sum);
        complete = false;
      }
    }
    seen.taken++;
    return complete;
  }

  private boolean isNew(String id, At at) {
    String place = at.file() + ":" + at.row().line();
    String first = placeOfId.putIfAbsent(id, place);
    if (first != null) {
      complaints.add(
          at.file(), at.row().line(), "the id `" + id + "` is there already, at " + first);
    }
    return first == null;
  }

  private void complainOf(Source source, Seen seen, boolean fineSoFar) {
    Path file = source.path();
    if (seen.rows == 0) {
      if (fineSoFar) {
        complaints.add(file, "holds nothing");
      }
      return;
    }
    seen.firstWithout.forEach(
        (column, row) -> {
          long rows = seen.without.getOrDefault(column, 1L);
          complaints.add(
              file,
              row.line(),
              lacks(column, row) + (rows > 1 ? "; rows that lack it: " + rows : ""));
        });
    Set<String> anywhere = new LinkedHashSet<>(source.columns());
    anywhere.addAll(source.optionalColumns());
    for (String column : anywhere) {
      if (!seen.columns.contains(column) && !seen.firstWithout.containsKey(column)) {
        complaints.add(
            file, "no row has a column `%s`; there are %s".formatted(column, shown(seen.columns)));
      }
    }
    if (seen.taken == 0 && source.where().isPresent()) {
      RowFilter filter = source.where().get();
      complaints.add(
          file,
          "no row has `%s` in the column `%s`; it holds %s"
              .formatted(filter.value(), filter.column(), shown(seen.filtered)));
    }
  }
}
