package org.onset.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ArtifactStoreTest {
  private static final Artifact ARTIFACT = Artifact.of("thing", 1, "inputs");

  @TempDir private Path root;
  private ArtifactStore store;

  @BeforeEach
  void openStore() {
    store = new ArtifactStore(root);
  }

  @Test
  void anArtifactIsThereOnceItIsWhole() throws Exception {
    store.build(
        ARTIFACT,
        (output, _) -> {
          Files.writeString(Files.createDirectories(output.resolve("deep")).resolve("file"), "x");
          assertThat(store.has(ARTIFACT)).isFalse();
        });

    assertThat(store.has(ARTIFACT)).isTrue();
    assertThat(store.folder(ARTIFACT).resolve("deep/file")).hasContent("x");
  }

  @Test
  void whatIsThereIsNotBuiltAgain() throws Exception {
    store.build(ARTIFACT, (output, _) -> Files.writeString(output.resolve("file"), "first"));
    store.build(
        ARTIFACT,
        (_, _) -> {
          throw new AssertionError("built twice");
        });

    assertThat(store.folder(ARTIFACT).resolve("file")).hasContent("first");
  }

  @Test
  void aBuilderThatFailsPublishesNothing() throws Exception {
    assertThatThrownBy(() -> store.build(ARTIFACT, ArtifactStoreTest::failHalfway))
        .isInstanceOf(IOException.class)
        .hasMessage("halfway");

    assertThat(store.has(ARTIFACT)).isFalse();
    assertThat(files(root.resolve("tmp"))).isEmpty();
  }

  @Test
  void workSurvivesAFailureAndGoesAfterSuccess() throws Exception {
    assertThatThrownBy(() -> store.build(ARTIFACT, ArtifactStoreTest::failHalfway))
        .isInstanceOf(IOException.class);
    store.build(
        ARTIFACT, (output, work) -> Files.copy(work.resolve("done"), output.resolve("done")));

    assertThat(store.folder(ARTIFACT).resolve("done")).hasContent("half");
    assertThat(store.folder(ARTIFACT).resolve("part")).doesNotExist();
    assertThat(files(root.resolve("work"))).isEmpty();
    assertThat(files(root.resolve("tmp"))).isEmpty();
  }

  private static void failHalfway(Path output, Path work) throws IOException {
    Files.writeString(output.resolve("part"), "half");
    Files.writeString(work.resolve("done"), "half");
    throw new IOException("halfway");
  }

  @Test
  void anErrorOfOurOwnLeavesNothingEither() throws Exception {
    assertThatThrownBy(
            () ->
                store.build(
                    ARTIFACT,
                    (output, _) -> {
                      Files.writeString(output.resolve("part"), "half");
                      throw new AssertionError("our own");
                    }))
        .isInstanceOf(AssertionError.class);

    assertThat(store.has(ARTIFACT)).isFalse();
    assertThat(files(root.resolve("tmp"))).isEmpty();
  }

  @Test
  void artifactsOfOneKindAreToldApartByTheirInputs() throws Exception {
    Artifact other = Artifact.of("thing", 1, "other inputs");
    store.build(ARTIFACT, (output, _) -> Files.writeString(output.resolve("file"), "one"));

    assertThat(store.has(other)).isFalse();
    assertThat(Artifact.of("thing", 2, "inputs")).isNotEqualTo(ARTIFACT);
    assertThat(Artifact.of("thing", 1, "inputs")).isEqualTo(ARTIFACT);
  }

  @Test
  @Timeout(60)
  void twoProcessesOnOneArtifactBuildItOnce() throws Exception {
    Process first = start();
    Process second = start();
    try (BufferedReader saysFirst = first.inputReader(StandardCharsets.UTF_8);
        BufferedReader saysSecond = second.inputReader(StandardCharsets.UTF_8)) {
      allow(first);
      assertThat(saysFirst.readLine()).isEqualTo("building");
      allow(second); // it asks for the artifact now, and has to wait
      allow(first);

      assertThat(saysFirst.readLine()).isEqualTo("there");
      assertThat(saysSecond.readLine()).isEqualTo("there");
    }

    assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(store.folder(BuildingProcess.ARTIFACT).resolve("builder"))
        .hasContent(Long.toString(first.pid()));
  }

  @Test
  @Timeout(60)
  void whatAKilledProcessWasBuildingIsBuiltByTheNext() throws Exception {
    Process killed = start();
    try (BufferedReader says = killed.inputReader(StandardCharsets.UTF_8)) {
      allow(killed);
      assertThat(says.readLine()).isEqualTo("building");
    }
    killed.destroyForcibly().waitFor();
    assertThat(store.has(BuildingProcess.ARTIFACT)).isFalse();

    store.build(
        BuildingProcess.ARTIFACT,
        (output, _) -> {
          assertThat(files(output)).isEmpty();
          Files.writeString(output.resolve("builder"), "the next");
        });

    assertThat(store.folder(BuildingProcess.ARTIFACT).resolve("builder")).hasContent("the next");
    assertThat(files(root.resolve("tmp"))).isEmpty();
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            BuildingProcess.class.getName(),
            root.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void allow(Process child) throws IOException {
    child.getOutputStream().write('\n');
    child.getOutputStream().flush();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
