package org.onset.corpus.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.onset.corpus.Document;
import org.onset.corpus.RowFilter;

/** Makes a record of the values found in a source's columns. */
final class Columns {
  private static final int EXCERPT_CHARACTERS = 120;
  private final TextSource source;
  private final List<String> names;

  Columns(TextSource source) {
    this.source = source;
    Set<String> wanted = new LinkedHashSet<>(List.of(source.textColumn(), source.idColumn()));
    if (source.scoreColumn() != null) {
      wanted.add(source.scoreColumn());
    }
    if (source.where() != null) {
      wanted.add(source.where().column());
    }
    this.names = new ArrayList<>(wanted);
  }

  /** The columns to be read. */
  List<String> names() {
    return names;
  }

  /** Whether a table may be without it: only ids can be made. */
  boolean mayLack(String name) {
    RowFilter where = source.where();
    return !name.equals(source.textColumn())
        && !name.equals(source.scoreColumn())
        && (where == null || !name.equals(where.column()));
  }

  /** Where each column's value goes; all absent. */
  @Nullable String[] emptyValues() {
    return new @Nullable String[names.size()];
  }

  SourceRecord record(long line, @Nullable String[] values) {
    RowFilter where = source.where();
    if (where != null && !where.value().equals(valueOf(where.column(), values))) {
      return new SourceRecord.NotWanted(line);
    }
    String text = valueOf(source.textColumn(), values);
    if (text == null) {
      return new SourceRecord.Damaged(
          line, "has no `" + source.textColumn() + "`", excerpt(Arrays.toString(values)));
    }
    String id = valueOf(source.idColumn(), values);
    if (!isUnicode(text) || (id != null && !isUnicode(id))) {
      return new SourceRecord.Damaged(
          line, "holds half a surrogate pair, which is no character", excerpt(text));
    }
    if (text.isBlank()) {
      return new SourceRecord.Damaged(line, "`" + source.textColumn() + "` is empty", "");
    }
    OptionalInt score = OptionalInt.empty();
    if (source.scoreColumn() != null) {
      String given = valueOf(source.scoreColumn(), values);
      score = scoreOf(given);
      if (score.isEmpty()) {
        return new SourceRecord.Damaged(
            line,
            "`%s` must be a whole number from 0 to %d, was %s"
                .formatted(source.scoreColumn(), Document.MAX_SCORE, given),
            excerpt(text));
      }
    }
    return new SourceRecord.Text(line, id == null ? "" : id, text, score);
  }

  private @Nullable String valueOf(String column, @Nullable String[] values) {
    return values[names.indexOf(column)];
  }

  private static OptionalInt scoreOf(@Nullable String given) {
    if (given != null && given.length() == 1) {
      int score = given.charAt(0) - '0';
      if (score >= 0 && score <= Document.MAX_SCORE) {
        return OptionalInt.of(score);
      }
    }
    return OptionalInt.empty();
  }

  private static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (Character.isSurrogate(character)) {
        if (Character.isLowSurrogate(character)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** How a text begins; what is no character in it, or cut in two, becomes a question mark. */
  static String excerpt(String text) {
    String beginning =
        text.length() <= EXCERPT_CHARACTERS ? text : text.substring(0, EXCERPT_CHARACTERS) + "…";
    return new String(beginning.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
