package org.onset.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.onset.BadInput;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The weights of a Hugging Face folder: {@code model.safetensors}, or several files that {@code
 * model.safetensors.index.json} lists.
 */
final class WeightFiles implements AutoCloseable {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String WEIGHT_MAP = "weight_map";

  private final Path folder;
  private final Map<Path, Safetensors> open = new LinkedHashMap<>();
  private final SortedMap<String, Safetensors> fileOf = new TreeMap<>();

  private WeightFiles(Path folder) {
    this.folder = folder;
  }

  /** Maps every file; BadInput when one is missing, damaged, or not what the index says. */
  static WeightFiles open(Path folder) {
    WeightFiles files = new WeightFiles(folder);
    try {
      files.openAll();
      return files;
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private void openAll() {
    if (Files.exists(folder.resolve(SINGLE))) {
      Safetensors file = openOnce(folder.resolve(SINGLE));
      file.names().forEach(name -> fileOf.put(name, file));
    } else if (Files.exists(folder.resolve(INDEX))) {
      openIndexed(folder.resolve(INDEX));
    } else {
      throw new BadInput(
          "%s: holds neither %s nor %s; other formats of weights can't be read"
              .formatted(folder, SINGLE, INDEX));
    }
  }

  private void openIndexed(Path index) {
    JsonNode map = ModelConfig.readJson(index).path(WEIGHT_MAP);
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
      Safetensors shard = openOnce(folder.resolve(entry.getValue().stringValue()));
      if (shard.names().contains(name)) {
        fileOf.put(name, shard);
      } else {
        problems.add(
            "%s: %s: is missing, though %s lists it here".formatted(shard.file(), name, INDEX));
      }
    }
    for (Safetensors shard : open.values()) {
      for (String name : shard.names()) {
        if (!map.has(name)) {
          problems.add("%s: %s: isn't listed in %s".formatted(shard.file(), name, INDEX));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }

  private Safetensors openOnce(Path file) {
    return open.computeIfAbsent(file, Safetensors::open);
  }

  private static boolean isFileName(JsonNode node) {
    return node.isString()
        && !node.stringValue().isEmpty()
        && !node.stringValue().contains("/")
        && !node.stringValue().contains("\\");
  }

  /** Each tensor's file, by the tensor's name. */
  SortedMap<String, Safetensors> fileOf() {
    return fileOf;
  }

  /** The tensor {@code name}, which must be there. */
  TensorSource tensor(String name) {
    Safetensors file = fileOf.get(name);
    if (file == null) {
      throw new IllegalArgumentException("%s holds no %s".formatted(folder, name));
    }
    return file.tensor(name);
  }

  @Override
  public void close() {
    open.values().forEach(Safetensors::close);
  }

  /**
   * Writes {@code tensors} in their order: into one file, or, when they take more than {@code
   * shardBytes}, into several of at most so many bytes each (a larger tensor has its own).
   */
  static void write(
      Path folder,
      SequencedMap<String, ? extends TensorSource> tensors,
      StoredDtype dtype,
      long shardBytes) {
    List<SequencedMap<String, TensorSource>> shards = new ArrayList<>();
    long allBytes = 0;
    long inLast = Long.MAX_VALUE;
    for (Map.Entry<String, ? extends TensorSource> tensor : tensors.entrySet()) {
      long bytes = dtype.bytes() * tensor.getValue().count();
      if (shards.isEmpty() || inLast + bytes > shardBytes) {
        shards.add(new LinkedHashMap<>());
        inLast = 0;
      }
      shards.getLast().put(tensor.getKey(), tensor.getValue());
      inLast += bytes;
      allBytes += bytes;
    }
    if (shards.size() == 1) {
      SafetensorsWriter.write(folder.resolve(SINGLE), shards.getFirst(), dtype);
      return;
    }
    ObjectNode index = ModelConfig.JSON.createObjectNode();
    index.putObject("metadata").put("total_size", allBytes);
    ObjectNode map = index.putObject(WEIGHT_MAP);
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      SafetensorsWriter.write(folder.resolve(name), shards.get(i), dtype);
      shards.get(i).keySet().forEach(tensor -> map.put(tensor, name));
    }
    ModelConfig.writeJson(index, folder.resolve(INDEX));
  }
}
