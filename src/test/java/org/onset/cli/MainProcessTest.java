package org.onset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: how it ends. */
class MainProcessTest {
  private static final int TERMINATED = 128 + 15;

  @Test
  @Timeout(60)
  void aCommandThatIsDoneEndsAtOnce() throws Exception {
    Process child = start("--version");

    assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isZero();
    assertThat(child.inputReader().readLine()).startsWith("onset ");
  }

  @Test
  @Timeout(60)
  void aSignalInterruptsARunWhichSaysSoAndEndsAtOnce(@TempDir Path folder) throws Exception {
    Process child = start("run", "studies/smoke.yaml", "--out", folder.toString());
    List<String> lines = new ArrayList<>();
    try (BufferedReader errors = child.errorReader(StandardCharsets.UTF_8)) {
      errors.readLine(); // the JVM's own, on the vector API
      lines.add(String.valueOf(errors.readLine())); // the first stage is done, the next one runs
      child.toHandle().destroy(); // a signal only: Process.destroy() would close the streams too
      errors.lines().forEach(lines::add);
    }

    assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(lines.getFirst()).startsWith("corpus");
    assertThat(lines.getLast())
        .isEqualTo("onset: interrupted; the state is saved, the same command goes on");
    assertThat(child.exitValue()).isEqualTo(TERMINATED);
  }

  private static Process start(String... arguments) throws IOException {
    Stream<String> java =
        Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@src/main/launch/jvm.flags",
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    return new ProcessBuilder(Stream.concat(java, Stream.of(arguments)).toList()).start();
  }
}
