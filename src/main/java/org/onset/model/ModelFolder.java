package org.onset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.onset.BadInput;
import org.onset.tensor.Dtype;
import org.onset.tensor.Tensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model's folder in Hugging Face's layout, open for reading: its sizes and its weights, each
 * checked against the other. The weights stay in mapped files until they are read.
 */
public final class ModelFolder implements AutoCloseable {
  private static final String ORIGIN = "onset/origin.json";
  private static final String TRAINED_TOKENS = "trained_tokens";

  /** What a training run of Onset's own keeps beside its models. */
  private static final String PROGRESS = "onset/progress.json";

  private static final String TOKENS_SEEN = "tokensSeen";

  /** Old folders keep these tables, which follow from the sizes. */
  private static final String ROTATION_TABLE = ".rotary_emb.inv_freq";

  private final Path folder;
  private final ModelSpec spec;
  private final WeightFiles files;

  private ModelFolder(Path folder, ModelSpec spec, WeightFiles files) {
    this.folder = folder;
    this.spec = spec;
    this.files = files;
  }

  /** Opens and checks {@code folder}; BadInput says all that is wrong with it. */
  public static ModelFolder open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new BadInput(folder + ": there is no such folder");
    }
    ModelFolder opened =
        new ModelFolder(folder, ModelConfig.read(folder), WeightFiles.open(folder));
    try {
      opened.check();
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  public ModelSpec spec() {
    return spec;
  }

  /**
   * Every parameter by Hugging Face's name, in the order of {@link Transformer#parameterRanges}.
   */
  public SequencedMap<String, TensorSource> weights() {
    SequencedMap<String, TensorSource> weights = new LinkedHashMap<>();
    for (ParameterRange range : Parameters.ranges(spec)) {
      weights.put(range.name(), files.tensor(range.name()));
    }
    return weights;
  }

  /** The format of all weights, or float32, which holds every other, where they differ. */
  public StoredDtype dtype() {
    Set<StoredDtype> found =
        weights().keySet().stream().map(this::dtype).collect(Collectors.toUnmodifiableSet());
    return found.size() == 1 ? found.iterator().next() : StoredDtype.FLOAT32;
  }

  private StoredDtype dtype(String name) {
    Safetensors file = files.fileOf().get(name);
    return file == null ? StoredDtype.FLOAT32 : file.dtype(name);
  }

  @Override
  public void close() {
    files.close();
  }

  /** The beginning, ends and padding that {@code folder}'s files name. */
  public static MarkerTokens markerTokens(Path folder) {
    return GenerationConfig.tokens(folder);
  }

  /** The ids that end a generation: every one that {@code folder}'s files name. */
  public static int[] stopTokens(Path folder) {
    return markerTokens(folder).ends().stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * How many tokens the model was trained on, where its folder says so: {@code trained_tokens} in
   * {@code onset/origin.json}, or what a training run of Onset's has seen.
   */
  public static OptionalLong trainedTokens(Path folder) {
    OptionalLong told = wholeNumber(folder.resolve(ORIGIN), TRAINED_TOKENS);
    return told.isPresent() ? told : wholeNumber(folder.resolve(PROGRESS), TOKENS_SEEN);
  }

  private static OptionalLong wholeNumber(Path file, String key) {
    if (!Files.isRegularFile(file)) {
      return OptionalLong.empty();
    }
    JsonNode node = ModelConfig.readJson(file).path(key);
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw new BadInput("%s: %s: must be a count of tokens, found %s".formatted(file, key, node));
    }
    return OptionalLong.of(node.longValue());
  }

  /** Says in {@code folder} how many tokens its model was trained on. */
  public static void writeTrainedTokens(Path folder, long trainedTokens) {
    createDirectories(folder.resolve(ORIGIN).resolveSibling(""));
    ObjectNode origin = ModelConfig.JSON.createObjectNode();
    ModelConfig.writeJson(origin.put(TRAINED_TOKENS, trainedTokens), folder.resolve(ORIGIN));
  }

  /**
   * Writes a model into {@code folder}.
   *
   * @param weights every parameter of {@code spec}, by Hugging Face's names
   * @param generation what {@code generation_config.json} says beside the tokens
   * @param shardBytes the most that one file of weights holds
   */
  public static void write(
      Path folder,
      ModelSpec spec,
      SequencedMap<String, ? extends TensorSource> weights,
      MarkerTokens tokens,
      ObjectNode generation,
      StoredDtype dtype,
      long shardBytes) {
    createDirectories(folder);
    WeightFiles.write(folder, weights, dtype, shardBytes);
    ModelConfig.write(spec, tokens, dtype, folder);
    GenerationConfig.write(tokens, generation, folder);
  }

  /** Writes the model whose {@code parameters} are given, [parameterCount]. */
  static void save(ModelSpec spec, Tensor parameters, Path folder, int[] stopTokens) {
    SequencedMap<String, TensorSource> weights = new LinkedHashMap<>();
    for (ParameterRange range : Parameters.ranges(spec)) {
      weights.put(range.name(), TensorSource.part(parameters, range.offset(), range.shape()));
    }
    ObjectNode generation = ModelConfig.JSON.createObjectNode();
    generation.put("_from_model_config", true);
    MarkerTokens tokens = MarkerTokens.endingWith(stopTokens);
    write(folder, spec, weights, tokens, generation, StoredDtype.FLOAT32, Long.MAX_VALUE);
  }

  /** The model's sizes; its weights are named and shaped as these ask for, and aren't read. */
  public static ModelSpec specOf(Path folder) {
    try (ModelFolder opened = open(folder)) {
      return opened.spec();
    }
  }

  static Transformer load(Path folder, Dtype computedIn) {
    try (ModelFolder opened = open(folder)) {
      Transformer model = new Transformer(opened.spec, computedIn);
      try {
        for (ParameterRange range : model.parameterRanges()) {
          opened.files.tensor(range.name()).copyTo(model.parameters(), range.offset());
        }
      } catch (RuntimeException e) {
        model.close();
        throw e;
      }
      model.parametersChanged();
      return model;
    }
  }

  private static void createDirectories(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Refuses weights that are infinite or no number, by name: such a model says nothing. */
  public static void requireFinite(Path where, Map<String, ? extends TensorSource> weights) {
    List<String> problems =
        weights.entrySet().stream()
            .filter(weight -> !weight.getValue().isFinite())
            .map(
                weight ->
                    "%s: %s: holds what is infinite or no number; has its training diverged?"
                        .formatted(where, weight.getKey()))
            .toList();
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }

  /** Every parameter is there with its shape, and nothing else is. */
  private void check() {
    List<String> problems = new ArrayList<>();
    Map<String, Safetensors> rest = new TreeMap<>(files.fileOf());
    for (ParameterRange range : Parameters.ranges(spec)) {
      Safetensors file = rest.remove(range.name());
      if (file == null) {
        problems.add("%s: %s: is missing".formatted(folder, range.name()));
        continue;
      }
      long[] shape = file.tensor(range.name()).shape();
      if (!Arrays.equals(shape, range.shape())) {
        problems.add(
            "%s: %s: has the shape %s, but %s makes it %s"
                .formatted(
                    file.file(),
                    range.name(),
                    Arrays.toString(shape),
                    ModelConfig.FILE,
                    Arrays.toString(range.shape())));
      }
    }
    rest.forEach(
        (name, file) -> {
          if (!name.endsWith(ROTATION_TABLE) && !repeatsTheEmbedding(name)) {
            problems.add(
                "%s: %s: is no parameter of the model that %s describes"
                    .formatted(file.file(), name, ModelConfig.FILE));
          }
        });
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }

  /** Some writers store a tied output matrix all the same. */
  private boolean repeatsTheEmbedding(String name) {
    return spec.tiedEmbeddings()
        && name.equals(Parameters.OUTPUT)
        && files.fileOf().containsKey(Parameters.EMBEDDING)
        && sameValues(files.tensor(name), files.tensor(Parameters.EMBEDDING));
  }

  private static boolean sameValues(TensorSource one, TensorSource other) {
    if (!Arrays.equals(one.shape(), other.shape())) {
      return false;
    }
    float[] left = new float[TensorSource.PIECE];
    float[] right = new float[TensorSource.PIECE];
    long all = one.count();
    for (long from = 0; from < all; from += left.length) {
      int count = (int) Math.min(left.length, all - from);
      one.read(from, left, count);
      other.read(from, right, count);
      if (!Arrays.equals(left, 0, count, right, 0, count)) {
        return false;
      }
    }
    return true;
  }
}
