package org.onset.corpus.source;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Unpacks Zstandard frames one behind another. The library's own stream takes a cut in any frame
 * but the first for the end.
 */
final class ZstdFrames extends InputStream {
  private static final int BUFFER_BYTES = 1 << 17;
  private final InputStream in;
  private final ZstdDecompressCtx decompression = new ZstdDecompressCtx();
  private final byte[] chunk = new byte[BUFFER_BYTES];
  private final ByteBuffer packed = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private final ByteBuffer plain = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private boolean insideFrame;

  ZstdFrames(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!plain.hasRemaining()) {
      boolean ended = !packed.hasRemaining() && !fill();
      if (ended && !insideFrame) {
        return -1;
      }
      unpack(); // at the end, what a frame read whole still holds
      if (ended && insideFrame && !plain.hasRemaining()) {
        throw new EOFException("the last frame is cut short");
      }
    }
    int read = Math.min(length, plain.remaining());
    plain.get(target, offset, read);
    return read;
  }

  private boolean fill() throws IOException {
    int read = in.read(chunk);
    packed.clear().put(chunk, 0, Math.max(0, read)).flip();
    return read >= 0;
  }

  private void unpack() throws IOException {
    plain.clear();
    try {
      insideFrame = !decompression.decompressDirectByteBufferStream(plain, packed);
    } catch (ZstdException e) {
      throw new IOException(e.getMessage(), e);
    }
    plain.flip();
  }

  @Override
  public void close() throws IOException {
    decompression.close();
    in.close();
  }
}
