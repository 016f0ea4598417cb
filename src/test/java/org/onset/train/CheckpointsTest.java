package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onset.tensor.Dtype;
import org.onset.train.Toy.Log;

class CheckpointsTest {
  @TempDir Path folder;
  private Checkpoints checkpoints;

  @BeforeEach
  void chooseAFolder() throws IOException {
    checkpoints = new Checkpoints(folder.resolve("work"), 2, 2);
    Files.createDirectories(checkpoints.folder());
  }

  /** How a disk, or someone, spoils a file. */
  private enum Damage {
    CUT_SHORT,
    EMPTIED,
    BIT_FLIPPED,
    DELETED;

    void to(Path file) throws IOException {
      byte[] content = Files.readAllBytes(file);
      switch (this) {
        case CUT_SHORT -> Files.write(file, Arrays.copyOf(content, content.length - 1));
        case EMPTIED -> Files.write(file, new byte[0]);
        case BIT_FLIPPED -> {
          content[content.length / 2] ^= 1;
          Files.write(file, content);
        }
        case DELETED -> Files.delete(file);
      }
    }
  }

  @Test
  void whateverFileIsDamagedHoweverItIsNamedAndTheCheckpointBeforeServes() throws IOException {
    Toy.train(0, 7, 20, checkpoints, new Log()).close();
    Path newest = checkpoints.newestFolder().orElseThrow();
    List<Path> files = filesOf(newest);
    assertThat(files).hasSize(5);

    for (Path file : files) {
      byte[] sound = Files.readAllBytes(file);
      for (Damage damage : Damage.values()) {
        damage.to(file);
        Log log = new Log();

        try (TrainingState state = checkpoints.newest(Dtype.FLOAT32, log).orElseThrow()) {
          assertThat(state.step()).as("%s %s", file, damage).isEqualTo(4);
        }

        assertThat(log.warnings)
            .as("%s %s", file, damage)
            .singleElement()
            .asString()
            .startsWith(file + ": ")
            .endsWith("; trying the checkpoint before it");
        Files.write(file, sound);
      }
    }
    try (TrainingState state = checkpoints.newest(Dtype.FLOAT32, new Log()).orElseThrow()) {
      assertThat(state.step()).isEqualTo(6);
    }
  }

  @Test
  void soManyAreKeptAsAreAskedFor() {
    for (int keepLast = 1; keepLast <= 3; keepLast++) {
      Checkpoints kept = new Checkpoints(folder.resolve("keep-" + keepLast), 2, keepLast);

      Toy.train(0, 9, 20, kept, new Log()).close();

      assertThat(namesIn(kept.folder()))
          .isEqualTo(
              List.of("step-000000000004", "step-000000000006", "step-000000000008")
                  .subList(3 - keepLast, 3));
    }
  }

  @Test
  void whatIsWrittenIsTheStateAsItWasAndNotAsItHasBecome() throws IOException {
    try (TrainingState state = Toy.start();
        CheckpointWriter writer = new CheckpointWriter(checkpoints)) {
      float[] parameters = state.model().parameters().toFloats();
      state.firstMoments().fill(2);

      writer.begin(state);
      state.model().parameters().fill(7);
      state.firstMoments().fill(7);
      state.stepTaken(48, 1, true);
      writer.finish();

      try (TrainingState saved = checkpoints.newest(Dtype.FLOAT32, new Log()).orElseThrow()) {
        assertThat(saved.step()).isZero();
        assertThat(saved.model().parameters().toFloats()).isEqualTo(parameters);
        assertThat(saved.firstMoments().toFloats()).containsOnly(2);
        assertThat(saved.secondMoments().toFloats()).containsOnly(0);
      }
    }
  }

  @Test
  void aCheckpointThatCantBeWrittenEndsTheRun() {
    Log log =
        new Log() {
          @Override
          public void onStep(StepReport report) {
            super.onStep(report);
            if (report.step() == 0) {
              replaceByAFile(checkpoints.folder());
            }
          }
        };

    assertThatThrownBy(() -> Toy.train(0, 20, 20, checkpoints, log))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("work");
    assertThat(log.reports).hasSizeLessThanOrEqualTo(4); // that of step 2 is asked after at step 4
  }

  private static void replaceByAFile(Path emptyFolder) {
    try {
      Files.delete(emptyFolder);
      Files.writeString(emptyFolder, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> filesOf(Path checkpoint) throws IOException {
    try (Stream<Path> all = Files.walk(checkpoint)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<String> namesIn(Path checkpoints) {
    try (Stream<Path> entries = Files.list(checkpoints)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
