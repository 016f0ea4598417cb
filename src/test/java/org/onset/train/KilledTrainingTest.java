package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KilledTrainingTest {
  private static final int KILLS = 5;
  private static final int FORCIBLY = 128 + 9;

  @Test
  @Timeout(240)
  void aProcessKilledFiveTimesEndsWithTheDigestOfOneThatWasNot(@TempDir Path folder)
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("killing at steps drawn with seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Process uninterrupted = start(folder.resolve("uninterrupted"));
    allow(uninterrupted, KilledTraining.STEPS);

    for (int kill = 0; kill < KILLS; kill++) {
      killAfter(random.nextInt(1, KilledTraining.STEPS / KILLS), folder.resolve("killed"));
    }
    Process last = start(folder.resolve("killed"));
    allow(last, KilledTraining.STEPS);

    String expected = lastLine(uninterrupted);
    assertThat(expected).as("seed %d", seed).startsWith("digest ");
    assertThat(lastLine(last)).as("seed %d", seed).isEqualTo(expected);
    assertThat("digest " + TrainingState.verify(folder.resolve("killed/end")))
        .as("seed %d", seed)
        .isEqualTo(expected);
  }

  /** Lets a process take so many steps; it dies in the one after, or in a checkpoint's writing. */
  private static void killAfter(int steps, Path folder) throws Exception {
    Process process = start(folder);
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      allow(process, steps + 1);
      for (int i = 0; i < steps; i++) {
        assertThat(reader.readLine()).startsWith("step ");
      }
      process.destroyForcibly();
      assertThat(process.waitFor()).isEqualTo(FORCIBLY);
    }
  }

  private static String lastLine(Process process) throws Exception {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String last = reader.lines().reduce("", (_, line) -> line);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      return last;
    }
  }

  private static void allow(Process process, int steps) throws IOException {
    process.getOutputStream().write(new byte[steps]);
    process.getOutputStream().flush();
  }

  private static Process start(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
            "-Dorg.bytedeco.javacpp.nopointergc=true",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", // it lives too briefly for more
            "-cp",
            System.getProperty("java.class.path"),
            KilledTraining.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
