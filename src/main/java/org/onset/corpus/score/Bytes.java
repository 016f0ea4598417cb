package org.onset.corpus.score;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;
import org.onset.BadInput;

/** Where the bytes of a model lie; they are outside Java's heap and only there while looked at. */
sealed interface Bytes {
  /** Hands the bytes, direct and at position 0, to {@code use}, which must not keep them. */
  <T> T read(Function<ByteBuffer, T> use);

  /** How a complaint names them. */
  String name();

  /** A stretch of a file of at most 2 GiB. */
  record InFile(Path file, long offset, long length) implements Bytes {
    @Override
    public <T> T read(Function<ByteBuffer, T> use) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
          Arena arena = Arena.ofShared()) {
        if (channel.size() < offset + length) {
          throw new BadInput(file + ": has become shorter since it was opened");
        }
        return use.apply(channel.map(MapMode.READ_ONLY, offset, length, arena).asByteBuffer());
      } catch (NoSuchFileException e) {
        throw new BadInput(file + ": is no longer there");
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file, e);
      }
    }

    @Override
    public String name() {
      return file.toString();
    }
  }

  /** A resource of the class path. */
  record Resource(String path) implements Bytes {
    @Override
    public <T> T read(Function<ByteBuffer, T> use) {
      try (InputStream in = Bytes.class.getResourceAsStream("/" + path);
          Arena arena = Arena.ofShared()) {
        if (in == null) {
          throw new IllegalStateException("the class path lacks " + path);
        }
        byte[] content = in.readAllBytes();
        MemorySegment outside = arena.allocate(content.length);
        outside.copyFrom(MemorySegment.ofArray(content));
        return use.apply(outside.asByteBuffer());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + path, e);
      }
    }

    @Override
    public String name() {
      return "the built-in " + path;
    }
  }
}
