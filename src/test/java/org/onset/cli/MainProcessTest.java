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
import org.onset.Seeds;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.token.Tokenizer;
import org.onset.token.WordTokenizer;

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

  @Test
  @Timeout(60)
  void aChatStreamsByAPipeAndEndsWithIt(@TempDir Path folder) throws Exception {
    saveModel(folder);
    Process child = start("chat", folder.toString(), "--max-tokens", "3");
    List<String> answers = new ArrayList<>();

    try (BufferedReader answered = child.inputReader(StandardCharsets.UTF_8)) {
      try (var lines = child.outputWriter(StandardCharsets.UTF_8)) {
        for (String line : List.of("river", "stone")) {
          lines.write(line + "\n");
          lines.flush();
          answers.add(answered.readLine()); // comes before the next line is written
        }
      }
      assertThat(answered.readLine()).isNull();
    }

    assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).isZero();
    assertThat(answers).hasSize(2).doesNotContainNull();
  }

  @Test
  @Timeout(60)
  void aSignalEndsAChatThatWaitsForALine(@TempDir Path folder) throws Exception {
    saveModel(folder);
    Process child = start("chat", folder.toString(), "--max-tokens", "3");
    try (var lines = child.outputWriter(StandardCharsets.UTF_8);
        BufferedReader answered = child.inputReader(StandardCharsets.UTF_8)) {
      lines.write("river\n");
      lines.flush();
      assertThat(answered.readLine()).isNotNull();
      child.toHandle().destroy();

      assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(child.exitValue()).isEqualTo(TERMINATED);
  }

  private static void saveModel(Path folder) {
    WordTokenizer.write(List.of("river", "stone"), folder);
    try (Tokenizer tokenizer = Tokenizer.open(folder);
        Transformer model =
            Transformer.initialise(
                new ModelSpec(tokenizer.vocabSize(), 8, 1, 2, 1, 4, 16, 64, 10_000, 1e-5, true),
                new Seeds(4))) {
      model.save(folder, tokenizer.stopTokens());
    }
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
