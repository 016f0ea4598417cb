package org.onset.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.onset.BadInput;
import org.onset.model.MarkerTokens;
import org.onset.model.ModelFolder;
import org.onset.model.ModelSpec;
import org.onset.model.StoredDtype;
import org.onset.model.TensorSource;
import org.onset.token.Tokenizer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a model as a folder in Hugging Face's layout, from such a folder or from a GGUF file: its
 * sizes, its weights, its tokenizer with chat template, and what ends a generation.
 */
public final class Hub {
  private static final String GENERATION = "generation_config.json";
  private static final String TRAINER_STATE = "trainer_state.json";

  /**
   * How weights are written.
   *
   * @param dtype none: as they are stored, and those of a GGUF file as float32
   * @param shardBytes the most that one file holds; a larger tensor has its own
   */
  public record Form(Optional<StoredDtype> dtype, long shardBytes) {
    public static final Form AS_STORED = new Form(Optional.empty(), Long.MAX_VALUE);
  }

  /** What was written. */
  public record Carried(ModelSpec spec, StoredDtype dtype, OptionalLong trainedTokens) {}

  private Hub() {}

  /**
   * Carries a model's folder to the new folder {@code out}.
   *
   * @param trainedTokens on how many tokens it was trained; none: as {@code source} says, if it
   *     does
   */
  public static Carried folder(Path source, Path out, Form form, OptionalLong trainedTokens) {
    NewFolder.requireFree(out);
    try (ModelFolder opened = ModelFolder.open(source)) {
      MarkerTokens tokens = ModelFolder.markerTokens(source);
      ObjectNode generation =
          TokenizerFolder.readJson(source.resolve(GENERATION)).orElseGet(Hub::plainGeneration);
      OptionalLong trained = trainedTokens.isPresent() ? trainedTokens : trainedTokens(source);
      checkTokenizer(source, source.toString(), opened.spec());
      StoredDtype dtype = form.dtype().orElseGet(opened::dtype);
      NewFolder.write(
          out,
          folder -> {
            TokenizerFolder.copy(source, folder);
            writeModel(folder, opened.spec(), opened.weights(), tokens, generation, dtype, form);
            trained.ifPresent(count -> ModelFolder.writeTrainedTokens(folder, count));
          });
      return new Carried(opened.spec(), dtype, trained);
    }
  }

  /** Carries the model of a GGUF file to the new folder {@code out}; see {@link #folder}. */
  public static Carried gguf(Path source, Path out, Form form, OptionalLong trainedTokens) {
    NewFolder.requireFree(out);
    try (GgufFile file = GgufFile.open(source)) {
      GgufModel model = GgufModel.read(file);
      GgufTokenizer tokenizer = GgufTokenizer.read(file.metadata(), model);
      StoredDtype dtype = form.dtype().orElse(StoredDtype.FLOAT32);
      NewFolder.write(
          out,
          folder -> {
            TokenizerFolder.write(tokenizer, folder);
            checkTokenizer(folder, source.toString(), model.spec());
            writeModel(
                folder,
                model.spec(),
                model.weights(),
                model.tokens(),
                plainGeneration(),
                dtype,
                form);
            trainedTokens.ifPresent(count -> ModelFolder.writeTrainedTokens(folder, count));
          });
      return new Carried(model.spec(), dtype, trainedTokens);
    }
  }

  private static ObjectNode plainGeneration() {
    return TokenizerFolder.JSON.createObjectNode().put("_from_model_config", true);
  }

  private static void writeModel(
      Path folder,
      ModelSpec spec,
      SequencedMap<String, TensorSource> weights,
      MarkerTokens tokens,
      ObjectNode generation,
      StoredDtype dtype,
      Form form) {
    ModelFolder.requireFinite(folder, weights);
    ModelFolder.write(folder, spec, weights, tokens, generation, dtype, form.shardBytes());
  }

  /** The tokenizer can be opened, and the model knows all its tokens. */
  private static void checkTokenizer(Path folder, String source, ModelSpec spec) {
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      if (tokenizer.vocabSize() > spec.vocabSize()) {
        throw new BadInput(
            "%s: the tokenizer has ids up to %d, but the model only %d tokens"
                .formatted(source, tokenizer.vocabSize() - 1, spec.vocabSize()));
      }
    } catch (BadInput e) {
      // The folder may be a temporary one, whose name tells the user nothing.
      List<String> problems = e.problems();
      throw new BadInput(
          problems.stream().map(problem -> problem.replace(folder.toString(), source)).toList());
    }
  }

  /** As the folder says, or the state that Hugging Face's trainer leaves in its checkpoints. */
  private static OptionalLong trainedTokens(Path source) {
    OptionalLong told = ModelFolder.trainedTokens(source);
    if (told.isPresent() || !Files.isRegularFile(source.resolve(TRAINER_STATE))) {
      return told;
    }
    JsonNode seen =
        TokenizerFolder.readJson(source.resolve(TRAINER_STATE))
            .map(state -> state.path("num_input_tokens_seen"))
            .orElseThrow();
    // 0 when the trainer wasn't told to count.
    return seen.isIntegralNumber() && seen.canConvertToLong() && seen.longValue() > 0
        ? OptionalLong.of(seen.longValue())
        : OptionalLong.empty();
  }
}
