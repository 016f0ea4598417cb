package org.onset.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataBenchmarkTest {
  private static final PrintStream SILENT =
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  @Test
  void theWholePipelineAndBothEncodersAreMeasured(@TempDir Path folder) throws IOException {
    Path input = folder.resolve("in.jsonl");
    long bytes = writeTexts(input, 60);
    DataBenchmark.Subject subject =
        new DataBenchmark.Subject(List.of(input), Optional.empty(), 300, Optional.empty());

    DataMeasure measure = new DataBenchmark(subject, SILENT).measure();

    JsonNode json = JsonMapper.builder().build().readTree(BenchJson.of(measure));
    assertThat(json.propertyNames())
        .containsExactly(
            "input_bytes",
            "documents",
            "tokens",
            "start_seconds",
            "mb_per_second",
            "steps",
            "tokenizer",
            "peak_memory_bytes");
    assertThat(json.at("/steps/0").propertyNames()).containsExactly("name", "seconds", "share");
    assertThat(json.get("tokenizer").propertyNames())
        .containsExactly("ours_mb_per_second", "hf_mb_per_second", "identical_ids");
    assertThat(measure.inputBytes()).isEqualTo(bytes);
    assertThat(measure.documents()).isEqualTo(60);
    assertThat(measure.tokens()).isPositive();
    assertThat(measure.tokenizer().identicalIds()).isTrue();
    assertThat(measure.steps().stream().map(DataMeasure.Step::name))
        .contains("documents", "signatures", "duplicates", "scores", "streams", "tokens", "other")
        .doesNotContain("scorer", "quality");
    assertThat(measure.steps().stream().mapToDouble(DataMeasure.Step::share).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(
            measure.mbPerSecond()
                * measure.steps().stream().mapToDouble(DataMeasure.Step::seconds).sum())
        .isCloseTo(bytes / 1e6, within(1e-9));
  }

  @Test
  void generatedFilesAreTheSameEveryTimeAndHoldCopies(@TempDir Path folder) throws IOException {
    Path like = folder.resolve("like.jsonl");
    writeTexts(like, 40);

    GeneratedCorpus.write(List.of(like), 2_000_000, folder.resolve("one"));
    GeneratedCorpus.write(List.of(like), 2_000_000, folder.resolve("two"));

    Path file = Path.of("part-00000.jsonl");
    assertThat(folder.resolve("two").resolve(file))
        .hasSameBinaryContentAs(folder.resolve("one").resolve(file));
    List<JsonNode> documents = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("one").resolve(file))) {
      documents.add(JsonMapper.builder().build().readTree(line));
    }
    long bytes = documents.stream().mapToLong(each -> each.get("text").asString().length()).sum();
    long repeated =
        documents.size() - documents.stream().map(each -> each.get("text")).distinct().count();
    assertThat((double) bytes).isCloseTo(2_000_000, within(100_000.0));
    assertThat(documents.stream().map(each -> each.get("id")).distinct()).hasSameSizeAs(documents);
    assertThat((double) repeated / documents.size()).isBetween(0.005, 0.05);
  }

  private static long writeTexts(Path file, int documents) throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    List<String> lines = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < documents; i++) {
      StringBuilder text = new StringBuilder();
      for (int word = 0; word < 80; word++) {
        text.append(word == 0 ? "" : " ").append(Integer.toString(random.nextInt(3_000), 36));
      }
      text.append(" — done.");
      bytes += text.toString().getBytes(StandardCharsets.UTF_8).length;
      lines.add("{\"id\":\"%d\",\"text\":\"%s\"}".formatted(i, text));
    }
    Files.write(file, lines);
    return bytes;
  }
}
