package org.onset.corpus.source;

import java.io.Serializable;

/**
 * A part of a file that is read in one go: bytes of plain lines, row groups of Parquet, or all of a
 * packed file.
 *
 * @param source the name of the declared source
 * @param file its URI
 * @param bytes the file's length
 * @param modifiedMillis when the file was last changed
 * @param start first byte, or first row group
 * @param end the byte, or row group, behind the last
 */
public record FileSplit(
    String source,
    String file,
    Format format,
    long bytes,
    long modifiedMillis,
    long start,
    long end)
    implements Serializable {
  /** The file as a user would write it. */
  public String shownFile() {
    return file.replaceFirst("^file:(//)?(?=/)", "");
  }

  /** The last part of its path. */
  public String fileName() {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /** Whether lines before it are in other splits of its file. */
  boolean beginsInside() {
    return start > 0;
  }
}
