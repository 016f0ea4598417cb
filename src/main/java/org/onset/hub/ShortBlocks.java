package org.onset.hub;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.onset.model.StoredDtype;

/**
 * Plain numbers, and ggml's blocks of 32 small integers with one scale: first the scale and, where
 * there is one, the least value, both float16; then, for 5 bits, the fifth bits of all 32; then the
 * rest. The low halves of 16 bytes are the values 0 to 15, the high halves 16 to 31.
 */
final class ShortBlocks {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private ShortBlocks() {}

  static float half(MemorySegment bytes, long at) {
    return Float.float16ToFloat(bytes.get(SHORT, at));
  }

  static int unsigned(MemorySegment bytes, long at) {
    return bytes.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  /** Bit {@code i} as the fifth of a value. */
  private static int bit(int fifths, int i) {
    return ((fifths >> i) & 1) << 4;
  }

  static void f32(MemorySegment bytes, long at, float[] target, int to) {
    target[to] = bytes.get(FLOAT, at);
  }

  static void f16(MemorySegment bytes, long at, float[] target, int to) {
    target[to] = half(bytes, at);
  }

  static void bf16(MemorySegment bytes, long at, float[] target, int to) {
    target[to] = StoredDtype.fromBfloat16(bytes.get(SHORT, at));
  }

  /** Q8_0: signed bytes. */
  static void q8(MemorySegment bytes, long at, float[] target, int to) {
    float scale = half(bytes, at);
    for (int i = 0; i < 32; i++) {
      target[to + i] = scale * bytes.get(ValueLayout.JAVA_BYTE, at + 2 + i);
    }
  }

  /** Q4_0: 8 stands for zero. */
  static void q4Symmetric(MemorySegment bytes, long at, float[] target, int to) {
    float scale = half(bytes, at);
    for (int i = 0; i < 16; i++) {
      int pair = unsigned(bytes, at + 2 + i);
      target[to + i] = scale * ((pair & 15) - 8);
      target[to + i + 16] = scale * ((pair >> 4) - 8);
    }
  }

  /** Q4_1: from the least value up. */
  static void q4(MemorySegment bytes, long at, float[] target, int to) {
    float scale = half(bytes, at);
    float least = half(bytes, at + 2);
    for (int i = 0; i < 16; i++) {
      int pair = unsigned(bytes, at + 4 + i);
      target[to + i] = scale * (pair & 15) + least;
      target[to + i + 16] = scale * (pair >> 4) + least;
    }
  }

  /** Q5_0: 16 stands for zero. */
  static void q5Symmetric(MemorySegment bytes, long at, float[] target, int to) {
    float scale = half(bytes, at);
    int fifths = bytes.get(INT, at + 2);
    for (int i = 0; i < 16; i++) {
      int pair = unsigned(bytes, at + 6 + i);
      target[to + i] = scale * (((pair & 15) | bit(fifths, i)) - 16);
      target[to + i + 16] = scale * (((pair >> 4) | bit(fifths, i + 16)) - 16);
    }
  }

  /** Q5_1: from the least value up. */
  static void q5(MemorySegment bytes, long at, float[] target, int to) {
    float scale = half(bytes, at);
    float least = half(bytes, at + 2);
    int fifths = bytes.get(INT, at + 4);
    for (int i = 0; i < 16; i++) {
      int pair = unsigned(bytes, at + 8 + i);
      target[to + i] = scale * ((pair & 15) | bit(fifths, i)) + least;
      target[to + i + 16] = scale * ((pair >> 4) | bit(fifths, i + 16)) + least;
    }
  }
}
