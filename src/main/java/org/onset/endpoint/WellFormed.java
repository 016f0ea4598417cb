package org.onset.endpoint;

import java.nio.charset.StandardCharsets;

/** Text that survives UTF-8: JSON can spell half a surrogate pair, UTF-8 can't hold one. */
final class WellFormed {
  private WellFormed() {}

  static String of(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
