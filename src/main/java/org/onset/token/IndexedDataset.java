package org.onset.token;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.onset.BadInput;

/**
 * One Megatron-LM indexed dataset, format MMIDIDX version 1 (laid out in the package's
 * documentation): rows of whole numbers in a {@code .bin}, and where each lies in an {@code .idx}.
 * Every sequence is a document here; other datasets are read with whatever documents they have.
 */
final class IndexedDataset implements AutoCloseable {
  private static final byte[] MAGIC = {'M', 'M', 'I', 'D', 'I', 'D', 'X', 0, 0};
  private static final long VERSION = 1;
  private static final int VERSION_AT = MAGIC.length;
  private static final int TYPE_AT = VERSION_AT + Long.BYTES;
  private static final int SEQUENCE_COUNT_AT = TYPE_AT + 1;
  private static final int DOCUMENT_COUNT_AT = SEQUENCE_COUNT_AT + Long.BYTES;
  private static final int HEADER_BYTES = DOCUMENT_COUNT_AT + Long.BYTES;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** The element types read and written here, with the format's own codes. */
  enum ElementType {
    UINT8(1, 1),
    INT32(4, 4),
    UINT16(8, 2);

    private final int code;
    private final int bytes;

    ElementType(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }
  }

  private final Path idx;
  private final Path bin;
  private final Arena arena;
  private final MemorySegment index;
  private final MemorySegment data;
  private final ElementType type;
  private final int count;

  private IndexedDataset(
      Path prefix, Arena arena, MemorySegment index, MemorySegment data, ElementType type) {
    this.idx = idx(prefix);
    this.bin = bin(prefix);
    this.arena = arena;
    this.index = index;
    this.data = data;
    this.type = type;
    this.count = (int) index.get(LONG, SEQUENCE_COUNT_AT);
  }

  static Path bin(Path prefix) {
    return prefix.resolveSibling(prefix.getFileName() + ".bin");
  }

  static Path idx(Path prefix) {
    return prefix.resolveSibling(prefix.getFileName() + ".idx");
  }

  static boolean existsAt(Path prefix) {
    return Files.exists(idx(prefix));
  }

