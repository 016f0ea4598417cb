package org.onset.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.model.TensorSource;

/**
 * A GGUF file (llama.cpp's format, version 2 or 3, little-endian), mapped into memory: its metadata
 * and its tensors, every offset and shape checked.
 */
final class GgufFile implements AutoCloseable {
  /** Where a tensor's blocks lie in the file; {@code shape} is row-major, unlike the file's. */
  record Entry(BlockFormat format, List<Long> shape, long offset, long bytes) {}

  private final Path file;
  private final Arena arena;
  private final MemorySegment bytes;
  private final GgufMetadata metadata;
  private final SequencedMap<String, Entry> entries;

  private GgufFile(Path file, Arena arena, MemorySegment bytes, GgufHeader header) {
    this.file = file;
    this.arena = arena;
    this.bytes = bytes;
    this.metadata = new GgufMetadata(file, header.metadata());
    this.entries = header.entries();
  }

  /** Maps {@code file} and checks all that it says of itself; BadInput names what is wrong. */
  static GgufFile open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": there is no such file");
    }
    @SuppressWarnings("MustBeClosedChecker") // what is returned owns it
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      return new GgufFile(file, arena, bytes, GgufHeader.parse(file, bytes));
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  Path file() {
    return file;
  }

  GgufMetadata metadata() {
    return metadata;
  }

  SequencedSet<String> names() {
    return entries.sequencedKeySet();
  }

  /** A tensor, which can be read until this file is closed; null when there is none. */
  @Nullable TensorSource tensor(String name) {
    Entry entry = entries.get(name);
    return entry == null
        ? null
        : new Blocks(
            entry.format(),
            entry.shape().stream().mapToLong(Long::longValue).toArray(),
            bytes.asSlice(entry.offset(), entry.bytes()));
  }

  private static final class Blocks implements TensorSource {
    private final BlockFormat format;
    private final long[] shape;
    private final MemorySegment bytes;

    private Blocks(BlockFormat format, long[] shape, MemorySegment bytes) {
      this.format = format;
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
      float[] block = new float[format.length];
      int done = 0;
      while (done < count) {
        long number = (from + done) / format.length;
        int skipped = (int) ((from + done) % format.length);
        int wanted = Math.min(format.length - skipped, count - done);
        if (wanted == format.length) {
          format.decode(bytes, number * format.bytes, target, done);
        } else {
          format.decode(bytes, number * format.bytes, block, 0);
          System.arraycopy(block, skipped, target, done, wanted);
        }
        done += wanted;
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
