package org.onset.hub;

import static org.onset.hub.ShortBlocks.half;
import static org.onset.hub.ShortBlocks.unsigned;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * ggml's "k-quants": blocks of 256 small integers in groups of 16 or 32 that have small scales of
 * their own, in units of the block's scale (float16), and in some kinds least values, in units of
 * another. Bits of values 32 apart share a byte.
 */
final class LongBlocks {
  private static final int LENGTH = 256;

  private LongBlocks() {}

  /** Q2_K: 16 bytes of (least, scale), 64 of 2-bit values, the unit of scales, that of leasts. */
  static void q2(MemorySegment bytes, long at, float[] target, int to) {
    float unit = half(bytes, at + 80);
    float leastUnit = half(bytes, at + 82);
    for (int i = 0; i < LENGTH; i++) {
      int group = unsigned(bytes, at + i / 16);
      int value = twoBits(bytes, at + 16, i);
      target[to + i] = unit * (group & 15) * value - leastUnit * (group >> 4);
    }
  }

  /** Q3_K: 32 bytes of third bits, 64 of low bits, 12 of 6-bit scales, their unit. */
  static void q3(MemorySegment bytes, long at, float[] target, int to) {
    float unit = half(bytes, at + 108);
    for (int i = 0; i < LENGTH; i++) {
      int low = twoBits(bytes, at + 32, i);
      int third = bits(unsigned(bytes, at + i % 32), i / 32, 1);
      target[to + i] = unit * scaleOfQ3(bytes, at + 96, i / 16) * (low + 4 * third - 4);
    }
  }

  /** The low 4 bits of 16 scales take 8 bytes, their high 2 bits another 4; 32 stands for zero. */
  private static int scaleOfQ3(MemorySegment bytes, long at, int group) {
    int low = bits(unsigned(bytes, at + group % 8), group / 8 * 4, 15);
    int high = bits(unsigned(bytes, at + 8 + group % 4), group / 4 * 2, 3);
    return ((high << 4) | low) - 32;
  }

  /** Q4_K: the two units, 12 bytes of 6-bit scales and leasts, 128 of 4-bit values. */
  static void q4(MemorySegment bytes, long at, float[] target, int to) {
    float unit = half(bytes, at);
    float leastUnit = half(bytes, at + 2);
    for (int i = 0; i < LENGTH; i++) {
      float scale = unit * scale(bytes, at + 4, i / 32);
      float least = leastUnit * least(bytes, at + 4, i / 32);
      target[to + i] = scale * fourBits(bytes, at + 16, i) - least;
    }
  }

  /** Q5_K: as Q4_K, with 32 bytes of fifth bits before the others. */
  static void q5(MemorySegment bytes, long at, float[] target, int to) {
    float unit = half(bytes, at);
    float leastUnit = half(bytes, at + 2);
    for (int i = 0; i < LENGTH; i++) {
      float scale = unit * scale(bytes, at + 4, i / 32);
      float least = leastUnit * least(bytes, at + 4, i / 32);
      int fifth = bits(unsigned(bytes, at + 16 + i % 32), i / 32, 1);
      target[to + i] = scale * ((fifth << 4) | fourBits(bytes, at + 48, i)) - least;
    }
  }

  /** Q6_K: 128 bytes of low bits, 64 of high bits, 16 signed scales, their unit. */
  static void q6(MemorySegment bytes, long at, float[] target, int to) {
    float unit = half(bytes, at + 208);
    for (int i = 0; i < LENGTH; i++) {
      int low = bits(unsigned(bytes, at + i / 128 * 64L + i % 64), i / 64 % 2 * 4, 15);
      int high = twoBits(bytes, at + 128, i);
      byte scale = bytes.get(ValueLayout.JAVA_BYTE, at + 192 + i / 16);
      target[to + i] = unit * scale * (((high << 4) | low) - 32);
    }
  }

  private static int bits(int value, int shift, int mask) {
    return (value >> shift) & mask;
  }

  /** The two bits above a first scale or least, as the upper ones of a last. */
  private static int topBits(MemorySegment bytes, long at) {
    return unsigned(bytes, at) >> 6 << 4;
  }

  /** Of each 32 bytes the lowest two bits first, then the next two, and so on. */
  private static int twoBits(MemorySegment bytes, long at, int i) {
    return bits(unsigned(bytes, at + i / 128 * 32L + i % 32), i / 32 % 4 * 2, 3);
  }

  /** Of each 32 bytes the low halves first, then the high ones. */
  private static int fourBits(MemorySegment bytes, long at, int i) {
    return bits(unsigned(bytes, at + i / 64 * 32L + i % 32), i / 32 % 2 * 4, 15);
  }

  /**
   * Eight scales, then eight leasts, six bits each: those of the first four groups in the low bits
   * of four bytes, those of the last four in halves of the last four bytes, the two bits that are
   * missing there above the first ones.
   */
  private static int scale(MemorySegment bytes, long at, int group) {
    return group < 4
        ? unsigned(bytes, at + group) & 63
        : (unsigned(bytes, at + group + 4) & 15) | topBits(bytes, at + group - 4);
  }

  private static int least(MemorySegment bytes, long at, int group) {
    return group < 4
        ? unsigned(bytes, at + group + 4) & 63
        : (unsigned(bytes, at + group + 4) >> 4) | topBits(bytes, at + group);
  }
}
