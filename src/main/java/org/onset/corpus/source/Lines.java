package org.onset.corpus.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of bytes, one after another, each up to its LF or the end of the stream. A line longer than
 * the limit is read over, without being held.
 */
final class Lines {
  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int filled;
  private byte[] line = new byte[1 << 12];
  private int length;
  private boolean tooLong;
  private long read;

  Lines(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
  }

  /** Goes to the next line; false when there is none. */
  boolean next() throws IOException {
    length = 0;
    tooLong = false;
    boolean any = false;
    while (true) {
      if (at == filled) {
        filled = in.read(buffer);
        at = 0;
        if (filled <= 0) {
          filled = 0;
          return any;
        }
      }
      any = true;
      int end = at;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      append(at, end);
      boolean ended = end < filled;
      read += end - at + (ended ? 1 : 0);
      at = ended ? end + 1 : end;
      if (ended) {
        return true;
      }
    }
  }

  private void append(int from, int to) {
    int more = to - from;
    if (tooLong || length + more > longest) {
      tooLong = true;
      length = Math.min(length, longest);
      return;
    }
    if (length + more > line.length) {
      line =
          Arrays.copyOf(line, Math.max(length + more, (int) Math.min(2L * line.length, longest)));
    }
    System.arraycopy(buffer, from, line, length, more);
    length += more;
  }

  /** Holds the line up to {@link #length}, until the next one is asked for. */
  byte[] bytes() {
    return line;
  }

  /** Without the LF. */
  int length() {
    return length;
  }

  boolean isTooLong() {
    return tooLong;
  }

  /** Bytes taken from the stream so far, LFs included. */
  long read() {
    return read;
  }

  boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return !tooLong;
  }
}
