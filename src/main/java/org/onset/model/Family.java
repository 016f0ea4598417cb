package org.onset.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The architectures that are computed, by Hugging Face's names, and what a config may leave out.
 */
enum Family {
  LLAMA("LlamaForCausalLM", "llama", 2048),
  QWEN2("Qwen2ForCausalLM", "qwen2", 32_768),
  QWEN3("Qwen3ForCausalLM", "qwen3", 32_768);

  final String architecture;
  final String modelType;

  /** What {@code max_position_embeddings} is when a config doesn't say. */
  final int defaultContextLength;

  Family(String architecture, String modelType, int defaultContextLength) {
    this.architecture = architecture;
    this.modelType = modelType;
    this.defaultContextLength = defaultContextLength;
  }

  /** Keys that only this family's configs have. */
  Set<String> ownKeys() {
    return switch (this) {
      case LLAMA -> Set.of("attention_bias", "mlp_bias");
      case QWEN2 ->
          Set.of("use_sliding_window", "sliding_window", "max_window_layers", "use_mrope");
      case QWEN3 ->
          Set.of("attention_bias", "use_sliding_window", "sliding_window", "max_window_layers");
    };
  }

  static Optional<Family> ofModelType(String modelType) {
    return Arrays.stream(values()).filter(f -> f.modelType.equals(modelType)).findFirst();
  }

  static Family of(ModelSpec spec) {
    if (spec.queryKeyValueBias() && spec.queryKeyNorm()) {
      throw new IllegalArgumentException("no architecture has both biases and head norms: " + spec);
    }
    return spec.queryKeyValueBias() ? QWEN2 : spec.queryKeyNorm() ? QWEN3 : LLAMA;
  }

  static String architectures() {
    return Arrays.stream(values()).map(f -> f.architecture).collect(Collectors.joining(", "));
  }

  static String modelTypes() {
    return Arrays.stream(values()).map(f -> f.modelType).collect(Collectors.joining(", "));
  }
}
