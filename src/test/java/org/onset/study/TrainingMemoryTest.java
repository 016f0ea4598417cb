package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onset.tensor.Dtype;

/** Trains for minutes where cores are few, so only where ONSET_MEASURE is set. */
class TrainingMemoryTest {
  @ParameterizedTest
  @CsvSource({
    "WORLD, FLOAT32", "MEDIUM, FLOAT32", "LARGE, FLOAT32",
    "WORLD, BFLOAT16", "MEDIUM, BFLOAT16", "LARGE, BFLOAT16"
  })
  @EnabledOnOs(OS.LINUX)
  @EnabledIfEnvironmentVariable(named = "ONSET_MEASURE", matches = ".+")
  void theEstimateIsWithinFifteenPercentOfWhatAProcessTakes(
      MeasuredTraining.Size size, Dtype computedIn, @TempDir Path folder) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("src/main/launch/jvm.flags").toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                MeasuredTraining.class.getName(),
                size.name(),
                computedIn.name(),
                folder.resolve("checkpoints").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long measured;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      measured = Long.parseLong(reader.readLine());
    }
    long estimated = size.estimate(computedIn).peakBytes(1);

    System.out.printf(
        "%s in %s: %,d parameters, %d MiB measured, %d MiB estimated%n",
        size, computedIn, size.model.parameterCount(), measured >> 20, estimated >> 20);
    assertThat((double) estimated / measured).isBetween(0.85, 1.15);
  }
}
