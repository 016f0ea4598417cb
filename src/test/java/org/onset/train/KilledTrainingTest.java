package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onset.train.Toy.Log;

class KilledTrainingTest {
  @Test
  @Timeout(120)
  void aProcessKilledInTheMiddleEndsWithTheDigestOfOneThatWasNot(@TempDir Path folder)
      throws Exception {
    String uninterrupted;
    try (TrainingState state =
        Toy.train(
            0,
            KilledTraining.STEPS,
            KilledTraining.STEPS,
            new Checkpoints(folder.resolve("whole"), 1_000),
            new Log())) {
      uninterrupted = state.save(folder.resolve("expected"), new int[0]);
    }

    // It dies in the step after, or in the checkpoint after that.
    List<String> killed = startAndKillAfter(14, folder);
    List<String> restarted = startAndFinish(folder);

    assertThat(killed.getFirst()).isEqualTo("step 0");
    assertThat(restarted.getFirst()).isIn("step 12", "step 15");
    assertThat(restarted.getLast()).isEqualTo("digest " + uninterrupted);
    assertThat(TrainingState.verify(folder.resolve("end"))).isEqualTo(uninterrupted);
  }

  /** Lets the child take so many steps, and one more, during which it dies. */
  private static List<String> startAndKillAfter(int steps, Path folder) throws Exception {
    Process child = start(folder);
    try (BufferedReader reader = child.inputReader(StandardCharsets.UTF_8)) {
      allow(child, steps);
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < steps; i++) {
        lines.add(String.valueOf(reader.readLine()));
      }
      allow(child, 1);
      child.destroyForcibly();
      assertThat(child.waitFor()).isEqualTo(128 + 9);
      return lines;
    }
  }

  private static List<String> startAndFinish(Path folder) throws Exception {
    Process child = start(folder);
    try (BufferedReader reader = child.inputReader(StandardCharsets.UTF_8)) {
      allow(child, KilledTraining.STEPS);
      List<String> lines = reader.lines().toList();
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isZero();
      return lines;
    }
  }

  private static void allow(Process child, int steps) throws IOException {
    child.getOutputStream().write(new byte[steps]);
    child.getOutputStream().flush();
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
            "-XX:TieredStopAtLevel=1", // it lives too briefly for more
            "-cp",
            System.getProperty("java.class.path"),
            KilledTraining.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
