package org.onset.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.Seeds;
import org.onset.model.Transformer;
import org.onset.train.Toy.Log;

class TrainingStateTest {
  private static final int[] STOP = {0, 4};

  @TempDir Path folder;
  private Path saved;
  private String digest;
  private float[] parameters;

  @BeforeEach
  void saveAState() {
    saved = folder.resolve("saved");
    Checkpoints checkpoints = new Checkpoints(folder.resolve("work"), 100, 2);
    try (TrainingState state = Toy.train(0, 7, 20, checkpoints, new Log())) {
      parameters = state.model().parameters().toFloats();
      digest = state.save(saved, STOP);
    }
  }

  @Test
  void aSavedStateIsReadBackBitForBit() {
    try (TrainingState loaded = TrainingState.load(saved)) {
      assertThat(loaded.model().parameters().toFloats()).isEqualTo(parameters);
      assertThat(loaded.step()).isEqualTo(7);
      assertThat(loaded.tokensSeen()).isEqualTo(7 * Toy.CONTEXT * Toy.SEQUENCES);
      assertThat(loaded.updates()).isEqualTo(7);
      assertThat(loaded.save(folder.resolve("again"), STOP)).isEqualTo(digest);
    }
  }

  @Test
  void itIsAHuggingFaceFolderWithOnsetBesideIt() {
    assertThat(saved.resolve("config.json")).exists();
    assertThat(saved.resolve("model.safetensors")).exists();
    assertThat(saved.resolve("generation_config.json")).exists();
    assertThat(saved.resolve("onset/optimizer.safetensors")).exists();
    assertThat(saved.resolve("onset/progress.json")).content().contains("\"step\" : 7");
    assertThat(TrainingState.verify(saved)).isEqualTo(digest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "model.safetensors",
        "generation_config.json",
        "onset/optimizer.safetensors",
        "onset/progress.json"
      })
  void damageToAnyFileIsFoundAndNamed(String name) throws IOException {
    Path file = saved.resolve(name);
    byte[] content = Files.readAllBytes(file);
    for (int at = 0; at < content.length; at += 1 + content.length / 20) {
      byte[] damaged = content.clone();
      damaged[at] ^= 4;
      Files.write(file, damaged);

      assertThatThrownBy(() -> TrainingState.load(saved))
          .describedAs("byte %d", at)
          .isInstanceOf(BadInput.class)
          .hasMessageStartingWith(file + ": damaged");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "onset/optimizer.safetensors", "onset/progress.json"})
  void aMissingFileIsNamed(String name) throws IOException {
    Files.delete(saved.resolve(name));

    assertThatThrownBy(() -> TrainingState.load(saved))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(saved.resolve(name) + ": missing");
  }

  @Test
  void filesAddedLaterDontMatter() throws IOException {
    Files.writeString(saved.resolve("tokenizer.json"), "{}");

    assertThat(TrainingState.verify(saved)).isEqualTo(digest);
  }

  @Test
  void nothingIsOverwritten() {
    try (TrainingState loaded = TrainingState.load(saved)) {
      assertThatThrownBy(() -> loaded.save(saved, STOP))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("exists");
    }
  }

  @Test
  void savingOnAnInterruptedThreadSucceedsAndKeepsTheFlag() {
    try (TrainingState loaded = TrainingState.load(saved)) {
      Thread.currentThread().interrupt();

      assertThat(loaded.save(folder.resolve("again"), STOP)).isEqualTo(digest);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aFreshStateHasNoMoments() {
    Transformer model = Transformer.initialise(Toy.spec(true), new Seeds(1));
    try (TrainingState state = TrainingState.fresh(model)) {
      assertThat(state.step()).isZero();
      assertThat(state.firstMoments().norm()).isZero();
      assertThat(state.secondMoments().norm()).isZero();
    }
  }
}
