package org.onset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * One master seed, and from it an independent generator per named purpose: adding a purpose
 * disturbs no other. Purposes are words with slashes, such as {@code init} or {@code
 * order/refusal}.
 */
public record Seeds(long master) {

  public SplittableRandom generator(String purpose) {
    return new SplittableRandom(seed(purpose));
  }

  public long seed(String purpose) {
    byte[] digest = Fingerprint.sha256((master + "/" + purpose).getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }
}
