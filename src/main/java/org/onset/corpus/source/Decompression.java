package org.onset.corpus.source;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks gzip and Zstandard, known by their first bytes, with any number of members or frames.
 * What is cut short or damaged ends in an {@link IOException}, never in an early end.
 */
final class Decompression {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int ZSTD_MAGIC = 0x28b52ffd;
  private static final int SKIPPABLE_MAGIC =
      0x502a4d18; // a frame for others, as pzstd writes first
  private static final int SKIPPABLE_MASK = 0xf0ffffff;

  private Decompression() {}

  /** The plain bytes; {@code in} is read through a buffer, and closed with the result. */
  static InputStream open(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
    return switch (packingOf(buffered)) {
      case NONE -> buffered;
      case GZIP ->
          GzipCompressorInputStream.builder()
              .setInputStream(buffered)
              .setDecompressConcatenated(true)
              .get();
      case ZSTD -> new ZstdFrames(buffered);
    };
  }

  /** Whether the bytes can only be read from the first to the last. */
  static boolean isPacked(InputStream in) throws IOException {
    return packingOf(new BufferedInputStream(in, Integer.BYTES)) != Packing.NONE;
  }

  private enum Packing {
    NONE,
    GZIP,
    ZSTD
  }

  private static Packing packingOf(BufferedInputStream in) throws IOException {
    in.mark(Integer.BYTES);
    byte[] first = in.readNBytes(Integer.BYTES);
    in.reset();
    int magic = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      magic = magic << Byte.SIZE | (i < first.length ? Byte.toUnsignedInt(first[i]) : 0);
    }
    if (magic >>> Short.SIZE == GZIP_MAGIC) {
      return Packing.GZIP;
    }
    boolean zstd = magic == ZSTD_MAGIC || (magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC;
    return zstd ? Packing.ZSTD : Packing.NONE;
  }

  /** What to tell the user of a packed file that can't be read to its end. */
  static String reason(IOException failure) {
    return failure instanceof EOFException
        ? "the file is cut short; copy it again"
        : "can't be read to its end (" + failure.getMessage() + "); copy it again";
  }
}
