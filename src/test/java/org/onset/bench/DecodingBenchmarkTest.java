package org.onset.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.tensor.Dtype;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DecodingBenchmarkTest {
  private static final PrintStream SILENT =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  @Test
  void everyBatchAndTheSearchAreMeasured(@TempDir Path folder) {
    TrainingInputs.write(TrainingShape.named("tiny"), folder);
    DecodingBenchmark.Amounts amounts = new DecodingBenchmark.Amounts(3, 5, List.of(1, 2), 2, 3);

    DecodingMeasure measure =
        new DecodingBenchmark(Optional.of(folder), List.of(Dtype.FLOAT32), amounts, 1, SILENT)
            .measure();

    JsonNode json = JsonMapper.builder().build().readTree(BenchJson.of(measure));
    assertThat(json.propertyNames())
        .containsExactly(
            "model",
            "parameters",
            "prompt_tokens",
            "new_tokens",
            "read_bytes_per_second",
            "gemm_peak_gflops",
            "decoding",
            "safebeam");
    assertThat(json.get("decoding").valueStream().map(rows -> rows.get("batch").intValue()))
        .containsExactly(1, 2);
    assertThat(json.at("/decoding/0").propertyNames())
        .containsExactly(
            "dtype",
            "batch",
            "prefill_tokens_per_second",
            "decode_tokens_per_second",
            "generate_tokens_per_second",
            "limit_tokens_per_second",
            "early_seconds_per_token",
            "late_seconds_per_token");
    assertThat(json.at("/safebeam/0/ratio").doubleValue())
        .isEqualTo(
            measure.safebeam().getFirst().secondsPerStep()
                / measure.safebeam().getFirst().plainSecondsPerStep());
  }
}
