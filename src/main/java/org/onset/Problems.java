package org.onset;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a user's input, so that everything is said at once. */
public final class Problems {
  /** One problem: {@code field} is a dotted path from the top of the document. */
  public record Problem(String field, String message) {}

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final String prefix;
  private final List<Problem> found;

  public Problems() {
    this("", new ArrayList<>());
  }

  private Problems(String prefix, List<Problem> found) {
    this.prefix = prefix;
    this.found = found;
  }

  /** The same collection, for the fields of the component {@code field}. */
  public Problems in(String field) {
    return new Problems(path(field), found);
  }

  public void add(String field, String message) {
    found.add(new Problem(path(field), message));
  }

  @FormatMethod
  public void require(
      boolean holds, String field, @FormatString String format, @Nullable Object... arguments) {
    if (!holds) {
      add(field, String.format(Locale.ROOT, format, arguments));
    }
  }

  public void positive(String field, long value) {
    require(value > 0, field, "must be above 0, was %d", value);
  }

  public void positive(String field, double value) {
    require(value > 0, field, "must be above 0, was %s", value);
  }

  /** Requires {@code low <= value <= high}. */
  public void within(String field, double value, double low, double high) {
    require(
        value >= low && value <= high,
        field,
        "must lie within %s and %s, was %s",
        low,
        high,
        value);
  }

  /** Requires {@code low <= value <= high}, of whole numbers. */
  public void within(String field, long value, long low, long high) {
    require(
        value >= low && value <= high,
        field,
        "must lie within %d and %d, was %d",
        low,
        high,
        value);
  }

  /** Requires what may name a folder on any system: of a stream, an arm, a task. */
  public void name(String field, String name) {
    name(field, name, "it names a folder");
  }

  /**
   * Requires a name of a folder's form for another reason.
   *
   * @param why ends a sentence: {@code it names a folder}
   */
  public void name(String field, String name, String why) {
    require(
        NAME.matcher(name).matches(),
        field,
        "must be made of letters, digits, dots, dashes and underscores, and begin with a letter or"
            + " digit, since %s; was '%s'",
        why,
        name);
  }

  public List<Problem> found() {
    return List.copyOf(found);
  }

  private String path(String field) {
    String separator = prefix.isEmpty() || field.isEmpty() || field.startsWith("[") ? "" : ".";
    return prefix + separator + field;
  }
}
