package org.onset.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.onset.Fingerprint;
import org.onset.Repetitions;
import org.onset.endpoint.Answer.Complete;
import org.onset.endpoint.AnswerCache.Lookup;

class AnswerCacheTest {
  private static final String DIGEST = Fingerprint.of("request");

  @TempDir private Path folder;

  @ParameterizedTest
  @Repetitions(50)
  void whatIsStoredIsFound(SplittableRandom random) {
    AnswerCache cache = new AnswerCache(folder);
    Complete answer =
        new Complete(text(random), random.nextLong(1_000_000), random.nextLong(1_000_000));
    String digest = Fingerprint.of(Long.toString(random.nextLong()));

    assertThat(cache.find(digest)).isEqualTo(new Lookup.Absent());
    cache.store(digest, answer);

    assertThat(cache.find(digest)).isEqualTo(new Lookup.Found(answer));
  }

  @ParameterizedTest
  @Repetitions(50)
  void anyChangedByteIsSeen(SplittableRandom random) throws Exception {
    AnswerCache cache = new AnswerCache(folder);
    cache.store(DIGEST, new Complete(text(random), 11, 7));
    byte[] bytes = Files.readAllBytes(file(DIGEST));

    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    Files.write(file(DIGEST), bytes);

    assertThat(cache.find(DIGEST)).isEqualTo(new Lookup.Damaged());
  }

  @Test
  void aFileCutShortAnywhereIsSeen() throws Exception {
    AnswerCache cache = new AnswerCache(folder);
    cache.store(DIGEST, new Complete("Hello.", 11, 7));
    byte[] bytes = Files.readAllBytes(file(DIGEST));

    for (int length = 0; length < bytes.length; length++) {
      Files.write(file(DIGEST), Arrays.copyOf(bytes, length));

      assertThat(cache.find(DIGEST)).as("%d bytes", length).isEqualTo(new Lookup.Damaged());
    }
  }

  @Test
  void theAnswerToAnotherRequestIsNotTaken() throws Exception {
    AnswerCache cache = new AnswerCache(folder);
    String other = Fingerprint.of("another request");
    cache.store(DIGEST, new Complete("Hello.", 11, 7));
    cache.store(other, new Complete("Good bye.", 11, 7));

    Files.write(file(DIGEST), Files.readAllBytes(file(other)));

    assertThat(cache.find(DIGEST)).isEqualTo(new Lookup.Damaged());
  }

  private Path file(String digest) {
    return folder.resolve(digest.substring(0, 2)).resolve(digest + ".json");
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(1, 200); i > 0; i--) {
      int codePoint = random.nextInt(Character.MAX_CODE_POINT + 1);
      boolean surrogate =
          codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
      text.appendCodePoint(surrogate ? '\n' : codePoint);
    }
    return text.toString();
  }
}
