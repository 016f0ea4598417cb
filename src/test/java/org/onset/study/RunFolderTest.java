package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir private Path temporary;
  private Path out;
  private RunFolder folder;

  @BeforeEach
  void openFolder() {
    out = temporary.resolve("run");
    folder = new RunFolder(out);
  }

  @Test
  void aFileIsReplacedAsAWhole() throws IOException {
    folder.replaceLines("logs/a.jsonl", List.of("one", "two"));
    folder.replaceLines("logs/a.jsonl", List.of("three"));

    assertThat(out.resolve("logs/a.jsonl")).hasContent("three\n");
    assertThat(files(out)).containsExactly("logs/a.jsonl");
  }

  @Test
  void aWriterThatFailsLeavesTheOldFileAlone() throws IOException {
    folder.replaceLines("results.json", List.of("old"));

    assertThatThrownBy(
            () ->
                folder.replace(
                    "results.json",
                    file -> {
                      Files.writeString(file, "half");
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");

    assertThat(out.resolve("results.json")).hasContent("old\n");
    assertThat(files(out)).containsExactly("results.json");
  }

  @Test
  void jsonIsStrict() throws IOException {
    folder.replaceJson("results.json", Map.of("value", 0.5));

    assertThat(out.resolve("results.json")).hasContent("{\n  \"value\" : 0.5\n}\n");
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> folder.replaceJson("results.json", Map.of("value", value)))
          .hasStackTraceContaining("JSON has no number for " + value);
    }
  }

  @Test
  void modelsAreShownAsLinksToTheArtifact() throws IOException {
    Path artifact =
        write(temporary.resolve("store/model"), "model.safetensors", "onset/progress.json");
    Path tokenizer = write(temporary.resolve("store/tokenizer"), "tokenizer.json");

    folder.link("models/arm/1/base", artifact, tokenizer);
    folder.link("models/arm/1/base", artifact, tokenizer);

    Path shown = out.resolve("models/arm/1/base");
    assertThat(files(shown))
        .containsExactlyInAnyOrder("model.safetensors", "onset/progress.json", "tokenizer.json");
    assertThat(
            Files.isSameFile(
                shown.resolve("model.safetensors"), artifact.resolve("model.safetensors")))
        .isTrue();
  }

  @Test
  void aLinkToAnEarlierArtifactGivesWay() throws IOException {
    folder.link("models/arm/1/base", write(temporary.resolve("store/old"), "weights"), null);
    Path current = write(temporary.resolve("store/new"), "weights");
    folder.link("models/arm/1/base", current, null);

    assertThat(
            Files.isSameFile(out.resolve("models/arm/1/base/weights"), current.resolve("weights")))
        .isTrue();
    assertThat(temporary.resolve("store/old/weights")).hasContent("old/weights");
  }

  @Test
  void whereAFileSystemEndsModelsAreCopied() throws IOException {
    Path memory = Path.of("/dev/shm");
    assumeThat(Files.isWritable(memory)).isTrue();
    assumeThat(Files.getFileStore(memory)).isNotEqualTo(Files.getFileStore(temporary));
    Path elsewhere = Files.createTempDirectory(memory, "onset");
    try {
      folder.link("models/arm/1/base", write(elsewhere.resolve("model"), "weights"), null);

      assertThat(out.resolve("models/arm/1/base/weights")).hasContent("model/weights");
      assertThat(files(out)).containsExactly("models/arm/1/base/weights");
    } finally {
      ArtifactStore.deleteRecursively(elsewhere);
    }
  }

  private static Path write(Path folder, String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, folder.getFileName() + "/" + name);
    }
    return folder;
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .toList();
    }
  }
}
