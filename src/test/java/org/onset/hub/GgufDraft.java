package org.onset.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small GGUF files, also such as no converter would. */
final class GgufDraft {
  static final int ALIGNMENT = 32;

  /** A float of the metadata, where 32 bits are written and not 64. */
  record Single(float value) {}

  /** {@code shape} is row-major; {@code offset} among the tensors' bytes. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Tensor(long[] shape, int format, byte[] bytes, long offset) {}

  final Map<String, Object> metadata = new LinkedHashMap<>();
  final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private long end;

  GgufDraft put(String key, Object value) {
    metadata.put(key, value);
    return this;
  }

  GgufDraft f32(String name, float[] values, long... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return tensor(name, 0, bytes.array(), shape);
  }

  GgufDraft tensor(String name, int format, byte[] bytes, long... shape) {
    tensors.put(name, new Tensor(shape, format, bytes, end));
    end = Math.ceilDiv(end + bytes.length, ALIGNMENT) * ALIGNMENT;
    return this;
  }

  Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(buffer(4).putInt(3).array());
    out.writeBytes(buffer(16).putLong(tensors.size()).putLong(metadata.size()).array());
    metadata.forEach(
        (key, value) -> {
          text(out, key);
          out.writeBytes(buffer(4).putInt(type(value)).array());
          value(out, value);
        });
    tensors.forEach(
        (name, tensor) -> {
          text(out, name);
          out.writeBytes(buffer(4).putInt(tensor.shape.length).array());
          for (int i = tensor.shape.length - 1; i >= 0; i--) {
            out.writeBytes(buffer(8).putLong(tensor.shape[i]).array());
          }
          out.writeBytes(buffer(12).putInt(tensor.format).putLong(tensor.offset).array());
        });
    int start = Math.ceilDiv(out.size(), ALIGNMENT) * ALIGNMENT;
    for (Tensor tensor : tensors.values()) {
      while (out.size() < start + tensor.offset) {
        out.write(0);
      }
      out.writeBytes(tensor.bytes);
    }
    return out.toByteArray();
  }

  private static int type(Object value) {
    return switch (value) {
      case Integer _ -> 4;
      case Single _ -> 6;
      case Boolean _ -> 7;
      case String _ -> 8;
      case List<?> _ -> 9;
      case Long _ -> 10;
      case Double _ -> 12;
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  private static void value(ByteArrayOutputStream out, Object value) {
    switch (value) {
      case Integer number -> out.writeBytes(buffer(4).putInt(number).array());
      case Single number -> out.writeBytes(buffer(4).putFloat(number.value).array());
      case Boolean flag -> out.write(flag ? 1 : 0);
      case String text -> text(out, text);
      case Long number -> out.writeBytes(buffer(8).putLong(number).array());
      case Double number -> out.writeBytes(buffer(8).putDouble(number).array());
      case List<?> list -> {
        int type = list.isEmpty() ? 8 : type(list.getFirst());
        out.writeBytes(buffer(12).putInt(type).putLong(list.size()).array());
        list.forEach(element -> value(out, element));
      }
      default -> throw new IllegalArgumentException(value.toString());
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(buffer(8).putLong(utf8.length).array());
    out.writeBytes(utf8);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
