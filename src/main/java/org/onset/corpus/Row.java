package org.onset.corpus;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One record of a file: its values by column, and the line on which it begins (from 1). A value
 * that is null in the file is an empty text here; a column that isn't there isn't here either.
 */
record Row(long line, Map<String, String> values) {
  /** The one column of plain texts and of lists of strings. */
  static final String TEXT = "text";

  Row {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
