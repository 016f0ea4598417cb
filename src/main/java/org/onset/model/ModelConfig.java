package org.onset.model;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.onset.BadInput;
import org.onset.JsonProblem;
import org.onset.Problems;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code config.json} as Hugging Face writes it for the architectures of {@link Family}. What the
 * model can't do is refused by name, and so is a key of which nothing is known.
 */
final class ModelConfig {
  static final String FILE = "config.json";
  private static final int QWEN3_HEAD_DIM = 128;

  static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Read here, for any family. */
  private static final Set<String> READ =
      Set.of(
          "architectures",
          "model_type",
          "vocab_size",
          "hidden_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "intermediate_size",
          "max_position_embeddings",
          "rms_norm_eps",
          "tie_word_embeddings",
          "hidden_act",
          "layer_types",
          "rope_interleaved",
          "quantization_config");

  /** How config.json calls what {@link ModelSpec} says is wrong. */
  private static final Map<String, String> KEY_OF =
      new LinkedHashMap<>(
          Map.ofEntries(
              Map.entry("vocabSize", "vocab_size"),
              Map.entry("modelDim", "hidden_size"),
              Map.entry("layerCount", "num_hidden_layers"),
              Map.entry("headCount", "num_attention_heads"),
              Map.entry("kvHeadCount", "num_key_value_heads"),
              Map.entry("headDim", "head_dim"),
              Map.entry("feedForwardDim", "intermediate_size"),
              Map.entry("maxContextLength", "max_position_embeddings"),
              Map.entry("ropeTheta", "rope_theta"),
              Map.entry("normEpsilon", "rms_norm_eps"),
              Map.entry("ropeScaling", "rope_scaling"),
              Map.entry("lowFrequencyFactor", "low_freq_factor"),
              Map.entry("highFrequencyFactor", "high_freq_factor"),
              Map.entry("originalContextLength", "original_max_position_embeddings")));

  private final ConfigFields config;

  private ModelConfig(ConfigFields config) {
    this.config = config;
  }

  static ModelSpec read(Path folder) {
    Path file = folder.resolve(FILE);
    ConfigFields config = new ConfigFields(file.toString(), readJson(file));
    ModelSpec spec = new ModelConfig(config).spec();
    config.throwProblems();
    return spec;
  }

