package org.onset.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void manyFilesAreWrittenWhenOneWouldBeTooLarge() throws IOException {
    ModelSpec spec = TinyModels.grouped();
    try (Transformer model = TinyModels.random(spec, 3)) {
      model.save(folder, new int[] {0});
      Path sharded = folder.resolve("sharded");
      try (ModelFolder opened = ModelFolder.open(folder)) {
        ModelFolder.write(
            sharded,
            spec,
            opened.weights(),
            MarkerTokens.endingWith(0),
            JSON.createObjectNode(),
            StoredDtype.FLOAT32,
            600);
      }

      JsonNode index =
          JSON.readTree(Files.readString(sharded.resolve("model.safetensors.index.json")));
      assertThat(index.at("/metadata/total_size").longValue()).isEqualTo(4 * spec.parameterCount());
      assertThat(index.at("/weight_map/model.embed_tokens.weight").stringValue())
          .matches("model-00001-of-000\\d\\d.safetensors");
      for (JsonNode file : index.get("weight_map")) {
        assertThat(Files.size(sharded.resolve(file.stringValue()))).isLessThan(600 + 1000);
      }
      assertThat(sharded.resolve("model.safetensors")).doesNotExist();
      try (Transformer loaded = Transformer.load(sharded)) {
        assertThat(loaded.parameters().toFloats()).isEqualTo(model.parameters().toFloats());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT16,0x1p-11", "BFLOAT16,0x1p-8"})
  void halfPrecisionIsWrittenToTheNearest(StoredDtype dtype, double relative) throws IOException {
    float[] exact = saved(TinyModels.grouped());
    Path half = folder.resolve("half");
    try (ModelFolder opened = ModelFolder.open(folder)) {
      ModelFolder.write(
          half,
          opened.spec(),
          opened.weights(),
          MarkerTokens.endingWith(0),
          JSON.createObjectNode(),
          dtype,
          Long.MAX_VALUE);
    }

    try (ModelFolder opened = ModelFolder.open(half);
        Transformer loaded = Transformer.load(half)) {
      assertThat(opened.dtype()).isEqualTo(dtype);
      float[] rounded = loaded.parameters().toFloats();
      for (int i = 0; i < exact.length; i++) {
        assertThat((double) rounded[i])
            .isCloseTo(exact[i], within(Math.abs(exact[i]) * relative + 0x1p-25));
      }
      JsonNode config = JSON.readTree(Files.readString(half.resolve("config.json")));
      assertThat(config.get("torch_dtype").stringValue()).isEqualTo(dtype.label());
    }
  }

  @Test
  void aVocabularyThatTheEmbeddingContradictsIsRefused() throws IOException {
    saved(TinyModels.grouped());
    Path file = folder.resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(Files.readString(file));
    Files.writeString(file, config.put("vocab_size", 14).toString());

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Transformer.load(folder))
        .satisfies(
            bad ->
                assertThat(bad.problems())
                    .containsExactly(
                        folder.resolve("model.safetensors")
                            + ": model.embed_tokens.weight: has the shape [13, 8], but config.json"
                            + " makes it [14, 8]"));
  }

  @Test
  void theTokensAModelWasTrainedOnAreKeptAndNeverGuessed() throws IOException {
    saved(TinyModels.grouped());
    assertThat(ModelFolder.trainedTokens(folder)).isEmpty();

    Files.createDirectories(folder.resolve("onset"));
    Files.writeString(folder.resolve("onset/progress.json"), "{\"tokensSeen\": 4096}");
    assertThat(ModelFolder.trainedTokens(folder)).hasValue(4096);

    ModelFolder.writeTrainedTokens(folder, 11_000_000_000_000L);
    assertThat(ModelFolder.trainedTokens(folder)).hasValue(11_000_000_000_000L);

    Files.writeString(folder.resolve("onset/origin.json"), "{\"trained_tokens\": \"many\"}");
    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> ModelFolder.trainedTokens(folder))
        .withMessageContaining("trained_tokens: must be a count of tokens, found \"many\"");
  }

  @Test
  void everyIdThatAFolderNamesEndsAGeneration() throws IOException {
    saved(TinyModels.grouped());
    assertThat(ModelFolder.stopTokens(folder)).containsExactly(0, 3);

    Files.writeString(
        folder.resolve("generation_config.json"),
        "{\"bos_token_id\": 1, \"eos_token_id\": [7, 3], \"pad_token_id\": -1}");

    assertThat(ModelFolder.stopTokens(folder)).containsExactly(7, 3, 0);
    assertThat(ModelFolder.markerTokens(folder).beginning()).hasValue(1);
    assertThat(ModelFolder.markerTokens(folder).padding()).isEmpty();
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
}
