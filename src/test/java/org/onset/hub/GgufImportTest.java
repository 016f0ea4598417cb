package org.onset.hub;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.onset.BadInput;
import org.onset.model.ModelFolder;
import org.onset.model.ModelSpec;
import org.onset.model.ParameterRange;
import org.onset.model.RopeScaling;
import org.onset.model.TensorSource;
import org.onset.token.Tokenizer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GgufImportTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private Path imported(GgufDraft draft) {
    Path out = folder.resolve("imported");
    Hub.gguf(draft.write(folder.resolve("a.gguf")), out, Hub.Form.AS_STORED, OptionalLong.empty());
    return out;
  }

  private static GgufDraft llama() {
    ModelSpec spec = TinyGguf.spec("llama", true, RopeScaling.NONE);
    return TinyGguf.draft("llama", spec, TinyGguf.parameters(spec));
  }

  @ParameterizedTest
  @CsvSource({"llama, true", "llama, false", "qwen2, true", "qwen3, false"})
  void sizesAndWeightsComeOverUnderHuggingFacesNames(String architecture, boolean tied) {
    ModelSpec spec = TinyGguf.spec(architecture, tied, RopeScaling.NONE);
    float[] parameters = TinyGguf.parameters(spec);

    Path out = imported(TinyGguf.draft(architecture, spec, parameters));

    try (ModelFolder opened = ModelFolder.open(out)) {
      assertThat(opened.spec()).isEqualTo(spec);
      Map<String, TensorSource> weights = opened.weights();
      for (ParameterRange range : spec.parameterRanges()) {
        float[] values = new float[(int) range.length()];
        requireNonNull(weights.get(range.name())).read(0, values, values.length);
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i])
              .as("%s[%d]", range.name(), i)
              .isEqualTo(parameters[(int) range.offset() + i]);
        }
      }
    }
  }

  @Test
  void theTokenizerAndWhatEndsATextComeOver() throws IOException {
    GgufDraft draft = llama().put("tokenizer.ggml.eot_token_id", 0);

    Path out = imported(draft);

    try (Tokenizer tokenizer = Tokenizer.open(out)) {
      int space = tokenizer.idOf("Ġ").orElseThrow();
      assertThat(tokenizer.encode("the th 12"))
          .containsExactly(
              257, space, 256, space, tokenizer.encode("1")[0], tokenizer.encode("2")[0]);
      assertThat(tokenizer.decode(tokenizer.encode("thé <|end|> 12½")))
          .isEqualTo("thé <|end|> 12½");
      assertThat(tokenizer.endOfText()).isEqualTo(TinyGguf.END);
    }
    assertThat(ModelFolder.stopTokens(out)).containsExactly(TinyGguf.END, 0);
    assertThat(ModelFolder.markerTokens(out).beginning()).hasValue(TinyGguf.BEGIN);
    assertThat(out.resolve("chat_template.jinja")).hasContent("{{ messages[0]['content'] }}");
    assertThat(json(out, "tokenizer_config.json").get("chat_template").stringValue())
        .isEqualTo("{{ messages[0]['content'] }}");
    assertThat(json(out, "tokenizer_config.json").get("add_bos_token").booleanValue()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gpt-2      | ByteLevel | false
          smollm     | Digits    | false
          llama-bpe  | Split     | true
          qwen2      | Split     | false
          """)
  void everyKindOfPreTokenizerOpens(String pre, String first, boolean ignoresMerges)
      throws IOException {
    Path out = imported(llama().put("tokenizer.ggml.pre", pre));

    JsonNode tokenizer = json(out, "tokenizer.json");
    JsonNode parts = tokenizer.at("/pre_tokenizer/pretokenizers");
    JsonNode head = parts.isArray() ? parts.get(0) : tokenizer.get("pre_tokenizer");
    assertThat(head.get("type").stringValue()).isEqualTo(first);
    assertThat(tokenizer.at("/model/ignore_merges").booleanValue()).isEqualTo(ignoresMerges);
    try (Tokenizer opened = Tokenizer.open(out)) {
      String text = "The cat's\r\n  1234 café\t…\n\n x";
      assertThat(opened.decode(opened.encode(text))).isEqualTo(text);
    }
  }

  @Test
  void aModelThatBeginsItsTextsSaysSoInItsTokenizer() throws IOException {
    Path out = imported(llama().put("tokenizer.ggml.add_bos_token", true));

    JsonNode template = json(out, "tokenizer.json").get("post_processor");
    assertThat(template.at("/single/0/SpecialToken/id").stringValue()).isEqualTo("<|begin|>");
    assertThat(template.at("/special_tokens/<|begin|>/ids/0").intValue()).isEqualTo(TinyGguf.BEGIN);
    try (Tokenizer tokenizer = Tokenizer.open(out)) {
      assertThat(tokenizer.encode("the")).containsExactly(257);
    }
  }

  @Test
  void llama3sStretchingIsFoundAgainFromItsFactors() {
    RopeScaling.Llama3 scaling = new RopeScaling.Llama3(32, 1, 4, 8192);
    ModelSpec spec =
        new ModelSpec(
            TinyGguf.VOCAB, 64, 1, 1, 1, 64, 8, 128, 5e5, 1e-5, true, false, false, scaling);
    float[] factors = new float[32];
    for (int i = 0; i < factors.length; i++) {
      double frequency = Math.pow(5e5, -i / 32.0);
      factors[i] = (float) (frequency / scaling.scaled(frequency));
    }
    GgufDraft draft = TinyGguf.draft("llama", spec, TinyGguf.parameters(spec));
    draft.f32("rope_freqs.weight", factors, 32);

    try (ModelFolder opened = ModelFolder.open(imported(draft))) {
      assertThat(opened.spec().ropeScaling()).isEqualTo(scaling);
    }

    factors[20] = 3;
    draft.f32("rope_freqs.weight", factors, 32);
    assertRefused(draft, "rope_freqs.weight: holds other factors than Llama 3's rule gives (3.0");
  }

  @Test
  void linearStretchingStandsInTheMetadata() {
    GgufDraft draft =
        llama()
            .put("llama.rope.scaling.type", "linear")
            .put("llama.rope.scaling.factor", new GgufDraft.Single(2.5f));

    try (ModelFolder opened = ModelFolder.open(imported(draft))) {
      assertThat(opened.spec().ropeScaling()).isEqualTo(new RopeScaling.Linear(2.5));
    }
  }

  static Stream<Map.Entry<String, GgufDraft>> refusals() {
    ModelSpec untied = TinyGguf.spec("llama", false, RopeScaling.NONE);
    GgufDraft reshaped = llama();
    reshaped.tensors.remove("blk.0.ffn_up.weight");
    reshaped.tensors.remove("output_norm.weight");
    reshaped.f32("blk.0.ffn_up.weight", new float[192], 12, 16);
    return Stream.of(
        Map.entry(
            "general.architecture: only llama, qwen2 and qwen3 can be read, found \"gemma3\"",
            llama().put("general.architecture", "gemma3")),
        Map.entry(
            "general.type: must be a model, found \"adapter\"",
            llama().put("general.type", "adapter")),
        Map.entry("split.count: is one of 3 parts; merge", llama().put("split.count", 3)),
        Map.entry(
            "llama.rope.scaling.type: only none and linear are computed, found yarn",
            llama().put("llama.rope.scaling.type", "yarn")),
        Map.entry(
            "llama.expert_count: models that have it can't be read",
            llama().put("llama.expert_count", 8)),
        Map.entry(
            "llama.logit_scale: is not known here, and may change what the model computes",
            llama().put("llama.logit_scale", new GgufDraft.Single(4))),
        Map.entry(
            "llama.rope.dimension_count: must be 4, as the other sizes have it, was 2",
            llama().put("llama.rope.dimension_count", 2)),
        Map.entry(
            "llama.vocab_size: must be 260, as the other sizes have it, was 300",
            llama().put("llama.vocab_size", 300)),
        Map.entry(
            "llama: kvHeadCount: must divide headCount (4), was 3",
            llama().put("llama.attention.head_count_kv", 3)),
        Map.entry("llama.block_count: must be a size, was 0", llama().put("llama.block_count", 0)),
        Map.entry(
            "blk.0.attn_q.bias: is no tensor of the model that it should hold",
            llama().f32("blk.0.attn_q.bias", new float[16], 16)),
        Map.entry(
            "blk.0.ffn_up.weight: has the shape [12, 16], but the metadata makes it [16, 12]",
            reshaped),
        Map.entry("output_norm.weight: is missing", reshaped),
        Map.entry(
            "tokenizer.ggml.model: only byte-level BPE (\"gpt2\") can be read, found \"llama\"",
            llama().put("tokenizer.ggml.model", "llama")),
        Map.entry(
            "tokenizer.ggml.pre: how \"tekken\" cuts text is not known here",
            llama().put("tokenizer.ggml.pre", "tekken")),
        Map.entry(
            "tokenizer.ggml.pre: how \"default\" cuts text is not known here (the converter lost",
            llama().put("tokenizer.ggml.pre", "default")),
        Map.entry(
            "tokenizer.ggml.tokens: has 2 tokens, but the embedding 260 rows",
            llama().put("tokenizer.ggml.tokens", List.of("a", "b"))),
        Map.entry(
            "tokenizer.ggml.token_type: tells of 1 tokens, but there are 260",
            llama().put("tokenizer.ggml.token_type", List.of(1))),
        Map.entry(
            "tokenizer.ggml.merges: 2 of them don't make a token of two, such as \"t q\"",
            llama().put("tokenizer.ggml.merges", List.of("t q", "t h", "the"))),
        Map.entry(
            "tokenizer.ggml.eos_token_id: must be one of 260 tokens, was 260",
            TinyGguf.draft("llama", untied, TinyGguf.parameters(untied))
                .put("tokenizer.ggml.eos_token_id", 260)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatCannotBeCarriedOverIsRefusedByName(Map.Entry<String, GgufDraft> refusal) {
    assertRefused(refusal.getValue(), refusal.getKey());
  }

  private void assertRefused(GgufDraft draft, String problem) {
    Path out = folder.resolve("refused");
    Path file = draft.write(folder.resolve("bad.gguf"));

    assertThatExceptionOfType(BadInput.class)
        .isThrownBy(() -> Hub.gguf(file, out, Hub.Form.AS_STORED, OptionalLong.empty()))
        .withMessageContaining("bad.gguf: " + problem);

    assertThat(out).doesNotExist();
    assertThat(folder).isDirectoryNotContaining(path -> path.toString().contains(".tmp-"));
  }

  private static JsonNode json(Path out, String file) throws IOException {
    return JSON.readTree(Files.readString(out.resolve(file)));
  }
}
