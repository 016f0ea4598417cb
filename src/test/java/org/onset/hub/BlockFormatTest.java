package org.onset.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.model.TensorSource;

class BlockFormatTest {
  @TempDir private Path folder;

  /**
   * Two blocks of the bytes (37 i + 101 block + 11) mod 256, but for the scales at the given bytes:
   * 0x2a8f and 0x27b1, each 0x111 more in the second block. Some values and the CRC-32 of all, as
   * ggml's own dequantize_row_* and Python's gguf.dequantize both give them.
   */
  @ParameterizedTest
  @CsvSource({
    "Q4_0, 0, 0, 31, 0, 1, -0.153717041015625, 0.10247802734375, 0.0, 999a74a5",
    "Q4_1, 0, 2, 31, 0, 1, 0.7986297607421875, 0.2350006103515625, 0.6449127197265625, 02be4595",
    "Q5_0, 0, 0, 31, 0, 1, 0.461151123046875, -0.10247802734375, 0.051239013671875, d17bb0ac",
    "Q5_1, 0, 2, 31, 0, 1, 1.0035858154296875, 1.2597808837890625, 0.2862396240234375, a4c951e7",
    "Q8_0, 0, 0, 31, 0, 1, 4.355316162109375, 6.25115966796875, -2.45947265625, bad94f4e",
    "Q2_K, 80, 82, 33, 0, 128, 1.690887451171875, 0.3710174560546875, -0.1502227783203125, 14b54987",
    "Q3_K, 108, 108, 255, 0, 1, 4.150360107421875, -5.5338134765625, 2.15203857421875, 7a5a3603",
    "Q4_K, 0, 2, 33, 0, 128, 15.940231323242188, 21.621002197265625, 0.9185791015625, 084d5d95",
    "Q5_K, 0, 2, 33, 0, 128, 41.35478210449219, 53.594146728515625, -0.3111572265625, b6b891ff",
    "Q6_K, 208, 208, 33, 0, 1, -73.32302856445312, 86.9013671875, -34.4326171875, 28cd6b5f"
  })
  void blocksAreReadAsTheirAuthorsReadThem(
      BlockFormat format,
      int scaleAt,
      int leastAt,
      int last,
      int first,
      int second,
      float ofFirst,
      float ofSecond,
      float ofLast,
      String crc) {
    float[] values = new float[2 * format.length];
    MemorySegment bytes = MemorySegment.ofArray(blocks(format, scaleAt, leastAt));

    format.decode(bytes, 0, values, 0);
    format.decode(bytes, format.bytes, values, format.length);

    assertThat(values[first]).isEqualTo(ofFirst);
    assertThat(values[second]).isEqualTo(ofSecond);
    assertThat(values[last]).isEqualTo(ofLast);
    assertThat(HexFormat.of().toHexDigits((int) crc(values))).isEqualTo(crc);
  }

  private static byte[] blocks(BlockFormat format, int scaleAt, int leastAt) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * format.bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int block = 0; block < 2; block++) {
      int start = block * format.bytes;
      for (int i = 0; i < format.bytes; i++) {
        bytes.put(start + i, (byte) (37 * i + 101 * block + 11));
      }
      bytes.putShort(start + scaleAt, (short) (0x2a8f + block * 0x111));
      if (leastAt != scaleAt) {
        bytes.putShort(start + leastAt, (short) (0x27b1 + block * 0x111));
      }
    }
    return bytes.array();
  }

  private static long crc(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  @Test
  void plainNumbersAreWidened() {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(-0.3f).putShort((short) 0xc100).putShort((short) 0xc020);
    MemorySegment segment = MemorySegment.ofArray(bytes.array());
    float[] values = new float[3];

    BlockFormat.F32.decode(segment, 0, values, 0);
    BlockFormat.F16.decode(segment, 4, values, 1);
    BlockFormat.BF16.decode(segment, 6, values, 2);

    assertThat(values).containsExactly(-0.3f, -2.5f, -2.5f);
  }

  @Test
  void aPieceOfATensorIsTheSameWhereverItBegins() {
    byte[] blocks = blocks(BlockFormat.Q4_1, 0, 2);
    Path file =
        new GgufDraft()
            .tensor("w", BlockFormat.Q4_1.number, blocks, 2, 32)
            .write(folder.resolve("w.gguf"));

    try (GgufFile open = GgufFile.open(file)) {
      TensorSource tensor = Objects.requireNonNull(open.tensor("w"));
      float[] whole = new float[64];
      tensor.read(0, whole, 64);
      for (int from = 0; from < 64; from++) {
        for (int count = 1; from + count <= 64; count += 7) {
          float[] piece = new float[count];
          tensor.read(from, piece, count);
          assertThat(piece).containsExactly(Arrays.copyOfRange(whole, from, from + count));
        }
      }
    }
  }
}
