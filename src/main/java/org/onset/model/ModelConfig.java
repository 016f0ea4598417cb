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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Problems;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code config.json} and {@code generation_config.json} as Hugging Face writes them for a {@code
 * LlamaForCausalLM}. What the model can't do is refused by name; keys that change nothing it
 * computes are passed over.
 */
final class ModelConfig {
  static final String FILE = "config.json";
  static final String GENERATION_FILE = "generation_config.json";
  private static final String ARCHITECTURE = "LlamaForCausalLM";

  static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final JsonNode root;
  private final List<String> problems = new ArrayList<>();

  private ModelConfig(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  static ModelSpec read(Path folder) {
    Path file = folder.resolve(FILE);
    return new ModelConfig(file, readJson(file)).spec();
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
          "%s:%d: %s".formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ModelSpec spec() {
    refuseWhatIsNotLlama();
    int modelDim = wholeNumber("hidden_size", null);
    int headCount = wholeNumber("num_attention_heads", null);
    ModelSpec spec =
        new ModelSpec(
            wholeNumber("vocab_size", null),
            modelDim,
            wholeNumber("num_hidden_layers", null),
            headCount,
            wholeNumber("num_key_value_heads", headCount),
            wholeNumber("head_dim", headCount > 0 ? modelDim / headCount : 0),
            wholeNumber("intermediate_size", null),
            wholeNumber("max_position_embeddings", 2048),
            ropeTheta(),
            number(root.get("rms_norm_eps"), "rms_norm_eps", 1e-6),
            flag("tie_word_embeddings"));
    if (problems.isEmpty()) {
      Problems found = new Problems();
      spec.check(found);
      found.found().forEach(problem -> refuse(problem.field() + ": " + problem.message()));
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return spec;
  }

  private void refuseWhatIsNotLlama() {
    JsonNode architectures = root.path("architectures");
    if (architectures.isArray()
        && !(architectures.size() == 1 && isText(architectures.get(0), ARCHITECTURE))) {
      refuse("architectures: only %s can be read, found %s".formatted(ARCHITECTURE, architectures));
    }
    if (!isText(root.path("model_type"), "llama")) {
      refuse("model_type: only \"llama\" can be read, found " + shown(root.get("model_type")));
    }
    JsonNode activation = root.path("hidden_act");
    if (!isAbsent(activation) && !isText(activation, "silu")) {
      refuse("hidden_act: only \"silu\" is computed, found " + activation);
    }
    for (String bias : new String[] {"attention_bias", "mlp_bias", "rope_interleaved"}) {
      if (flag(bias)) {
        refuse(bias + ": models that have it can't be read");
      }
    }
    if (!isAbsent(root.path("quantization_config"))) {
      refuse("quantization_config: quantised models can't be read; save it in float32 or bfloat16");
    }
    for (String scaling : new String[] {"rope_scaling", "rope_parameters"}) {
      JsonNode node = root.path(scaling);
      JsonNode kind = node.has("rope_type") ? node.path("rope_type") : node.path("type");
      boolean plain = isAbsent(kind) ? !scaling.equals("rope_scaling") : isText(kind, "default");
      if (!isAbsent(node) && !plain) {
        refuse(
            "%s: rotation is only computed without scaling (\"default\"), found %s"
                .formatted(scaling, isAbsent(kind) ? node : kind));
      }
      if (number(node.get("partial_rotary_factor"), scaling + ".partial_rotary_factor", 1) != 1) {
        refuse(scaling + ".partial_rotary_factor: only whole heads can be rotated");
      }
    }
  }

  private double ropeTheta() {
    double top = number(root.get("rope_theta"), "rope_theta", 10_000);
    return number(
        root.path("rope_parameters").get("rope_theta"), "rope_parameters.rope_theta", top);
  }

  private int wholeNumber(String key, @Nullable Integer otherwise) {
    JsonNode node = root.path(key);
    if (isAbsent(node) && otherwise != null) {
      return otherwise;
    }
    if (node.isIntegralNumber() && node.canConvertToInt()) {
      return node.intValue();
    }
    refuse("%s: must be a whole number, found %s".formatted(key, shown(root.get(key))));
    return 0;
  }

  private double number(@Nullable JsonNode node, String key, double otherwise) {
    if (node == null || isAbsent(node)) {
      return otherwise;
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    refuse("%s: must be a number, found %s".formatted(key, node));
    return otherwise;
  }

  private boolean flag(String key) {
    JsonNode node = root.path(key);
    if (!isAbsent(node) && !node.isBoolean()) {
      refuse("%s: must be true or false, found %s".formatted(key, node));
    }
    return node.isBoolean() && node.booleanValue();
  }

  private void refuse(String problem) {
    problems.add(file + ": " + problem);
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static boolean isText(JsonNode node, String text) {
    return node.isString() && node.stringValue().equals(text);
  }

  private static String shown(@Nullable JsonNode node) {
    return node == null ? "nothing" : node.toString();
  }

  static void write(ModelSpec spec, Path folder, int[] stopTokens) {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("architectures").add(ARCHITECTURE);
    root.put("attention_bias", false);
    root.put("attention_dropout", 0.0);
    root.putNull("bos_token_id");
    putStopTokens(root, stopTokens);
    root.put("head_dim", spec.headDim());
    root.put("hidden_act", "silu");
    root.put("hidden_size", spec.modelDim());
    root.put("intermediate_size", spec.feedForwardDim());
    root.put("max_position_embeddings", spec.maxContextLength());
    root.put("mlp_bias", false);
    root.put("model_type", "llama");
    root.put("num_attention_heads", spec.headCount());
    root.put("num_hidden_layers", spec.layerCount());
    root.put("num_key_value_heads", spec.kvHeadCount());
    root.put("rms_norm_eps", spec.normEpsilon());
    root.putNull("rope_scaling");
    root.put("rope_theta", spec.ropeTheta());
    root.put("tie_word_embeddings", spec.tiedEmbeddings());
    root.put("torch_dtype", "float32");
    root.put("use_cache", true);
    root.put("vocab_size", spec.vocabSize());
    writeJson(root, folder.resolve(FILE));

    ObjectNode generation = JSON.createObjectNode();
    generation.put("_from_model_config", true);
    putStopTokens(generation, stopTokens);
    writeJson(generation, folder.resolve(GENERATION_FILE));
  }

  /** One id by itself, several as a list, none as null: without a key a reader would assume 2. */
  private static void putStopTokens(ObjectNode node, int[] stopTokens) {
    switch (stopTokens.length) {
      case 0 -> node.putNull("eos_token_id");
      case 1 -> node.put("eos_token_id", stopTokens[0]);
      default -> Arrays.stream(stopTokens).forEach(node.putArray("eos_token_id")::add);
    }
  }

  private static void writeJson(ObjectNode node, Path file) {
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
