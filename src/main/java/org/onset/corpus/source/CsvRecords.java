package org.onset.corpus.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Records of comma-separated values (RFC 4180), one after another. A field that begins with a quote
 * ends at the next one that isn't doubled, and may hold commas and line breaks; a quote further in
 * is a character like others. A record ends at LF, CRLF or the end of the stream outside quotes.
 * One that is longer than the limit still ends there, and only its beginning is held.
 */
final class CsvRecords {
  static final int MOST_FIELDS = 1 << 14;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private enum State {
    /** A field begins. */
    START,
    PLAIN,
    QUOTED,
    /** Behind a quote inside quotes, which closes them or is the first of two. */
    QUOTE,
    /** Behind a closing quote and a carriage return. */
    RETURN,
    /** In text behind a closing quote. */
    BEHIND
  }

  private final InputStream in;
  private final int longest;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int filled;
  private byte last;
  private long lines;

  private byte[] record = new byte[1 << 12];
  private int length;
  private boolean tooLong;
  private State state = State.START;
  private final int[] fieldEnds = new int[MOST_FIELDS];
  private int fieldCount;
  private long firstLine;
  private OptionalLong lineBehindQuote = OptionalLong.empty();

  CsvRecords(InputStream in, int longest) throws IOException {
    this.in = in;
    this.longest = longest;
    filled = in.readNBytes(buffer, 0, buffer.length);
    int mark = BYTE_ORDER_MARK.length;
    at = filled >= mark && Arrays.equals(buffer, 0, mark, BYTE_ORDER_MARK, 0, mark) ? mark : 0;
  }

  /** Goes to the next record; false when there is none. */
  boolean next() throws IOException {
    length = 0;
    tooLong = false;
    state = State.START;
    fieldCount = 0;
    firstLine = lines;
    lineBehindQuote = OptionalLong.empty();
    boolean any = false;
    while (true) {
      if (at == filled && !fill()) {
        if (any) {
          lines += last == '\n' ? 0 : 1;
          endRecord();
        }
        return any;
      }
      any = true;
      int from = at;
      boolean ended = scan();
      append(from, ended ? at - 1 : at);
      if (ended) {
        endRecord();
        return true;
      }
    }
  }

  private boolean fill() throws IOException {
    filled = Math.max(0, in.read(buffer));
    at = 0;
    return filled > 0;
  }

  /** Goes on in the buffer, behind the LF that ends the record (true) or to the buffer's end. */
  private boolean scan() {
    int before = length - at; // a place in the buffer and this: the place in the record
    while (at < filled) {
      byte next = buffer[at++];
      last = next;
      if (next == '\n') {
        lines++;
        if (state != State.QUOTED) {
          return true;
        }
      } else if (next == ',' && state != State.QUOTED) {
        if (state == State.RETURN) {
          textBehindQuote();
        }
        endField(before + at - 1);
        state = State.START;
      } else {
        state = behind(next);
        if (state == State.BEHIND) {
          textBehindQuote();
        }
      }
    }
    return false;
  }

  /** The state behind a byte that ends neither field nor record. */
  private State behind(byte next) {
    return switch (state) {
      case START -> next == '"' ? State.QUOTED : State.PLAIN;
      case PLAIN -> State.PLAIN;
      case QUOTED -> next == '"' ? State.QUOTE : State.QUOTED;
      case QUOTE ->
          switch (next) {
            case '"' -> State.QUOTED;
            case '\r' -> State.RETURN;
            default -> State.BEHIND;
          };
      case RETURN, BEHIND -> State.BEHIND;
    };
  }

  private void textBehindQuote() {
    if (lineBehindQuote.isEmpty()) {
      lineBehindQuote = OptionalLong.of(lines);
    }
  }

  private void endField(int end) {
    if (fieldCount < MOST_FIELDS) {
      fieldEnds[fieldCount] = end;
    }
    fieldCount++;
  }

  private void append(int from, int to) {
    int more = Math.min(to - from, longest - length);
    tooLong |= more < to - from;
    if (length + more > record.length) {
      record =
          Arrays.copyOf(
              record, Math.max(length + more, (int) Math.min(2L * record.length, longest)));
    }
    System.arraycopy(buffer, from, record, length, more);
    length += more;
  }

  private void endRecord() {
    boolean plain = state == State.PLAIN || state == State.RETURN;
    if (plain && !tooLong && record[length - 1] == '\r') {
      length--;
    }
    endField(length);
  }

  /** The line on which the record begins, from 0. */
  long line() {
    return firstLine;
  }

  /** How many lines have been read. */
  long lines() {
    return lines;
  }

  boolean isBlank() {
    if (tooLong || state == State.QUOTED) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (record[i] != ' ' && record[i] != '\t' && record[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  /** Whether the stream ended inside quotes. */
  boolean isOpen() {
    return state == State.QUOTED;
  }

  /** Why its fields can't be told, if so. */
  Optional<String> damage() {
    if (isOpen()) {
      return Optional.of("has a quote that never closes");
    }
    if (tooLong) {
      return Optional.of(SplitReader.tooLong(longest));
    }
    return lineBehindQuote.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "has text behind a closing quote, in line %d; quotes within quotes are doubled"
                .formatted(lineBehindQuote.getAsLong() + 1));
  }

  int fieldCount() {
    return fieldCount;
  }

  /** The value of a field, of the first {@link #MOST_FIELDS} of a record without damage. */
  String value(int field) throws CharacterCodingException {
    int start = field == 0 ? 0 : fieldEnds[field - 1] + 1;
    int end = fieldEnds[field];
    boolean quoted = start < end && record[start] == '"';
    ByteBuffer bytes =
        quoted
            ? ByteBuffer.wrap(record, start + 1, end - start - 2)
            : ByteBuffer.wrap(record, start, end - start);
    String value = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    return quoted ? value.replace("\"\"", "\"") : value;
  }

  String excerpt() {
    return Columns.excerpt(new String(record, 0, Math.min(length, 1_000), StandardCharsets.UTF_8));
  }
}
