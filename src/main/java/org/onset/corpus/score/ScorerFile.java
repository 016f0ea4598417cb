package org.onset.corpus.score;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import org.onset.BadInput;

/** The frame of a scorer's file: magic, version and kind, the content, its digest. */
final class ScorerFile {
  private static final byte[] MAGIC = "ONSETSAF".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 2;
  private static final int DIGEST_BYTES = 32;
  private static final int HEADER_BYTES = MAGIC.length + 2 * Integer.BYTES;

  enum Kind {
    LINEAR(1),
    EMBEDDING(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /** Writes what lies within the frame. */
  interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  /**
   * A file that is whole, for as long as it is read.
   *
   * @param bytes stands at the content, which may be read to its end only
   * @param digest the SHA-256 of all before the digest, as hexadecimal
   */
  record Reading(Path file, Kind kind, ByteBuffer bytes, String digest) {}

  private ScorerFile() {}

  /** Returns the digest that {@link Reading#digest} will be. */
  static String write(OutputStream target, Kind kind, Content content) throws IOException {
    MessageDigest digest = sha256();
    DataOutputStream out = new DataOutputStream(new DigestOutputStream(target, digest));
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(kind.code);
    content.writeTo(out);
    out.flush();
    byte[] result = digest.digest();
    target.write(result);
    return HexFormat.of().formatHex(result);
  }

  static void write(Path file, Kind kind, Content content) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      write(out, kind, content);
    }
  }

  /** The file is mapped meanwhile: a model within is larger than one likes to have twice. */
  static <T> T read(Path file, Function<Reading, T> content) throws IOException {
    if (Files.notExists(file)) {
      throw new BadInput(file + ": there is no such file");
    }
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofShared()) {
      long size = channel.size();
      if (size < HEADER_BYTES + DIGEST_BYTES || size > Integer.MAX_VALUE) {
        throw noScorer(file);
      }
      ByteBuffer bytes = channel.map(MapMode.READ_ONLY, 0, size, arena).asByteBuffer();
      byte[] magic = new byte[MAGIC.length];
      bytes.get(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw noScorer(file);
      }
      int version = bytes.getInt();
      if (version != VERSION) {
        throw new BadInput(
            "%s: has version %d, this Onset reads version %d; train the scorer again"
                .formatted(file, version, VERSION));
      }
      return content.apply(checked(file, bytes));
    }
  }

  private static Reading checked(Path file, ByteBuffer bytes) {
    int end = bytes.limit() - DIGEST_BYTES;
    MessageDigest sha256 = sha256();
    sha256.update(bytes.duplicate().position(0).limit(end));
    String digest = HexFormat.of().formatHex(sha256.digest());
    byte[] written = new byte[DIGEST_BYTES];
    bytes.get(end, written);
    if (!HexFormat.of().formatHex(written).equals(digest)) {
      throw new BadInput(file + ": is damaged, its digest doesn't fit; train the scorer again");
    }
    int code = bytes.getInt();
    for (Kind kind : Kind.values()) {
      if (kind.code == code) {
        return new Reading(file, kind, bytes.limit(end), digest);
      }
    }
    throw new BadInput("%s: holds a scorer of unknown kind %d".formatted(file, code));
  }

  static void write(DataOutputStream out, String string) throws IOException {
    byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readString(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static BadInput noScorer(Path file) {
    return new BadInput(file + ": is no safety scorer of Onset");
  }
}