  /** The object in {@code file}; BadInput when there is none. */
  static JsonNode readJson(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file + ": there is no such file");
    }
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      if (!root.isObject()) {
        throw new BadInput(file + ": holds no JSON object");
      }
      return root;
    } catch (JacksonException e) {
      throw new BadInput(
          "%s:%d: %s".formatted(file, e.getLocation().getLineNr(), JsonProblem.of(e)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ModelSpec spec() {
    Family family = family();
    int headCount = config.wholeNumber("num_attention_heads");
    int modelDim = config.wholeNumber("hidden_size");
    RopeConfig rope = RopeConfig.read(config);
    ModelSpec spec =
        new ModelSpec(
            config.wholeNumber("vocab_size"),
            modelDim,
            config.wholeNumber("num_hidden_layers"),
            headCount,
            kvHeadCount(family, headCount),
            headDim(family, modelDim, headCount),
            config.wholeNumber("intermediate_size"),
            config.wholeNumber("max_position_embeddings", family.defaultContextLength),
            rope.theta(),
            config.number("rms_norm_eps", 1e-6),
            config.flag("tie_word_embeddings"),
            family == Family.QWEN2,
            family == Family.QWEN3,
            rope.scaling());
    refuseWhatIsNotComputed(spec.layerCount());
    refuseUnknownKeys(family);
    if (config.isSound()) {
      Problems found = new Problems();
      spec.check(found);
      found.found().forEach(p -> config.refuse(inTheirWords(p.field() + ": " + p.message())));
    }
    return spec;
  }

  /** The model's family; {@link Family#LLAMA}, to go on with, when it is none. */
  private Family family() {
    Optional<Family> family = config.text("model_type").flatMap(Family::ofModelType);
    if (family.isEmpty()) {
      config.refuse(
          "model_type: only %s can be read, found %s"
              .formatted(Family.modelTypes(), config.shown("model_type")));
    }
    JsonNode architectures = config.get("architectures");
    if (config.has("architectures")
        && family.isPresent()
        && !architectures.equals(JSON.createArrayNode().add(family.get().architecture))) {
      config.refuse(
          "architectures: only %s can be read, each with its model_type, found %s"
              .formatted(Family.architectures(), architectures));
    }
    return family.orElse(Family.LLAMA);
  }

  private int kvHeadCount(Family family, int headCount) {
    // Qwen's classes would take a fixed number when it is missing, which fits hardly any model.
    return family == Family.LLAMA
        ? config.wholeNumber("num_key_value_heads", headCount)
        : config.wholeNumber("num_key_value_heads");
  }

  private int headDim(Family family, int modelDim, int headCount) {
    OptionalInt given = config.optionalWholeNumber("head_dim");
    if (given.isPresent()) {
      return given.getAsInt();
    }
    if (family == Family.QWEN3) {
      return QWEN3_HEAD_DIM;
    }
    if (headCount <= 0 || modelDim <= 0) {
      return 2; // refused elsewhere
    }
    if (modelDim % headCount != 0) {
      config.refuse(
          "hidden_size: must be a multiple of num_attention_heads (%d) where head_dim isn't given, was %d"
              .formatted(headCount, modelDim));
    }
    return modelDim / headCount;
  }

  private void refuseWhatIsNotComputed(int layerCount) {
    if (!config.text("hidden_act").orElse("silu").equals("silu")) {
      config.refuse("hidden_act: only \"silu\" is computed, found " + config.get("hidden_act"));
    }
    for (String flag :
        new String[] {"attention_bias", "mlp_bias", "rope_interleaved", "use_mrope"}) {
      if (config.flag(flag)) {
        config.refuse(flag + ": models that have it can't be read");
      }
    }
    if (config.flag("use_sliding_window")) {
      config.refuse("use_sliding_window: attention is only computed over the whole context");
    }
    JsonNode layerTypes = config.get("layer_types");
    if (config.has("layer_types")) {
      boolean fits = layerTypes.isArray() && layerTypes.size() == layerCount;
      for (JsonNode type : layerTypes) {
        fits &= type.isString() && type.stringValue().equals("full_attention");
      }
      if (!fits) {
        config.refuse(
            "layer_types: must be \"full_attention\" for each of %d layers, found %s"
                .formatted(layerCount, layerTypes));
      }
    }
    if (config.has("quantization_config")) {
      config.refuse(
          "quantization_config: quantised models can't be read; save it in float32 or bfloat16");
    }
  }

  private void refuseUnknownKeys(Family family) {
    Set<String> known = new HashSet<>(READ);
    known.addAll(RopeConfig.KEYS);
    known.addAll(HarmlessKeys.ALL);
    known.addAll(family.ownKeys());
    config.refuseUnknown(known);
  }

  private static String inTheirWords(String problem) {
    String translated = problem;
    for (Map.Entry<String, String> name : KEY_OF.entrySet()) {
      translated = translated.replaceAll("\\b" + name.getKey() + "\\b", name.getValue());
    }
    return translated;
  }

  static void write(ModelSpec spec, MarkerTokens tokens, StoredDtype dtype, Path folder) {
    Family family = Family.of(spec);
    ObjectNode root = JSON.createObjectNode();
    root.putArray("architectures").add(family.architecture);
    if (family != Family.QWEN2) {
      root.put("attention_bias", false);
    }
    root.put("attention_dropout", 0.0);
    GenerationConfig.putTokens(root, tokens);
    root.put("head_dim", spec.headDim());
    root.put("hidden_act", "silu");
    root.put("hidden_size", spec.modelDim());
    root.put("intermediate_size", spec.feedForwardDim());
    root.put("max_position_embeddings", spec.maxContextLength());
    if (family == Family.LLAMA) {
      root.put("mlp_bias", false);
    } else {
      root.put("use_sliding_window", false);
    }
    root.put("model_type", family.modelType);
    root.put("num_attention_heads", spec.headCount());
    root.put("num_hidden_layers", spec.layerCount());
    root.put("num_key_value_heads", spec.kvHeadCount());
    root.put("rms_norm_eps", spec.normEpsilon());
    new RopeConfig(spec.ropeTheta(), spec.ropeScaling()).writeTo(root);
    root.put("tie_word_embeddings", spec.tiedEmbeddings());
    root.put("torch_dtype", dtype.label());
    root.put("use_cache", true);
    root.put("vocab_size", spec.vocabSize());
    writeJson(root, folder.resolve(FILE));
  }

  static void writeJson(ObjectNode node, Path file) {
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    try (FileChannel channel = FileChannel.open(file, Set.of(CREATE, WRITE, TRUNCATE_EXISTING))) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
