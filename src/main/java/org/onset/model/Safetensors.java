package org.onset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.tensor.Scope;
import org.onset.tensor.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A safetensors file, open for reading, its header checked; half precision is widened when read.
 * Writing is always of 32-bit floats.
 */
public final class Safetensors implements AutoCloseable {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The format's own limit. */
  private static final long LARGEST_HEADER = 100_000_000;

  /** What is written, or copied into a tensor, passes through an array of this length (1 MiB). */
  private static final int VALUES_AT_ONCE = 1 << 18;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** A tensor to be written, asked for piece by piece, so that no array need hold all of it. */
  public interface Source {
    long[] shape();

    /** The values from {@code from} on, in row-major order. */
    float[] floats(long from, int count);
  }

  /** The tensor of {@code shape} that begins at {@code offset} of {@code flat}. */
  public static Source part(Tensor flat, long offset, long... shape) {
    return new Source() {
      @Override
      public long[] shape() {
        return shape.clone();
      }

      @Override
      public float[] floats(long from, int count) {
        try (Scope _ = new Scope()) {
          return flat.narrow(0, offset + from, count).toFloats();
        }
      }
    };
  }

  /** An array of floats with its shape; not copied, so don't change it while it is in use. */
  public static final class Values implements Source {
    private final float[] floats;
    private final long[] shape;

    /** {@code floats} in row-major order. */
    public Values(float[] floats, long... shape) {
      long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      if (count != floats.length) {
        throw new IllegalArgumentException(
            "%d values don't make the shape %s".formatted(floats.length, Arrays.toString(shape)));
      }
      this.floats = floats;
      this.shape = shape.clone();
    }

    public float[] floats() {
      return floats;
    }

    @Override
    public float[] floats(long from, int count) {
      return Arrays.copyOfRange(floats, Math.toIntExact(from), Math.toIntExact(from + count));
    }

    @Override
    public long[] shape() {
      return shape.clone();
    }
  }