  /**
   * Removes the index first: data without an index is no dataset, so no half of one is ever read.
   */
  static void deleteAt(Path prefix) {
    try {
      Files.deleteIfExists(idx(prefix));
      Files.deleteIfExists(bin(prefix));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + prefix, e);
    }
  }

  private static byte[] bytes(int[] row, ElementType type) {
    ByteBuffer bytes = ByteBuffer.allocate(row.length * type.bytes).order(LITTLE_ENDIAN);
    for (int value : row) {
      switch (type) {
        case UINT8 -> bytes.put((byte) value);
        case UINT16 -> bytes.putShort((short) value);
        case INT32 -> bytes.putInt(value);
      }
    }
    return bytes.array();
  }

  /** {@code lengths} is gone through twice. */
  private static void writeIndex(
      OutputStream out, ElementType type, long count, Supplier<PrimitiveIterator.OfInt> lengths)
      throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(LITTLE_ENDIAN);
    header.put(MAGIC).putLong(VERSION).put((byte) type.code).putLong(count).putLong(count + 1);
    out.write(header.array());
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(LITTLE_ENDIAN);
    for (PrimitiveIterator.OfInt each = lengths.get(); each.hasNext(); ) {
      out.write(number.putInt(0, each.nextInt()).array(), 0, Integer.BYTES);
    }
    long pointer = 0;
    for (PrimitiveIterator.OfInt each = lengths.get(); each.hasNext(); ) {
      out.write(number.putLong(0, pointer).array());
      pointer += (long) each.nextInt() * type.bytes;
    }
    for (long document = 0; document <= count; document++) {
      out.write(number.putLong(0, document).array());
    }
  }

  /** A dataset that is written row by row; its index comes when it is closed. */
  static final class Growing implements AutoCloseable {
    private final Path prefix;
    private final ElementType type;
    private final FileChannel file;
    private final OutputStream data;
    private int count;

    /**
     * The lengths of the first {@code known} rows; those behind are as long as the last of them, so
     * that rows of one length take no memory.
     */
    private int[] lengths = new int[64];

    private int known;

    Growing(Path prefix, ElementType type) throws IOException {
      this.prefix = prefix;
      this.type = type;
      this.file =
          FileChannel.open(
              bin(prefix),
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      this.data = new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16);
    }

    void add(int[] row) throws IOException {
      data.write(bytes(row, type));
      if (known == 0 || row.length != lengths[known - 1]) {
        if (count >= lengths.length) {
          lengths = Arrays.copyOf(lengths, count + (count >> 1) + 1);
        }
        Arrays.fill(lengths, known, count, known == 0 ? 0 : lengths[known - 1]);
        lengths[count] = row.length;
        known = count + 1;
      }
      count++;
    }

    private int length(int row) {
      return lengths[Math.min(row, known - 1)];
    }

    /** Leaves no file behind; to be called instead of {@link #close} or after it failed. */
    void abandon() throws IOException {
      file.close();
      deleteAt(prefix);
    }

    @Override
    public void close() throws IOException {
      data.close();
      if (count == 0) {
        Files.delete(bin(prefix));
        return;
      }
      try (OutputStream index = newIndex(prefix)) {
        writeIndex(
            index, type, count, () -> IntStream.range(0, count).map(this::length).iterator());
      }
    }
  }

  private static OutputStream newIndex(Path prefix) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(idx(prefix)), 1 << 16);
  }

  /**
   * Writes the index of the datasets' data one behind another, and returns how many elements that
   * are. All must be of one type.
   */
  static long joinIndices(List<Path> parts, Path prefix) throws IOException {
    List<IndexedDataset> datasets = new ArrayList<>();
    try (OutputStream index = newIndex(prefix)) {
      for (Path part : parts) {
        datasets.add(open(part, ElementType.values()));
      }
      ElementType type = datasets.getFirst().type;
      for (IndexedDataset dataset : datasets) {
        if (dataset.type != type) {
          throw new IllegalArgumentException(
              "%s holds %s, %s %s"
                  .formatted(datasets.getFirst().idx, type, dataset.idx, dataset.type));
        }
      }
      long count = datasets.stream().mapToLong(dataset -> dataset.count).sum();
      writeIndex(
          index,
          type,
          count,
          () ->
              datasets.stream()
                  .flatMapToInt(dataset -> IntStream.range(0, dataset.count).map(dataset::length))
                  .iterator());
      return datasets.stream().mapToLong(each -> each.data.byteSize() / type.bytes).sum();
    } finally {
      datasets.forEach(IndexedDataset::close);
    }
  }

  /** Closed with the dataset that owns it, or when there is none to be. */
  @SuppressWarnings("MustBeClosedChecker")
  private static Arena ownedArena() {
    return Arena.ofShared();
  }

  /** Opens the dataset and checks every field of its index against the sizes of both files. */
  static IndexedDataset open(Path prefix, ElementType... allowed) {
    Path idx = idx(prefix);
    Path bin = bin(prefix);
    for (Path file : new Path[] {idx, bin}) {
      if (!Files.isRegularFile(file)) {
        throw new BadInput(file + ": no such file; a token shard is an .idx and a .bin beside it");
      }
    }
    Arena arena = ownedArena();
    try {
      MemorySegment index = map(idx, arena);
      MemorySegment data = map(bin, arena);
      ElementType type = checkHeader(idx, index, allowed);
      IndexedDataset dataset = new IndexedDataset(prefix, arena, index, data, type);
      dataset.checkSequences();
      dataset.checkDocuments();
      return dataset;
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException("cannot read " + prefix, e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  private static ElementType checkHeader(Path idx, MemorySegment index, ElementType[] allowed) {
    long size = index.byteSize();
    check(size >= HEADER_BYTES, idx, 0, "the file ends after %d bytes, inside its header", size);
    byte[] magic = index.asSlice(0, MAGIC.length).toArray(ValueLayout.JAVA_BYTE);
    check(Arrays.equals(magic, MAGIC), idx, 0, "no MMIDIDX index begins here");
    long version = index.get(LONG, VERSION_AT);
    check(version == VERSION, idx, VERSION_AT, "version %d, only version 1 is read", version);
    ElementType type = typeOf(idx, index.get(ValueLayout.JAVA_BYTE, TYPE_AT), allowed);
    long sequences = index.get(LONG, SEQUENCE_COUNT_AT);
    check(
        sequences > 0 && sequences < Integer.MAX_VALUE,
        idx,
        SEQUENCE_COUNT_AT,
        "%d sequences, 1 to %d can be read",
        sequences,
        Integer.MAX_VALUE - 1);
    long documents = index.get(LONG, DOCUMENT_COUNT_AT);
    long documentBytes = size - HEADER_BYTES - sequences * (Integer.BYTES + Long.BYTES);
    check(
        documents > 1 && documentBytes % Long.BYTES == 0 && documentBytes / Long.BYTES == documents,
        idx,
        DOCUMENT_COUNT_AT,
        "%d sequences and %d document bounds don't make the file's %d bytes",
        sequences,
        documents,
        size);
    return type;
  }

  private static ElementType typeOf(Path idx, int code, ElementType[] allowed) {
    for (ElementType type : allowed) {
      if (type.code == code) {
        return type;
      }
    }
    throw damaged(
        idx, TYPE_AT, "element type %d, here it must be one of %s", code, Arrays.toString(allowed));
  }

  private void checkSequences() {
    long expected = 0;
    for (int i = 0; i < count; i++) {
      int length = length(i);
      check(length > 0, idx, lengthAt(i), "sequence %d has length %d", i, length);
      long pointer = index.get(LONG, pointerAt(i));
      check(
          pointer == expected,
          idx,
          pointerAt(i),
          "sequence %d begins at byte %d of the data, but those before it end at %d",
          i,
          pointer,
          expected);
      expected += (long) length * type.bytes;
    }
    check(
        expected == data.byteSize(),
        bin,
        Math.min(expected, data.byteSize()),
        "the data has %d bytes, its index describes %d",
        data.byteSize(),
        expected);
  }

  private void checkDocuments() {
    long at = pointerAt(count);
    long bounds = (index.byteSize() - at) / Long.BYTES;
    long before = 0;
    for (long i = 0; i < bounds; i++, at += Long.BYTES) {
      long bound = index.get(LONG, at);
      boolean fits =
          i == 0
              ? bound == 0
              : i == bounds - 1 ? bound == count : bound >= before && bound <= count;
      check(
          fits && bound >= before,
          idx,
          at,
          "document bound %d is %d of %d sequences",
          i,
          bound,
          count);
      before = bound;
    }
  }

  /** Refuses this dataset unless its sequences are as many and as long as the other's. */
  void requireShapeOf(IndexedDataset other) {
    check(
        count == other.count,
        idx,
        SEQUENCE_COUNT_AT,
        "%d sequences, but %s has %d",
        count,
        other.idx,
        other.count);
    for (int i = 0; i < count; i++) {
      check(
          length(i) == other.length(i),
          idx,
          lengthAt(i),
          "sequence %d has length %d, but %d in %s",
          i,
          length(i),
          other.length(i),
          other.idx);
    }
  }

  int count() {
    return count;
  }

  int length(int sequence) {
    return index.get(INT, lengthAt(Objects.checkIndex(sequence, count)));
  }

  int[] sequence(int sequence) {
    int length = length(sequence);
    long start = index.get(LONG, pointerAt(sequence));
    int[] values = new int[length];
    for (int i = 0; i < length; i++) {
      long at = start + (long) i * type.bytes;
      values[i] =
          switch (type) {
            case UINT8 -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, at));
            case UINT16 -> Short.toUnsignedInt(data.get(SHORT, at));
            case INT32 -> data.get(INT, at);
          };
    }
    return values;
  }

  /** The complaint about element {@code position} of a sequence, with its place in the data. */
  BadInput damagedElement(int sequence, int position, String complaint) {
    long start = index.get(LONG, pointerAt(sequence));
    return damaged(bin, start + (long) position * type.bytes, "%s", complaint);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  @FormatMethod
  private static void check(
      boolean holds, Path file, long offset, @FormatString String format, Object... arguments) {
    if (!holds) {
      throw damaged(file, offset, format, arguments);
    }
  }

  @FormatMethod
  private static BadInput damaged(
      Path file, long offset, @FormatString String format, Object... arguments) {
    String found = String.format(Locale.ROOT, format, arguments);
    return new BadInput(
        "%s, byte %d: %s; it is damaged or no token shard, so make it again"
            .formatted(file, offset, found));
  }

  private static long lengthAt(int sequence) {
    return HEADER_BYTES + (long) sequence * Integer.BYTES;
  }

  private long pointerAt(int sequence) {
    return lengthAt(count) + (long) sequence * Long.BYTES;
  }
}
