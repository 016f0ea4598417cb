package org.onset.corpus.source;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * A part of a file that is read in one go: bytes of plain lines, row groups of Parquet, or all of a
 * file that is packed or CSV.
 *
 * @param source the name of the declared source
 * @param file its URI
 * @param name the file's path below what was declared: a folder, or the fixed part of a glob
 * @param bytes the file's length
 * @param modifiedMillis when the file was last changed
 * @param start first byte, or first row group
 * @param end the byte, or row group, behind the last
 */
public record FileSplit(
    String source,
    String file,
    String name,
    Format format,
    long bytes,
    long modifiedMillis,
    long start,
    long end)
    implements Serializable {
  /** What stands before a local file's path: not within a name, and not before another host's. */
  private static final Pattern LOCAL = Pattern.compile("(?<![A-Za-z0-9+.:/-])file:(//)?(?=/)");

  /** The file as a user would write it. */
  public String shownFile() {
    return shown(file);
  }

  /** What Hadoop says of files, each of this machine as a user would write it. */
  static String shown(String text) {
    return LOCAL.matcher(text).replaceAll("");
  }

  /** Whether lines before it are in other splits of its file. */
  boolean beginsInside() {
    return start > 0;
  }
}
