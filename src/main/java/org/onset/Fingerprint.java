package org.onset;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of content, as lower-case hexadecimal: how artifacts, files and training states are
 * named.
 */
public final class Fingerprint {
  private Fingerprint() {}

  public static String of(byte[] content) {
    return HexFormat.of().formatHex(sha256(content));
  }

  public static String of(String content) {
    return of(content.getBytes(StandardCharsets.UTF_8));
  }

  public static String ofFile(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in);
    }
  }

  /** Of all that is left to read. */
  public static String of(InputStream content) throws IOException {
    MessageDigest digest = newDigest();
    new DigestInputStream(content, digest).transferTo(OutputStream.nullOutputStream());
    return HexFormat.of().formatHex(digest.digest());
  }

  static byte[] sha256(byte[] content) {
    return newDigest().digest(content);
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
