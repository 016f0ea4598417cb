package org.onset.model;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.onset.BadInput;
import org.onset.tensor.Dtype;
import tools.jackson.databind.JsonNode;

/** A Hugging Face folder of a model: its sizes and its parameters, in one file or several. */
final class ModelFolder {
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  /** Old folders keep these tables, which follow from the sizes. */
  private static final String ROTATION_TABLE = ".rotary_emb.inv_freq";

  private ModelFolder() {}

  static void save(Transformer model, Path folder, int[] stopTokens) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SequencedMap<String, Safetensors.Values> tensors = new LinkedHashMap<>();
    for (ParameterRange range : model.parameterRanges()) {
      tensors.put(range.name(), new Safetensors.Values(model.leaves().get(range), range.shape()));
    }
    Safetensors.write(folder.resolve(WEIGHTS), tensors);
    ModelConfig.write(model.spec(), folder, stopTokens);
  }

  static Transformer load(Path folder, Dtype computedIn) {
    if (!Files.isDirectory(folder)) {
      throw new BadInput(folder + ": there is no such folder");
    }
    ModelSpec spec = ModelConfig.read(folder);
    Map<Path, Safetensors> open = new LinkedHashMap<>();
    try {
      Map<String, Safetensors> weights = weights(folder, open);
      check(folder, spec, weights);
      Transformer model = new Transformer(spec, computedIn);
      for (ParameterRange range : model.parameterRanges()) {
        model.leaves().set(range, of(weights, range.name()));
      }
      model.parametersChanged();
      return model;
    } finally {
      open.values().forEach(Safetensors::close);
    }
  }

  /** Which file holds each tensor; every file opened is put into {@code open}. */
  private static Map<String, Safetensors> weights(Path folder, Map<Path, Safetensors> open) {
    Path single = folder.resolve(WEIGHTS);
    Path index = folder.resolve(INDEX);
    Map<String, Safetensors> weights = new TreeMap<>();
    if (Files.exists(single)) {
      Safetensors file = Safetensors.open(single);
      open.put(single, file);
      file.names().forEach(name -> weights.put(name, file));
      return weights;
    }
    if (!Files.exists(index)) {
      throw new BadInput(
          "%s: holds neither %s nor %s; other formats of weights can't be read"
              .formatted(folder, WEIGHTS, INDEX));
    }
    JsonNode map = ModelConfig.readJson(index).path("weight_map");
    if (!map.isObject()) {
      throw new BadInput(index + ": weight_map: must map each tensor to its file, found none");
    }
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String name = entry.getKey();
      if (!isFileName(entry.getValue())) {
        problems.add(
            "%s: weight_map: %s: must name a file of this folder, found %s"
                .formatted(index, name, entry.getValue()));
        continue;
      }
      Path file = folder.resolve(entry.getValue().stringValue());
      Safetensors shard = open.computeIfAbsent(file, Safetensors::open);
      if (shard.names().contains(name)) {
        weights.put(name, shard);
      } else {
        problems.add("%s: %s: is missing, though %s lists it here".formatted(file, name, INDEX));
      }
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return weights;
  }

  private static boolean isFileName(JsonNode node) {
    return node.isString()
        && !node.stringValue().isEmpty()
        && !node.stringValue().contains("/")
        && !node.stringValue().contains("\\");
  }

  /** Every parameter is there with its shape, and nothing else is. */
  private static void check(Path folder, ModelSpec spec, Map<String, Safetensors> weights) {
    List<String> problems = new ArrayList<>();
    Map<String, Safetensors> rest = new TreeMap<>(weights);
    for (ParameterRange range : Parameters.ranges(spec)) {
      Safetensors file = rest.remove(range.name());
      if (file == null) {
        problems.add("%s: %s: is missing".formatted(folder, range.name()));
      } else if (!Arrays.equals(file.shape(range.name()), range.shape())) {
        problems.add(
            "%s: %s: has the shape %s, but %s makes it %s"
                .formatted(
                    file.file(),
                    range.name(),
                    Arrays.toString(file.shape(range.name())),
                    ModelConfig.FILE,
                    Arrays.toString(range.shape())));
      }
    }
    rest.forEach(
        (name, file) -> {
          if (!name.endsWith(ROTATION_TABLE) && !repeatsTheEmbedding(spec, name, weights)) {
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
  private static boolean repeatsTheEmbedding(
      ModelSpec spec, String name, Map<String, Safetensors> weights) {
    return spec.tiedEmbeddings()
        && name.equals(Parameters.OUTPUT)
        && weights.containsKey(Parameters.EMBEDDING)
        && Arrays.equals(of(weights, name), of(weights, Parameters.EMBEDDING));
  }

  private static float[] of(Map<String, Safetensors> weights, String name) {
    return requireNonNull(weights.get(name), name).floats(name);
  }
}
