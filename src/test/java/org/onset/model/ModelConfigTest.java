package org.onset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.onset.BadInput;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ModelConfigTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** The keys that SmolLM2's config.json has. */
  private static final String SMOLLM2 =
      """
      {
        "architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
        "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 48,
        "initializer_range": 0.041666666666666664, "intermediate_size": 96,
        "is_llama_config": true, "max_position_embeddings": 8192, "mlp_bias": false,
        "model_type": "llama", "num_attention_heads": 6, "num_hidden_layers": 3,
        "num_key_value_heads": 2, "pad_token_id": 2, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
        "rope_interleaved": false, "rope_scaling": null, "rope_theta": 100000,
        "tie_word_embeddings": true, "torch_dtype": "bfloat16",
        "transformers.js_config": {"kv_cache_dtype": {"q4f16": "float16"}},
        "transformers_version": "4.42.3", "use_cache": true, "vocab_size": 300
      }
      """;

  /** Llama 3's, with the rotation where transformers 4 puts it. */
  private static final String LLAMA3 =
      """
      {
        "architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
        "bos_token_id": 290, "eos_token_id": [291, 298, 299], "head_dim": 16, "hidden_act": "silu",
        "hidden_size": 64, "initializer_range": 0.02, "intermediate_size": 128,
        "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama",
        "num_attention_heads": 8, "num_hidden_layers": 2, "num_key_value_heads": 2,
        "pretraining_tp": 1, "rms_norm_eps": 1e-05,
        "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
                         "original_max_position_embeddings": 8192, "rope_type": "llama3"},
        "rope_theta": 500000.0, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
        "transformers_version": "4.45.0.dev0", "use_cache": true, "vocab_size": 300
      }
      """;

  private static final String QWEN2 =
      """
      {
        "architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 290,
        "eos_token_id": 291, "hidden_act": "silu", "hidden_size": 56, "initializer_range": 0.02,
        "intermediate_size": 152, "max_position_embeddings": 32768, "max_window_layers": 21,
        "model_type": "qwen2", "num_attention_heads": 14, "num_hidden_layers": 2,
        "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
        "sliding_window": 32768, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
        "transformers_version": "4.43.1", "use_cache": true, "use_sliding_window": false,
        "use_mrope": false, "vocab_size": 300
      }
      """;

  /** Qwen3's, as transformers 5 writes it. */
  private static final String QWEN3 =
      """
      {
        "architectures": ["Qwen3ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
        "bos_token_id": 290, "dtype": "bfloat16", "eos_token_id": 291, "head_dim": 12,
        "hidden_act": "silu", "hidden_size": 32, "initializer_range": 0.02,
        "intermediate_size": 96, "layer_types": ["full_attention", "full_attention"],
        "max_position_embeddings": 40960, "max_window_layers": 2, "model_type": "qwen3",
        "num_attention_heads": 4, "num_hidden_layers": 2, "num_key_value_heads": 2,
        "pad_token_id": null, "rms_norm_eps": 1e-06,
        "rope_parameters": {"rope_theta": 1000000, "rope_type": "default"},
        "sliding_window": null, "tie_word_embeddings": false, "transformers_version": "5.0.0",
        "use_cache": true, "use_sliding_window": false, "vocab_size": 300
      }
      """;

  private static final RopeScaling STRETCHED = new RopeScaling.Llama3(32, 1, 4, 8192);

  @TempDir private Path folder;

  record Golden(String name, String config, ModelSpec spec) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Golden> goldens() {
    return Stream.of(
        new Golden(
            "SmolLM2", SMOLLM2, new ModelSpec(300, 48, 3, 6, 2, 8, 96, 8192, 100_000, 1e-5, true)),
        new Golden(
            "Llama 3",
            LLAMA3,
            new ModelSpec(
                300, 64, 2, 8, 2, 16, 128, 131_072, 5e5, 1e-5, true, false, false, STRETCHED)),
        new Golden(
            "Qwen2",
            QWEN2,
            new ModelSpec(
                300, 56, 2, 14, 2, 4, 152, 32_768, 1e6, 1e-6, true, true, false, RopeScaling.NONE)),
        new Golden(
            "Qwen3",
            QWEN3,
            new ModelSpec(
                300,
                32,
                2,
                4,
                2,
                12,
                96,
                40_960,
                1e6,
                1e-6,
                false,
                false,
                true,
                RopeScaling.NONE)));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void theConfigsOfEachFamilyAreRead(Golden golden) throws IOException {
    assertThat(read(golden.config())).isEqualTo(golden.spec());
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void whatIsWrittenIsReadAsTheSameModel(Golden golden) {
    ModelConfig.write(golden.spec(), MarkerTokens.endingWith(1, 2), StoredDtype.BFLOAT16, folder);

    assertThat(ModelConfig.read(folder)).isEqualTo(golden.spec());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"rope_parameters":{"rope_type":"default","rope_theta":7e4}}                      | 7e4 | default
          {"rope_parameters":{"rope_theta":7e4}}                                            | 7e4 | default
          {"rope_theta":7e4,"rope_parameters":{"rope_type":"linear","factor":2.0}}          | 7e4 | linear
          {"rope_theta":7e4,"rope_scaling":{"type":"linear","factor":2}}                    | 7e4 | linear
          {"rope_scaling":{"rope_type":"linear","type":"linear","rope_theta":7e4,"factor":2}} | 7e4 | linear
          {"rope_theta":7e4,"rope_scaling":{"rope_type":"default"}}                         | 7e4 | default
          {"rope_theta":7e4,"rope_scaling":{"type":"linear","factor":2},"rope_parameters":{"rope_type":"linear","factor":2.0,"rope_theta":7e4}} | 7e4 | linear
          {}                                                                                | 1e4 | default
          """)
  void theRotationIsReadFromWhereverItStands(String keys, double theta, String kind)
      throws IOException {
    ObjectNode config = object(SMOLLM2);
    config.remove("rope_theta");
    config.remove("rope_scaling");
    config.setAll(object(keys));

    ModelSpec spec = read(config.toString());

    assertThat(spec.ropeTheta()).isEqualTo(theta);
    assertThat(spec.ropeScaling())
        .isEqualTo(kind.equals("linear") ? new RopeScaling.Linear(2) : RopeScaling.NONE);
  }

  @Test
  void llama3sStretchingMayStandInRopeParameters() throws IOException {
    ObjectNode config = object(LLAMA3);
    ObjectNode rope = (ObjectNode) config.remove("rope_scaling");
    rope.set("rope_theta", config.remove("rope_theta"));
    config.set("rope_parameters", rope);

    ModelSpec spec = read(config.toString());

    assertThat(spec.ropeScaling()).isEqualTo(STRETCHED);
    assertThat(spec.ropeTheta()).isEqualTo(500_000);
  }

  @Test
  void whatAConfigLeavesOutIsWhatHuggingFacesClassesTake() throws IOException {
    ObjectNode llama = object(SMOLLM2);
    llama.remove(List.of("num_key_value_heads", "max_position_embeddings", "rope_theta"));
    llama.remove(List.of("rms_norm_eps", "tie_word_embeddings", "architectures"));

    assertThat(read(llama.toString()))
        .isEqualTo(new ModelSpec(300, 48, 3, 6, 6, 8, 96, 2048, 10_000, 1e-6, false));

    ObjectNode qwen3 = object(QWEN3);
    qwen3.remove("head_dim");
    assertThat(read(qwen3.toString()).headDim()).isEqualTo(128);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          architectures | ["MistralForCausalLM"] | only LlamaForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM can be read, each with its model_type, found ["MistralForCausalLM"]
          architectures | ["Qwen2ForCausalLM"] | each with its model_type, found ["Qwen2ForCausalLM"]
          model_type | "mistral" | only llama, qwen2, qwen3 can be read, found "mistral"
          hidden_act | "gelu" | only "silu" is computed, found "gelu"
          attention_bias | true | attention_bias: models that have it can't be read
          mlp_bias | true | mlp_bias: models that have it can't be read
          mlp_bias | "no" | must be true or false, found "no"
          rope_interleaved | true | rope_interleaved: models that have it can't be read
          layer_types | ["full_attention","sliding_attention","full_attention"] | layer_types: must be "full_attention" for each of 3 layers
          layer_types | ["full_attention"] | layer_types: must be "full_attention" for each of 3 layers
          rope_scaling | {"rope_type":"yarn","factor":4.0} | rope_scaling: rope_type: only default, linear and llama3 are computed, found yarn
          rope_scaling | {"type":"dynamic","factor":2.0} | rope_scaling: rope_type: only default, linear and llama3 are computed, found dynamic
          rope_scaling | {"factor":2.0} | rope_scaling: rope_type: must name the kind of scaling, found nothing
          rope_scaling | {"rope_type":"linear"} | rope_scaling: factor: must be a number, found nothing
          rope_scaling | {"rope_type":"linear","type":"default","factor":2.0} | rope_type is linear, but type is default
          rope_scaling | {"rope_type":"default","factor":2.0} | rope_scaling: factor: is not known here
          rope_scaling | {"rope_type":"linear","factor":0} | rope_scaling.factor: must be above 0, was 0.0
          rope_scaling | {"rope_type":"llama3","factor":8.0,"low_freq_factor":4,"high_freq_factor":1,"original_max_position_embeddings":8192} | rope_scaling.high_freq_factor: must be above low_freq_factor (4.0), was 1.0
          rope_scaling | "linear" | rope_scaling: must be an object, found "linear"
          rope_parameters | {"rope_type":"default","rope_theta":5e5} | rope_theta: contradicts itself, found [100000.0, 500000.0]
          rope_parameters | {"rope_theta":1e5,"partial_rotary_factor":0.5} | only whole heads can be rotated
          rope_parameters | {"full_attention":{"rope_type":"default"}} | rope_parameters: full_attention: is not known here
          quantization_config | {"bits":4} | quantised models can't be read
          hidden_size | 8.5 | hidden_size: must be a whole number, found 8.5
          hidden_size | null | hidden_size: must be a whole number, found null
          hidden_size | 50 | hidden_size: must be a multiple of num_attention_heads (6) where head_dim isn't given, was 50
          num_key_value_heads | 4 | num_key_value_heads: must divide num_attention_heads (6), was 4
          head_dim | 5 | head_dim: must be even for rotation, was 5
          rms_norm_eps | "small" | rms_norm_eps: must be a number, found "small"
          vocab_size | 0 | vocab_size: must be above 0, was 0
          logits_scaling | 8.0 | logits_scaling: is not known here, and may change what the model computes, found 8.0
          sliding_window | 4096 | sliding_window: is not known here
          """)
  void whatTheModelCannotDoIsRefusedByName(String key, String value, String problem) {
    ObjectNode config = object(SMOLLM2);
    config.set(key, JSON.readTree(value));

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> read(config.toString()))
        .withMessageContaining(folder.resolve("config.json").toString())
        .withMessageContaining(problem)
        .satisfies(bad -> assertThat(bad.problems()).hasSize(1));
  }

  @Test
  void aSlidingWindowInUseIsRefused() {
    ObjectNode config = object(QWEN2);
    config.put("use_sliding_window", true);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> read(config.toString()))
        .withMessageContaining("use_sliding_window: attention is only computed over the whole");
  }

  @Test
  void twoScalingsThatDifferAreRefused() {
    ObjectNode config = object(LLAMA3);
    config.set("rope_parameters", object("{\"rope_type\":\"linear\",\"factor\":4.0}"));

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> read(config.toString()))
        .withMessageContaining("rope_scaling and rope_parameters: contradict each other");
  }

  @Test
  void everyProblemIsSaidAtOnce() {
    ObjectNode config = object(QWEN2);
    config.remove("num_key_value_heads");
    config.put("model_type", "phi").put("hidden_act", "gelu").put("residual_multiplier", 0.2);

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> read(config.toString()))
        .satisfies(
            bad ->
                assertThat(bad.problems())
                    .anySatisfy(problem -> assertThat(problem).contains("model_type: only"))
                    .anySatisfy(problem -> assertThat(problem).contains("hidden_act: only"))
                    .anySatisfy(problem -> assertThat(problem).contains("residual_multiplier")));
  }

  private ModelSpec read(String config) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    return ModelConfig.read(folder);
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) JSON.readTree(json);
  }
}