  private enum Kind {
    F32(Float.BYTES),
    F16(Short.BYTES),
    BF16(Short.BYTES);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }
  }

  /** Bytes [begin, end) after the header. */
  private record Entry(Kind kind, List<Long> shape, long begin, long end) {}

  private final Path file;
  private final FileChannel channel;
  private final long dataStart;
  private final SequencedMap<String, Entry> entries;

  private Safetensors(
      Path file, FileChannel channel, long dataStart, SequencedMap<String, Entry> entries) {
    this.file = file;
    this.channel = channel;
    this.dataStart = dataStart;
    this.entries = entries;
  }

  /** Writes {@code tensors} in their order and forces them to disk before it returns. */
  public static void write(Path file, SequencedMap<String, ? extends Source> tensors) {
    ObjectNode header = JSON.createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, ? extends Source> tensor : tensors.entrySet()) {
      ObjectNode entry = header.putObject(tensor.getKey());
      entry.put("dtype", Kind.F32.name());
      Arrays.stream(tensor.getValue().shape()).forEach(entry.putArray("shape")::add);
      long end = offset + Float.BYTES * count(tensor.getValue());
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    // Spaces after the header let the data begin at a multiple of 8 bytes.
    int padded = Math.ceilDiv(json.length, 8) * 8;
    ByteBuffer start = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(padded).put(json);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeAll(channel, start.flip());
      for (Source source : tensors.values()) {
        writeFloats(channel, source);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long count(Source source) {
    return Arrays.stream(source.shape()).reduce(1, Math::multiplyExact);
  }

  private static void writeFloats(FileChannel channel, Source source) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(VALUES_AT_ONCE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long length = count(source);
    for (long from = 0; from < length; from += VALUES_AT_ONCE) {
      int count = (int) Math.min(VALUES_AT_ONCE, length - from);
      bytes.clear().limit(count * Float.BYTES);
      bytes.asFloatBuffer().put(source.floats(from, count));
      writeAll(channel, bytes);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Every tensor of the file, in the file's order; BadInput when the file is damaged. */
  public static SequencedMap<String, Values> read(Path file) {
    try (Safetensors open = open(file)) {
      SequencedMap<String, Values> all = new LinkedHashMap<>();
      for (String name : open.names()) {
        all.put(name, new Values(open.floats(name), open.shape(name)));
      }
      return all;
    }
  }

  /** Opens {@code file} and checks its header against its length; BadInput names what is wrong. */
  public static Safetensors open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": there is no such file");
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return open(file, channel);
      } catch (RuntimeException | IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Safetensors open(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < 8) {
      throw new BadInput(
          "%s: a safetensors file begins with 8 bytes of length, but this one has %d"
              .formatted(file, size));
    }
    long headerLength = readFully(channel, 0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerLength < 2 || headerLength > Math.min(size - 8, LARGEST_HEADER)) {
      throw new BadInput(
          "%s: the header is said to have %s bytes, but %d follow: cut short, or no safetensors file"
              .formatted(file, Long.toUnsignedString(headerLength), size - 8));
    }
    byte[] json = readFully(channel, 8, Math.toIntExact(headerLength)).array();
    JsonNode header;
    try {
      header = JSON.readTree(new String(json, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw new BadInput("%s: the header is no JSON: %s".formatted(file, e.getOriginalMessage()));
    }
    if (!header.isObject()) {
      throw new BadInput("%s: the header is no JSON object".formatted(file));
    }
    List<String> problems = new ArrayList<>();
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : header.properties()) {
      if (!property.getKey().equals("__metadata__")) {
        Entry entry = entry(file, property.getKey(), property.getValue(), problems);
        if (entry != null) {
          entries.put(property.getKey(), entry);
        }
      }
    }
    long dataStart = 8 + headerLength;
    if (problems.isEmpty()) {
      checkGaps(file, entries, size - dataStart, problems);
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return new Safetensors(file, channel, dataStart, entries);
  }

  private static @Nullable Entry entry(
      Path file, String name, JsonNode node, List<String> problems) {
    String where = "%s: %s: ".formatted(file, name);
    List<Long> shape = wholeNumbers(node.get("shape"));
    List<Long> offsets = wholeNumbers(node.get("data_offsets"));
    if (shape == null || offsets == null || offsets.size() != 2 || !node.path("dtype").isString()) {
      problems.add(where + "needs dtype, shape and two data_offsets, found " + node);
      return null;
    }
    String dtype = node.path("dtype").stringValue();
    for (Kind kind : Kind.values()) {
      if (kind.name().equals(dtype)) {
        long begin = offsets.get(0);
        long end = offsets.get(1);
        long bytes;
        try {
          bytes = shape.stream().reduce((long) kind.bytes, Math::multiplyExact);
        } catch (ArithmeticException _) {
          problems.add(where + "the shape %s is beyond any file".formatted(shape));
          return null;
        }
        if (end - begin != bytes) {
          problems.add(
              where
                  + "%s of shape %s takes %d bytes, but its offsets %d and %d leave it %d"
                      .formatted(dtype, shape, bytes, begin, end, end - begin));
          return null;
        }
        return new Entry(kind, shape, begin, end);
      }
    }
    problems.add(where + "holds %s; only F32, F16 and BF16 are read".formatted(dtype));
    return null;
  }

  private static @Nullable List<Long> wholeNumbers(@Nullable JsonNode node) {
    if (node == null || !node.isArray()) {
      return null;
    }
    List<Long> numbers = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
        return null;
      }
      numbers.add(element.longValue());
    }
    return numbers;
  }

  /** The tensors must fill the rest of the file exactly. */
  private static void checkGaps(
      Path file, Map<String, Entry> entries, long dataLength, List<String> problems) {
    long expected = 0;
    List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(entries.entrySet());
    inOrder.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> entry) -> entry.getValue().begin())
            .thenComparingLong(entry -> entry.getValue().end()));
    for (Map.Entry<String, Entry> entry : inOrder) {
      if (entry.getValue().begin() != expected) {
        problems.add(
            "%s: %s: begins at offset %d, but what comes before it ends at %d"
                .formatted(file, entry.getKey(), entry.getValue().begin(), expected));
      }
      expected = entry.getValue().end();
      if (expected > dataLength) {
        problems.add(
            "%s: %s: ends at offset %d, but the data has %d bytes: the file is cut short"
                .formatted(file, entry.getKey(), expected, dataLength));
      }
    }
    if (problems.isEmpty() && expected != dataLength) {
      problems.add(
          "%s: the tensors end at offset %d, but the data has %d bytes"
              .formatted(file, expected, dataLength));
    }
  }

  private static ByteBuffer readFully(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  public Path file() {
    return file;
  }

  /** The tensors' names, in the file's order. */
  public SequencedSet<String> names() {
    return entries.sequencedKeySet();
  }

  public long[] shape(String name) {
    return entryOf(name).shape().stream().mapToLong(Long::longValue).toArray();
  }

  /** The values of a tensor, in row-major order. */
  public float[] floats(String name) {
    return floats(entryOf(name), 0, Math.toIntExact(count(entryOf(name))));
  }

  /** Copies the values of a tensor into {@code target}, which has as many, piece by piece. */
  public void copyTo(Tensor target, String name) {
    Entry entry = entryOf(name);
    long length = count(entry);
    if (target.elementCount() != length) {
      throw new IllegalArgumentException(
          "%s of %s holds %d values, not %d".formatted(name, file, length, target.elementCount()));
    }
    for (long from = 0; from < length; from += VALUES_AT_ONCE) {
      int count = (int) Math.min(VALUES_AT_ONCE, length - from);
      try (Scope _ = new Scope()) {
        target.narrow(0, from, count).copyFrom(floats(entry, from, count));
      }
    }
  }

  private static long count(Entry entry) {
    return (entry.end() - entry.begin()) / entry.kind().bytes;
  }

  private float[] floats(Entry entry, long from, int count) {
    float[] floats = new float[count];
    if (floats.length == 0) {
      return floats;
    }
    long start = dataStart + entry.begin() + from * entry.kind().bytes;
    long bytes = (long) count * entry.kind().bytes;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = channel.map(MapMode.READ_ONLY, start, bytes, arena);
      switch (entry.kind()) {
        case F32 -> MemorySegment.copy(data, FLOAT, 0, floats, 0, floats.length);
        case F16 -> {
          for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.float16ToFloat(data.getAtIndex(SHORT, i));
          }
        }
        case BF16 -> {
          // The upper half of a 32-bit float.
          for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.intBitsToFloat(data.getAtIndex(SHORT, i) << 16);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return floats;
  }

  private Entry entryOf(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("%s holds no %s".formatted(file, name));
    }
    return entry;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
