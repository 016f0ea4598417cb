package org.onset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;
import org.onset.BadInput;
import tools.jackson.databind.node.ObjectNode;

/** Writes one safetensors file, a piece of a tensor at a time. */
final class SafetensorsWriter {
  private final StoredDtype dtype;
  private final float[] piece = new float[TensorSource.PIECE];
  private final ByteBuffer bytes;

  private SafetensorsWriter(StoredDtype dtype) {
    this.dtype = dtype;
    this.bytes =
        ByteBuffer.allocateDirect(TensorSource.PIECE * dtype.bytes())
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Writes {@code tensors} in their order, rounded to the nearest number of {@code dtype}, and
   * forces them to disk. BadInput when a number lies beyond what {@code dtype} can hold.
   */
  static void write(
      Path file, SequencedMap<String, ? extends TensorSource> tensors, StoredDtype dtype) {
    SafetensorsWriter writer = new SafetensorsWriter(dtype);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeAll(channel, writer.header(tensors));
      for (Map.Entry<String, ? extends TensorSource> tensor : tensors.entrySet()) {
        writer.write(channel, tensor.getKey(), tensor.getValue());
      }
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ByteBuffer header(SequencedMap<String, ? extends TensorSource> tensors) {
    ObjectNode header = ModelConfig.JSON.createObjectNode();
    header.putObject(SafetensorsHeader.METADATA).put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, ? extends TensorSource> tensor : tensors.entrySet()) {
      ObjectNode entry = header.putObject(tensor.getKey());
      entry.put("dtype", dtype.tag());
      Arrays.stream(tensor.getValue().shape()).forEach(entry.putArray("shape")::add);
      long end = offset + dtype.bytes() * tensor.getValue().count();
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = ModelConfig.JSON.writeValueAsBytes(header);
    // Spaces after the header let the data begin at a multiple of 8 bytes.
    int padded = Math.ceilDiv(json.length, 8) * 8;
    ByteBuffer start = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(padded).put(json);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    return start.flip();
  }

  private void write(FileChannel channel, String name, TensorSource tensor) throws IOException {
    long all = tensor.count();
    for (long from = 0; from < all; from += piece.length) {
      int count = (int) Math.min(piece.length, all - from);
      tensor.read(from, piece, count);
      bytes.clear();
      switch (dtype) {
        case FLOAT32 -> {
          bytes.asFloatBuffer().put(piece, 0, count);
          bytes.position(count * Float.BYTES);
        }
        case FLOAT16 -> putFloat16(name, count);
        case BFLOAT16 -> putBfloat16(name, count);
      }
      writeAll(channel, bytes.flip());
    }
  }

  private void putFloat16(String name, int count) {
    for (int i = 0; i < count; i++) {
      short half = Float.floatToFloat16(piece[i]);
      requireFinite(name, piece[i], Float.float16ToFloat(half));
      bytes.putShort(half);
    }
  }

  private void putBfloat16(String name, int count) {
    for (int i = 0; i < count; i++) {
      short half = StoredDtype.toBfloat16(piece[i]);
      requireFinite(name, piece[i], StoredDtype.fromBfloat16(half));
      bytes.putShort(half);
    }
  }

  private void requireFinite(String name, float value, float rounded) {
    if (Float.isInfinite(rounded) && !Float.isInfinite(value)) {
      throw new BadInput(
          "%s: holds %s, which %s can't hold; write it as %s"
              .formatted(name, value, dtype.label(), StoredDtype.FLOAT32.label()));
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
