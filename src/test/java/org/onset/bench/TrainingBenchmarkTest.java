package org.onset.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.tensor.Dtype;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainingBenchmarkTest {
  private static final PrintStream SILENT =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  /** That the two sides' losses agree is checked by the benchmark itself, which would throw. */
  @Test
  void bothSidesTakeTurnsInProcessesOfTheirOwn(@TempDir Path folder) throws Exception {
    TrainingShape tiny = TrainingShape.named("tiny");
    TrainingInputs inputs = TrainingInputs.write(tiny, folder.resolve("inputs"));

    TrainingMeasure measure = new TrainingBenchmark(tiny, Dtype.FLOAT32, 1, SILENT).measure(inputs);

    JsonNode json = JsonMapper.builder().build().readTree(BenchJson.of(measure));
    assertThat(json.propertyNames())
        .containsExactly("shape", "gemm_peak_gflops", "ours", "eager_plain");
    assertThat(json.get("gemm_peak_gflops").propertyNames()).containsExactly("f32", "bf16");
    for (String side : new String[] {"ours", "eager_plain"}) {
      assertThat(json.get(side).propertyNames())
          .containsExactly("tokens_per_second", "gflops", "peak_memory_bytes", "dtype");
      assertThat(json.at("/" + side + "/tokens_per_second").doubleValue()).isPositive();
    }
    assertThat(json.at("/ours/dtype").stringValue()).isEqualTo("float32");
    assertThat(json.at("/eager_plain/dtype").stringValue()).isEqualTo("float32");
    assertThat(json.at("/ours/gflops").doubleValue())
        .isEqualTo(
            measure.ours().tokensPerSecond()
                * tiny.model().trainingFlopsPerToken(tiny.contextLength())
                / 1e9);
  }
}
