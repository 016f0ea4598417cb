package org.onset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.onset.BadInput;

/**
 * A safetensors file, mapped into memory, its header checked. Half precision is widened when read.
 */
public final class Safetensors implements AutoCloseable {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The format's own limit. */
  private static final long LARGEST_HEADER = 100_000_000;

  /** An array of floats with its shape; not copied, so don't change it while it is in use. */
  public static final class Values implements TensorSource {
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
    public long[] shape() {
      return shape.clone();
    }

    @Override
    public void read(long from, float[] target, int count) {
      System.arraycopy(floats, Math.toIntExact(from), target, 0, count);
    }
  }

  private final Path file;
  private final Arena arena;
  private final MemorySegment data;
  private final SequencedMap<String, SafetensorsHeader.Entry> entries;

  private Safetensors(
      Path file,
      Arena arena,
      MemorySegment data,
      SequencedMap<String, SafetensorsHeader.Entry> entries) {
    this.file = file;
    this.arena = arena;
    this.data = data;
    this.entries = entries;
  }

  /** Writes {@code tensors} as float32, in their order, and forces them to disk. */
  public static void write(Path file, SequencedMap<String, ? extends TensorSource> tensors) {
    SafetensorsWriter.write(file, tensors, StoredDtype.FLOAT32);
  }

  /** Every tensor of the file, in the file's order; BadInput when the file is damaged. */
  public static SequencedMap<String, Values> read(Path file) {
    try (Safetensors open = open(file)) {
      SequencedMap<String, Values> all = new LinkedHashMap<>();
      for (String name : open.names()) {
        TensorSource tensor = open.tensor(name);
        float[] floats = new float[Math.toIntExact(tensor.count())];
        tensor.read(0, floats, floats.length);
        all.put(name, new Values(floats, tensor.shape()));
      }
      return all;
    }
  }

  /** Maps {@code file} and checks its header against its length; BadInput names what is wrong. */
  public static Safetensors open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": there is no such file");
    }
    @SuppressWarnings("MustBeClosedChecker") // what is returned owns it
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return open(file, arena, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static Safetensors open(Path file, Arena arena, MemorySegment bytes) {
    long size = bytes.byteSize();
    if (size < 8) {
      throw new BadInput(
          "%s: a safetensors file begins with 8 bytes of length, but this one has %d"
              .formatted(file, size));
    }
    long headerLength = bytes.get(LONG, 0);
    if (headerLength < 2 || headerLength > Math.min(size - 8, LARGEST_HEADER)) {
      throw new BadInput(
          "%s: the header is said to have %s bytes, but %d follow: cut short, or no safetensors file"
              .formatted(file, Long.toUnsignedString(headerLength), size - 8));
    }
    byte[] json = bytes.asSlice(8, headerLength).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment data = bytes.asSlice(8 + headerLength);
    return new Safetensors(file, arena, data, SafetensorsHeader.parse(file, json, data.byteSize()));
  }

  public Path file() {
    return file;
  }

  /** The tensors' names, in the file's order. */
  public SequencedSet<String> names() {
    return entries.sequencedKeySet();
  }

  public StoredDtype dtype(String name) {
    return entryOf(name).dtype();
  }

  /** A tensor, which can be read until this file is closed. */
  public TensorSource tensor(String name) {
    SafetensorsHeader.Entry entry = entryOf(name);
    return new Mapped(
        entry.dtype(),
        entry.shape().stream().mapToLong(Long::longValue).toArray(),
        data.asSlice(entry.begin(), entry.end() - entry.begin()));
  }

  private static final class Mapped implements TensorSource {
    private final StoredDtype dtype;
    private final long[] shape;
    private final MemorySegment bytes;

    private Mapped(StoredDtype dtype, long[] shape, MemorySegment bytes) {
      this.dtype = dtype;
      this.shape = shape;
      this.bytes = bytes;
    }

    @Override
    public long[] shape() {
      return shape.clone();
    }

    @Override
    public void read(long from, float[] target, int count) {
      Objects.checkFromIndexSize(from, count, count());
      switch (dtype) {
        case FLOAT32 -> MemorySegment.copy(bytes, FLOAT, from * Float.BYTES, target, 0, count);
        case FLOAT16 -> {
          for (int i = 0; i < count; i++) {
            target[i] = Float.float16ToFloat(bytes.getAtIndex(SHORT, from + i));
          }
        }
        case BFLOAT16 -> {
          for (int i = 0; i < count; i++) {
            target[i] = StoredDtype.fromBfloat16(bytes.getAtIndex(SHORT, from + i));
          }
        }
      }
    }
  }

  private SafetensorsHeader.Entry entryOf(String name) {
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("%s holds no %s".formatted(file, name));
    }
    return entry;
  }

  @Override
  public void close() {
    arena.close();
  }
}
