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
  F32(0, 1, 4, ShortBlocks::f32),
  F16(1, 1, 2, ShortBlocks::f16),
  Q4_0(2, 32, 18, ShortBlocks::q4Symmetric),
  Q4_1(3, 32, 20, ShortBlocks::q4),
  Q5_0(6, 32, 22, ShortBlocks::q5Symmetric),
  Q5_1(7, 32, 24, ShortBlocks::q5),
  Q8_0(8, 32, 34, ShortBlocks::q8),
  Q2_K(10, 256, 84, LongBlocks::q2),
  Q3_K(11, 256, 110, LongBlocks::q3),
  Q4_K(12, 256, 144, LongBlocks::q4),
  Q5_K(13, 256, 176, LongBlocks::q5),
  Q6_K(14, 256, 210, LongBlocks::q6),
  BF16(30, 1, 2, ShortBlocks::bf16);

  /** Writes the values of the block at byte {@code at} to {@code target} from {@code to} on. */
  interface Decoder {
    void decode(MemorySegment bytes, long at, float[] target, int to);
  }

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
  private final Decoder decoder;

  BlockFormat(int number, int length, int bytes, Decoder decoder) {
    this.number = number;
    this.length = length;
    this.bytes = bytes;
    this.decoder = decoder;
  }

  void decode(MemorySegment bytes, long at, float[] target, int to) {
    decoder.decode(bytes, at, target, to);
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
