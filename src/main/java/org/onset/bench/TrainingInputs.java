package org.onset.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.onset.Seeds;
import org.onset.WholeFolder;
import org.onset.model.Transformer;

/** The folder that both sides of a training benchmark begin with: a model, and a batch. */
public record TrainingInputs(Path folder) {
  private static final String BATCH = "batch.json";
  private static final String FIRST_LOSSES = "first-losses.json";

  private record Batch(List<int[]> tokens) {}

  private record FirstLosses(double ours, double eagerPlain) {}

  /** Writes a new model of the shape, and tokens drawn evenly from its vocabulary. */
  public static TrainingInputs write(TrainingShape shape, Path folder) {
    Seeds seeds = new Seeds(0);
    SplittableRandom random = seeds.generator("bench/batch");
    int[][] tokens = new int[shape.sequences()][];
    for (int row = 0; row < tokens.length; row++) {
      tokens[row] = random.ints(shape.contextLength() + 1L, 0, shape.model().vocabSize()).toArray();
    }
    try (Transformer model = Transformer.initialise(shape.model(), seeds)) {
      model.save(folder, new int[0]);
      Files.writeString(
          folder.resolve(BATCH), BenchJson.MAPPER.writeValueAsString(new Batch(List.of(tokens))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TrainingInputs(folder);
  }

  /** The batch's rows, [sequence][time + 1]. */
  int[][] tokens() {
    try {
      return BenchJson.MAPPER
          .readValue(Files.readString(folder.resolve(BATCH)), Batch.class)
          .tokens()
          .toArray(int[][]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves both sides' losses before any update, for another stack to compare with. */
  void writeFirstLosses(double ours, double eagerPlain) {
    try {
      Files.writeString(
          folder.resolve(FIRST_LOSSES), BenchJson.of(new FirstLosses(ours, eagerPlain)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes the folder with all that lies in it. */
  public void delete() {
    try {
      if (Files.exists(folder)) {
        WholeFolder.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
