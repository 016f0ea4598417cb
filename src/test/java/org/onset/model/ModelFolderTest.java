package org.onset.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.onset.BadInput;
import org.onset.model.Safetensors.Values;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ModelFolderTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  static Stream<ModelSpec> specs() {
    return TinyModels.specs();
  }

  @ParameterizedTest
  @MethodSource("specs")
  void aSavedModelLoadsAsItWas(ModelSpec spec) {
    try (Transformer model = TinyModels.random(spec, 1)) {
      model.save(folder, new int[] {0, 3});

      try (Transformer loaded = Transformer.load(folder)) {
        assertThat(loaded.spec()).isEqualTo(spec);
        assertThat(loaded.parameters().toFloats()).isEqualTo(model.parameters().toFloats());
      }
    }
  }

  @Test
  void theFolderSpeaksHuggingFaces() throws IOException {
    saved(TinyModels.grouped());

    JsonNode config = JSON.readTree(Files.readString(folder.resolve("config.json")));
    assertThat(config.get("architectures").get(0).stringValue()).isEqualTo("LlamaForCausalLM");
    assertThat(config.get("model_type").stringValue()).isEqualTo("llama");
    assertThat(config.get("num_key_value_heads").intValue()).isEqualTo(2);
    assertThat(config.get("rope_theta").doubleValue()).isEqualTo(10_000);
    assertThat(config.get("eos_token_id").toString()).isEqualTo("[0,3]");
    JsonNode generation = JSON.readTree(Files.readString(folder.resolve("generation_config.json")));
    assertThat(generation.get("eos_token_id").toString()).isEqualTo("[0,3]");
    assertThat(Safetensors.read(folder.resolve("model.safetensors")).keySet())
        .contains(
            "model.embed_tokens.weight",
            "model.layers.1.self_attn.k_proj.weight",
            "model.layers.0.mlp.up_proj.weight",
            "model.norm.weight")
        .doesNotContain("lm_head.weight");
  }

  @Test
  void severalFilesAreReadThroughTheirIndex() throws IOException {
    float[] expected = saved(TinyModels.grouped());
    SequencedMap<String, Values> all = Safetensors.read(folder.resolve("model.safetensors"));
    Files.delete(folder.resolve("model.safetensors"));
    ObjectNode map = shards(all);
    writeIndex(map);

    try (Transformer loaded = Transformer.load(folder)) {
      assertThat(loaded.parameters().toFloats()).isEqualTo(expected);
    }

    map.put("model.norm.weight", "shard-0.safetensors");
    map.put("model.embed_tokens.weight", "../shard-0.safetensors");
    writeIndex(map);
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Transformer.load(folder))
        .withMessageContaining("shard-0.safetensors: model.norm.weight: is missing, though")
        .withMessageContaining(
            "weight_map: model.embed_tokens.weight: must name a file of this folder");
  }

  /** Puts the tensors into two files in turn; returns which holds which. */
  private ObjectNode shards(SequencedMap<String, Values> all) {
    ObjectNode map = JSON.createObjectNode();
    SequencedMap<String, Values> even = new LinkedHashMap<>();
    SequencedMap<String, Values> odd = new LinkedHashMap<>();
    all.forEach(
        (name, values) -> {
          boolean first = even.size() <= odd.size() && !name.equals("model.norm.weight");
          (first ? even : odd).put(name, values);
          map.put(name, first ? "shard-0.safetensors" : "shard-1.safetensors");
        });
    Safetensors.write(folder.resolve("shard-0.safetensors"), even);
    Safetensors.write(folder.resolve("shard-1.safetensors"), odd);
    return map;
  }

  private void writeIndex(ObjectNode map) throws IOException {
    ObjectNode index = JSON.createObjectNode();
    index.set("weight_map", map);
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
  }

  @Test
  void missingExtraAndMisshapenTensorsAreAllNamed() {
    saved(TinyModels.grouped());
    changeTensors(
        tensors -> {
          tensors.remove("model.norm.weight");
          tensors.put("model.extra", new Values(new float[2], 2));
          tensors.put("model.layers.0.self_attn.k_proj.weight", new Values(new float[64], 64));
          tensors.put("lm_head.weight", new Values(new float[13 * 8], 13, 8));
          tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", new Values(new float[2], 2));
        });

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Transformer.load(folder))
        .satisfies(
            bad ->
                assertThat(bad.problems())
                    .containsExactly(
                        folder.resolve("model.safetensors")
                            + ": model.layers.0.self_attn.k_proj.weight: has the shape [64], but"
                            + " config.json makes it [8, 8]",
                        folder + ": model.norm.weight: is missing",
                        folder.resolve("model.safetensors")
                            + ": lm_head.weight: is no parameter of the model that config.json"
                            + " describes",
                        folder.resolve("model.safetensors")
                            + ": model.extra: is no parameter of the model that config.json"
                            + " describes"));
  }

  @Test
  void aTiedOutputMatrixMayBeStoredTwice() {
    float[] expected = saved(TinyModels.grouped());
    changeTensors(
        tensors ->
            tensors.put(
                "lm_head.weight", requireNonNull(tensors.get("model.embed_tokens.weight"))));

    try (Transformer loaded = Transformer.load(folder)) {
      assertThat(loaded.parameters().toFloats()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          architectures | ["MistralForCausalLM"] | only LlamaForCausalLM can be read, found ["MistralForCausalLM"]
          model_type | "qwen2" | only "llama" can be read, found "qwen2"
          hidden_act | "gelu" | only "silu" is computed, found "gelu"
          attention_bias | true | models that have it can't be read
          mlp_bias | true | models that have it can't be read
          mlp_bias | "no" | must be true or false, found "no"
          rope_scaling | {"rope_type":"yarn","factor":4.0} | found "yarn"
          rope_scaling | {"type":"linear","factor":2.0} | found "linear"
          rope_scaling | {"factor":2.0} | found {"factor":2.0}
          rope_parameters | {"rope_type":"llama3","rope_theta":500000.0} | found "llama3"
          rope_parameters | {"rope_theta":1e4,"partial_rotary_factor":0.5} | only whole heads can be rotated
          quantization_config | {"bits":4} | quantised models can't be read
          hidden_size | 8.5 | must be a whole number, found 8.5
          hidden_size | null | must be a whole number, found null
          num_key_value_heads | 3 | must divide headCount (4), was 3
          head_dim | 5 | must be even for rotation, was 5
          rms_norm_eps | "small" | must be a number, found "small"
          vocab_size | 0 | must be above 0, was 0
          """)
  void whatTheModelCannotDoIsRefusedByName(String key, String value, String problem)
      throws IOException {
    saved(TinyModels.grouped());
    changeConfig(config -> config.set(key, JSON.readTree(value)));

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Transformer.load(folder))
        .withMessageContaining(folder.resolve("config.json").toString())
        .withMessageContaining(problem);
  }

  @Test
  void newerConfigsKeepTheRotationElsewhereAndLeaveDefaultsOut() throws IOException {
    saved(TinyModels.grouped());
    changeConfig(
        config -> {
          config.remove(Arrays.asList("rope_theta", "rope_scaling", "mlp_bias", "architectures"));
          config.set(
              "rope_parameters", JSON.readTree("{\"rope_type\":\"default\",\"rope_theta\":5e5}"));
        });

    try (Transformer loaded = Transformer.load(folder)) {
      assertThat(loaded.spec().ropeTheta()).isEqualTo(500_000);
    }
  }

  @Test
  void aFolderWithoutItsFilesIsBadInput() throws IOException {
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Transformer.load(folder.resolve("none")))
        .withMessageContaining("there is no such folder");
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Transformer.load(folder))
        .withMessageContaining("config.json: there is no such file");

    saved(TinyModels.grouped());
    Files.delete(folder.resolve("model.safetensors"));
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Transformer.load(folder))
        .withMessageContaining("holds neither model.safetensors nor");

    Files.writeString(folder.resolve("config.json"), "{\n  \"hidden_size\": }");
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Transformer.load(folder))
        .withMessageContaining("config.json:2: ");
  }

  private float[] saved(ModelSpec spec) {
    try (Transformer model = TinyModels.random(spec, 2)) {
      model.save(folder, new int[] {0, 3});
      return model.parameters().toFloats();
    }
  }

  private void changeTensors(Consumer<SequencedMap<String, Values>> change) {
    Path file = folder.resolve("model.safetensors");
    SequencedMap<String, Values> tensors = Safetensors.read(file);
    change.accept(tensors);
    Safetensors.write(file, tensors);
  }

  private void changeConfig(Consumer<ObjectNode> change) throws IOException {
    Path file = folder.resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(Files.readString(file));
    change.accept(config);
    Files.writeString(file, config.toString());
  }
}
