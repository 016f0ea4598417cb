package org.onset.hub;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The number formats of a GGUF file that are read: blocks of {@code length} values in {@code bytes}
 * bytes, little-endian. What a block holds is told by {@link ShortBlocks} and {@link LongBlocks}.
 */
enum BlockFormat {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  BF16(30, 1, 2);

  /** Formats that exist and aren't read, so that they can be refused by name. */
  private static final Map<Integer, String> OTHERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(9, "Q8_1"),
              Map.entry(15, "Q8_K"),
              Map.entry(16, "IQ2_XXS"),
              Map.entry(17, "IQ2_XS"),
              Map.entry(18, "IQ3_XXS"),
              Map.entry(19, "IQ1_S"),
              Map.entry(20, "IQ4_NL"),
              Map.entry(21, "IQ3_S"),
              Map.entry(22, "IQ2_S"),
              Map.entry(23, "IQ4_XS"),
              Map.entry(24, "I8"),
              Map.entry(25, "I16"),
              Map.entry(26, "I32"),
              Map.entry(27, "I64"),
              Map.entry(28, "F64"),
              Map.entry(29, "IQ1_M"),
              Map.entry(34, "TQ1_0"),
              Map.entry(35, "TQ2_0"),
              Map.entry(39, "MXFP4")));

  final int number;
  final int length;
  final int bytes;

  BlockFormat(int number, int length, int bytes) {
    this.number = number;
    this.length = length;
    this.bytes = bytes;
  }

  /** Writes the values of the block at byte {@code at} to {@code target} from {@code to} on. */
  void decode(MemorySegment bytes, long at, float[] target, int to) {
    switch (this) {
      case F32 -> ShortBlocks.f32(bytes, at, target, to);
      case F16 -> ShortBlocks.f16(bytes, at, target, to);
      case Q4_0 -> ShortBlocks.q4Symmetric(bytes, at, target, to);
      case Q4_1 -> ShortBlocks.q4(bytes, at, target, to);
      case Q5_0 -> ShortBlocks.q5Symmetric(bytes, at, target, to);
      case Q5_1 -> ShortBlocks.q5(bytes, at, target, to);
      case Q8_0 -> ShortBlocks.q8(bytes, at, target, to);
      case Q2_K -> LongBlocks.q2(bytes, at, target, to);
      case Q3_K -> LongBlocks.q3(bytes, at, target, to);
      case Q4_K -> LongBlocks.q4(bytes, at, target, to);
      case Q5_K -> LongBlocks.q5(bytes, at, target, to);
      case Q6_K -> LongBlocks.q6(bytes, at, target, to);
      case BF16 -> ShortBlocks.bf16(bytes, at, target, to);
    }
  }

  static Optional<BlockFormat> of(long number) {
    return Arrays.stream(values()).filter(format -> format.number == number).findFirst();
  }

  /** How a format that isn't read is called. */
  static String nameOf(long number) {
    String name = OTHERS.get((int) number);
    return name == null ? "the unknown type " + Integer.toUnsignedString((int) number) : name;
  }
}
