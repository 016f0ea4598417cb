package org.onset.hub;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.onset.BadInput;

/**
 * What stands before the tensors of a GGUF file: "GGUF", the version (uint32), the numbers of
 * tensors and of metadata entries (uint64); the entries (name, type, value); for each tensor its
 * name, dimensions (the fastest first), format, and offset from the end of the header, which is
 * filled up to a multiple of {@code general.alignment}. A text is its length (uint64) and UTF-8.
 */
final class GgufHeader {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final long DEFAULT_ALIGNMENT = 32;
  private static final int MOST_DIMENSIONS = 4;

  private static final int TEXT = 8;
  private static final int ARRAY = 9;

  /** The bytes of a value of each type; of a text or an array, what it takes at least. */
  private static final int[] BYTES_OF_TYPE = {1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8};

  private final Path file;
  private final MemorySegment bytes;
  private final SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
  private final SequencedMap<String, GgufFile.Entry> entries = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private long at;

  private GgufHeader(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  static GgufHeader parse(Path file, MemorySegment bytes) {
    GgufHeader header = new GgufHeader(file, bytes);
    header.parse();
    if (!header.problems.isEmpty()) {
      throw new BadInput(header.problems);
    }
    return header;
  }

  SequencedMap<String, GgufValue> metadata() {
    return metadata;
  }

  SequencedMap<String, GgufFile.Entry> entries() {
    return entries;
  }

  private void parse() {
    if (bytes.byteSize() < 24 || bytes.get(INT, 0) != MAGIC) {
      throw new BadInput(file + ": begins otherwise than a GGUF file");
    }
    int version = bytes.get(INT, 4);
    if (version != 2 && version != 3) {
      throw damaged(
          4,
          Integer.reverseBytes(version) == 3
              ? "the numbers are big-endian; only little-endian files are read"
              : "has the version %d; only 2 and 3 are read"
                  .formatted(Integer.toUnsignedLong(version)));
    }
    long tensorCount = bytes.get(LONG, 8);
    long entryCount = bytes.get(LONG, 16);
    at = 24;
    requireRoom(entryCount, 13, "metadata entries");
    for (long i = 0; i < entryCount; i++) {
      long start = at;
      String key = text();
      if (metadata.put(key, value(readInt())) != null) {
        throw damaged(start, key + " stands there twice");
      }
    }
    readTensors(tensorCount);
  }

  private GgufValue value(int type) {
    return switch (type) {
      case 0 -> new GgufValue.Whole(bytes.get(ValueLayout.JAVA_BYTE, take(1)) & 0xff);
      case 1 -> new GgufValue.Whole(bytes.get(ValueLayout.JAVA_BYTE, take(1)));
      case 2 -> new GgufValue.Whole(readShort() & 0xffff);
      case 3 -> new GgufValue.Whole(readShort());
      case 4 -> new GgufValue.Whole(Integer.toUnsignedLong(readInt()));
      case 5 -> new GgufValue.Whole(readInt());
      // The shortest decimal is what was meant: 1e-5, not 9.999999747378752e-6.
      case 6 ->
          new GgufValue.Real(Double.parseDouble(Float.toString(Float.intBitsToFloat(readInt()))));
      case 7 -> new GgufValue.Flag(bytes.get(ValueLayout.JAVA_BYTE, take(1)) != 0);
      case TEXT -> new GgufValue.Text(text());
      case ARRAY -> array();
      case 10, 11 -> new GgufValue.Whole(readLong());
      case 12 -> new GgufValue.Real(Double.longBitsToDouble(readLong()));
      default -> throw damaged(at - 4, "a value has the unknown type " + type);
    };
  }

  private GgufValue array() {
    int type = readInt();
    if (type == ARRAY || type < 0 || type >= BYTES_OF_TYPE.length) {
      throw damaged(at - 4, "an array has elements of the type " + type);
    }
    long count = readLong();
    requireRoom(count, BYTES_OF_TYPE[type], "elements of an array");
    List<GgufValue> values = new ArrayList<>(Math.toIntExact(count));
    for (long i = 0; i < count; i++) {
      values.add(value(type));
    }
    return new GgufValue.Many(values);
  }

  private void readTensors(long tensorCount) {
    requireRoom(tensorCount, 24, "tensors");
    SequencedMap<String, GgufFile.Entry> relative = new LinkedHashMap<>();
    for (long i = 0; i < tensorCount; i++) {
      long start = at;
      String name = text();
      List<Long> shape = shape(name);
      int number = readInt();
      long offset = readLong();
      Optional<BlockFormat> format = BlockFormat.of(number);
      if (format.isEmpty()) {
        refuse(name, "holds %s, which isn't read".formatted(BlockFormat.nameOf(number)));
      } else if (relative.put(name, entry(name, format.get(), shape, offset)) != null) {
        throw damaged(start, name + " stands there twice");
      }
    }
    long alignment =
        metadata.get("general.alignment") instanceof GgufValue.Whole(long given)
            ? given
            : DEFAULT_ALIGNMENT;
    if (alignment <= 0 || alignment > 1 << 20) {
      throw damaged(24, "general.alignment is " + alignment);
    }
    place(relative, Math.ceilDiv(at, alignment) * alignment, alignment);
  }

  private List<Long> shape(String name) {
    int dimensions = readInt();
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw damaged(at - 4, "%s has %d dimensions".formatted(name, dimensions));
    }
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      shape.addFirst(readLong());
    }
    return List.copyOf(shape);
  }

  private GgufFile.Entry entry(String name, BlockFormat format, List<Long> shape, long offset) {
    long columns = shape.getLast();
    long blocks = 0;
    try {
      long count = 1;
      for (long size : shape) {
        if (size <= 0) {
          throw new ArithmeticException();
        }
        count = Math.multiplyExact(count, size);
      }
      blocks = count / format.length;
      Math.multiplyExact(blocks, format.bytes);
    } catch (ArithmeticException _) {
      refuse(name, "has a size that no tensor has");
    }
    if (columns % format.length != 0) {
      refuse(
          name,
          "has rows of %d, but %s comes in blocks of %d".formatted(columns, format, format.length));
    }
    return new GgufFile.Entry(format, shape, offset, blocks * format.bytes);
  }

  /** Each tensor within the file, at a multiple of the alignment, and none over another. */
  private void place(
      SequencedMap<String, GgufFile.Entry> relative, long dataStart, long alignment) {
    if (!problems.isEmpty()) {
      return;
    }
    long dataBytes = bytes.byteSize() - dataStart;
    List<Map.Entry<String, GgufFile.Entry>> inOrder = new ArrayList<>(relative.entrySet());
    inOrder.sort(Comparator.comparingLong(tensor -> tensor.getValue().offset()));
    long end = 0;
    for (Map.Entry<String, GgufFile.Entry> tensor : inOrder) {
      GgufFile.Entry entry = tensor.getValue();
      if (entry.offset() < 0
          || entry.bytes() > dataBytes
          || entry.offset() > dataBytes - entry.bytes()) {
        refuse(
            tensor.getKey(),
            "takes %d bytes from %s on, but the data has %d: the file is cut short"
                .formatted(
                    entry.bytes(), Long.toUnsignedString(entry.offset()), Math.max(0, dataBytes)));
        continue;
      }
      if (entry.offset() < end) {
        refuse(
            tensor.getKey(),
            "begins at %d, but what comes before it ends at %d".formatted(entry.offset(), end));
      }
      if (entry.offset() % alignment != 0) {
        refuse(
            tensor.getKey(),
            "begins at %d, no multiple of %d".formatted(entry.offset(), alignment));
      }
      end = entry.offset() + entry.bytes();
    }
    relative.forEach(
        (name, entry) ->
            entries.put(
                name,
                new GgufFile.Entry(
                    entry.format(), entry.shape(), dataStart + entry.offset(), entry.bytes())));
  }

  private String text() {
    long length = readLong();
    requireRoom(length, 1, "bytes of text");
    long start = take(length);
    return new String(
        bytes.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private short readShort() {
    return bytes.get(SHORT, take(2));
  }

  private int readInt() {
    return bytes.get(INT, take(4));
  }

  private long readLong() {
    return bytes.get(LONG, take(8));
  }

  /** Moves on by {@code count} bytes; returns where they begin. */
  private long take(long count) {
    if (count > bytes.byteSize() - at) {
      throw damaged(at, "the file is cut short");
    }
    long start = at;
    at += count;
    return start;
  }

  private void requireRoom(long count, int bytesEach, String what) {
    if (count < 0 || count > (bytes.byteSize() - at) / bytesEach || count > Integer.MAX_VALUE) {
      throw damaged(
          at,
          "%s %s are said to follow, more than the file has room for"
              .formatted(Long.toUnsignedString(count), what));
    }
  }

  private void refuse(String tensor, String problem) {
    problems.add("%s: %s: %s".formatted(file, tensor, problem));
  }

  private BadInput damaged(long offset, String problem) {
    return new BadInput("%s: byte %d: %s".formatted(file, offset, problem));
  }
}
