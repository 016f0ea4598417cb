package org.onset.corpus.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Repetitions;

class KeptDocumentTest {
  @ParameterizedTest
  @Repetitions(50)
  void bytesAreThoseOfTheEncodedText(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    while (text.length() < 100) {
      int codePoint = random.nextInt(1 << (7 + random.nextInt(15)));
      boolean isSurrogate = codePoint >= 0xD800 && codePoint < 0xE000;
      if (Character.isValidCodePoint(codePoint) && !isSurrogate) {
        text.appendCodePoint(codePoint);
      }
    }

    assertThat(KeptDocument.utf8Bytes(text.toString()))
        .isEqualTo(text.toString().getBytes(StandardCharsets.UTF_8).length);
  }
}
