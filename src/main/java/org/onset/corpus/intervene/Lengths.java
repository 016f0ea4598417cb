package org.onset.corpus.intervene;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;

/**
 * How long a new text may be, both ends included; what isn't given sets no limit. Characters are
 * Unicode code points.
 *
 * @param minOfSource as a multiple of the document's length, or of the passage's that a reflection
 *     is about
 */
public record Lengths(
    @Nullable Double minOfSource,
    @Nullable Double maxOfSource,
    @Nullable Integer minCharacters,
    @Nullable Integer maxCharacters)
    implements Checked, Serializable {

  @Override
  public void check(Problems problems) {
    check(problems, "OfSource", minOfSource, maxOfSource);
    check(problems, "Characters", minCharacters, maxCharacters);
  }

  private static void check(
      Problems problems, String unit, @Nullable Number min, @Nullable Number max) {
    if (min != null) {
      problems.require(min.doubleValue() >= 0, "min" + unit, "must not be negative, was %s", min);
    }
    if (max != null) {
      problems.positive("max" + unit, max.doubleValue());
    }
    if (min != null && max != null) {
      problems.require(
          max.doubleValue() >= min.doubleValue(),
          "max" + unit,
          "must be at least min%s (%s), was %s",
          unit,
          min,
          max);
    }
  }

  boolean tooShort(int characters, int ofSource) {
    return (minOfSource != null && characters < minOfSource * ofSource)
        || (minCharacters != null && characters < minCharacters);
  }

  boolean tooLong(int characters, int ofSource) {
    return (maxOfSource != null && characters > maxOfSource * ofSource)
        || (maxCharacters != null && characters > maxCharacters);
  }
}
