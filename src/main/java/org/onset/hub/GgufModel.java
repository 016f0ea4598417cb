package org.onset.hub;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onset.Problems;
import org.onset.model.MarkerTokens;
import org.onset.model.ModelSpec;
import org.onset.model.ParameterRange;
import org.onset.model.RopeScaling;
import org.onset.model.TensorSource;

/**
 * A model in a GGUF file, under Hugging Face's names: its sizes, its weights and its marker tokens.
 * The weights can be read until the file is closed.
 */
record GgufModel(ModelSpec spec, SequencedMap<String, TensorSource> weights, MarkerTokens tokens) {
  private static final String EMBEDDING = "token_embd.weight";
  private static final String OUTPUT = "output.weight";
  private static final String FREQUENCY_FACTORS = "rope_freqs.weight";

  /** Keys of a model's metadata that change nothing in what it computes. */
  private static final Set<String> HARMLESS =
      Set.of("rope.scaling.finetuned", "tensor_data_layout", "vocab_size");

  /** Keys that only models of another kind set to anything but 0. */
  private static final Set<String> ZERO =
      Set.of(
          "attention.sliding_window",
          "expert_count",
          "expert_used_count",
          "expert_shared_count",
          "leading_dense_block_count");

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("model.embed_tokens.weight", EMBEDDING),
          Map.entry("model.norm.weight", "output_norm.weight"),
          Map.entry("lm_head.weight", OUTPUT),
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("post_attention_layernorm", "ffn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"));

  /** BadInput with all that is wrong with the file, or can't be computed. */
  static GgufModel read(GgufFile file) {
    return new Reader(file).read();
  }

  private static final class Reader {
    private final GgufFile file;
    private final GgufMetadata metadata;
    private final String architecture;
    private final Set<String> unknown = new TreeSet<>();
    private final Set<String> unusedTensors;

    Reader(GgufFile file) {
      this.file = file;
      this.metadata = file.metadata();
      this.architecture = metadata.text("general.architecture").orElse("");
      this.unusedTensors = new HashSet<>(file.names());
      metadata.keys().stream().filter(k -> k.startsWith(architecture + ".")).forEach(unknown::add);
    }

    GgufModel read() {
      refuseOtherKinds();
      metadata.throwProblems();
      ModelSpec spec = spec();
      metadata.throwProblems();
      SequencedMap<String, TensorSource> weights = weights(spec);
      MarkerTokens tokens = markerTokens(spec.vocabSize());
      metadata.throwProblems();
      return new GgufModel(spec, weights, tokens);
    }

    private void refuseOtherKinds() {
      if (!Set.of("llama", "qwen2", "qwen3").contains(architecture)) {
        metadata.refuse(
            "general.architecture",
            "only llama, qwen2 and qwen3 can be read, found \"%s\"".formatted(architecture));
      }
      if (!metadata.text("general.type").orElse("model").equals("model")) {
        metadata.refuse("general.type", "must be a model, found " + metadata.value("general.type"));
      }
      if (metadata.wholeNumber("split.count").orElse(1) > 1) {
        metadata.refuse(
            "split.count",
            "is one of %s parts; merge them first (llama-gguf-split --merge)"
                .formatted(metadata.value("split.count")));
      }
    }

    private ModelSpec spec() {
      TensorSource embedding = tensor(EMBEDDING);
      int vocabSize = embedding == null ? 1 : Math.toIntExact(embedding.shape()[0]);
      int modelDim = metadata.size(key("embedding_length"));
      int headCount = metadata.size(key("attention.head_count"));
      int evenShare = headCount > 0 ? modelDim / headCount : 0;
      int headDim = metadata.size(key("attention.key_length"), evenShare);
      requireSame("attention.value_length", headDim);
      requireSame("rope.dimension_count", headDim);
      requireSame("vocab_size", vocabSize);
      ModelSpec spec =
          new ModelSpec(
              vocabSize,
              modelDim,
              metadata.size(key("block_count")),
              headCount,
              metadata.size(key("attention.head_count_kv"), headCount),
              headDim,
              metadata.size(key("feed_forward_length")),
              metadata.size(key("context_length")),
              metadata.number(key("rope.freq_base")).orElse(10_000),
              metadata.number(key("attention.layer_norm_rms_epsilon")).orElse(0),
              !file.names().contains(OUTPUT),
              architecture.equals("qwen2"),
              architecture.equals("qwen3"),
              RopeScaling.NONE);
      RopeScaling scaling = scaling(spec);
      refuseUnknownKeys();
      if (!metadata.isSound()) {
        return spec;
      }
      ModelSpec scaled = withScaling(spec, scaling);
      Problems found = new Problems();
      scaled.check(found);
      found.found().forEach(p -> metadata.refuse(architecture, p.field() + ": " + p.message()));
      return scaled;
    }

    private String key(String name) {
      String key = architecture + "." + name;
      unknown.remove(key);
      return key;
    }

    private void requireSame(String name, int expected) {
      int found = metadata.size(key(name), expected);
      if (found != expected) {
        metadata.refuse(
            key(name), "must be %d, as the other sizes have it, was %d".formatted(expected, found));
      }
    }

    private void refuseUnknownKeys() {
      HARMLESS.forEach(this::key);
      for (String name : ZERO) {
        if (metadata.wholeNumber(key(name)).orElse(0) != 0) {
          metadata.refuse(key(name), "models that have it can't be read");
        }
      }
      unknown.forEach(
          key ->
              metadata.refuse(
                  key,
                  "is not known here, and may change what the model computes, found "
                      + metadata.value(key)));
    }

    /**
     * Linear scaling stands in the metadata; that of Llama 3 comes as the factor of each frequency,
     * from which the rule that made them is found again.
     */
    private RopeScaling scaling(ModelSpec spec) {
      Optional<String> kind = metadata.text(key("rope.scaling.type"));
      double factor =
          metadata
              .number(key("rope.scaling.factor"))
              .orElse(metadata.number(key("rope.scale_linear")).orElse(1));
      long original =
          metadata.wholeNumber(key("rope.scaling.original_context_length")).orElse(8192);
      TensorSource factors = tensor(FREQUENCY_FACTORS);
      if (factors != null) {
        return llama3(factors, spec, (int) original).orElse(RopeScaling.NONE);
      }
      return switch (kind.orElse(factor == 1 ? "none" : "linear")) {
        case "none" -> RopeScaling.NONE;
        case "linear" -> factor == 1 ? RopeScaling.NONE : new RopeScaling.Linear(factor);
        default -> {
          metadata.refuse(
              key("rope.scaling.type"),
              "only none and linear are computed, found " + kind.orElseThrow());
          yield RopeScaling.NONE;
        }
      };
    }

    private Optional<RopeScaling> llama3(TensorSource stored, ModelSpec spec, int original) {
      float[] factors = new float[Math.max(0, spec.headDim() / 2)];
      if (stored.count() != factors.length || factors.length == 0) {
        metadata.refuse(
            FREQUENCY_FACTORS,
            "must have a factor for each of %d frequencies, has %d"
                .formatted(factors.length, stored.count()));
        return Optional.empty();
      }
      stored.read(0, factors, factors.length);
      double largest = 1;
      for (float factor : factors) {
        largest = Math.max(largest, factor);
      }
      // 1 and 4 are the only bounds in use; the file doesn't say them.
      RopeScaling scaling = new RopeScaling.Llama3(largest, 1, 4, original);
      for (int i = 0; i < factors.length; i++) {
        double frequency = Math.pow(spec.ropeTheta(), -2.0 * i / spec.headDim());
        double expected = frequency / scaling.scaled(frequency);
        if (Math.abs(factors[i] - expected) > 1e-4 * expected) {
          metadata.refuse(
              FREQUENCY_FACTORS,
              "holds other factors than Llama 3's rule gives (%s, not %s, at %d)"
                  .formatted(factors[i], (float) expected, i));
          return Optional.empty();
        }
      }
      return Optional.of(largest == 1 ? RopeScaling.NONE : scaling);
    }

    private static ModelSpec withScaling(ModelSpec spec, RopeScaling scaling) {
      return new ModelSpec(
          spec.vocabSize(),
          spec.modelDim(),
          spec.layerCount(),
          spec.headCount(),
          spec.kvHeadCount(),
          spec.headDim(),
          spec.feedForwardDim(),
          spec.maxContextLength(),
          spec.ropeTheta(),
          spec.normEpsilon(),
          spec.tiedEmbeddings(),
          spec.queryKeyValueBias(),
          spec.queryKeyNorm(),
          scaling);
    }

    private SequencedMap<String, TensorSource> weights(ModelSpec spec) {
      SequencedMap<String, TensorSource> weights = new LinkedHashMap<>();
      for (ParameterRange range : spec.parameterRanges()) {
        String name = nameOf(range.name());
        TensorSource tensor = tensor(name);
        if (tensor == null) {
          metadata.refuse(name, "is missing");
        } else if (!Arrays.equals(tensor.shape(), range.shape())) {
          metadata.refuse(
              name,
              "has the shape %s, but the metadata makes it %s"
                  .formatted(Arrays.toString(tensor.shape()), Arrays.toString(range.shape())));
        } else {
          weights.put(range.name(), inOurOrder(range.name(), tensor, spec));
        }
      }
      new TreeSet<>(unusedTensors)
          .forEach(name -> metadata.refuse(name, "is no tensor of the model that it should hold"));
      return weights;
    }

    /** llama.cpp rotates neighbours in Llama's heads, so its rows of queries and keys are mixed. */
    private TensorSource inOurOrder(String name, TensorSource tensor, ModelSpec spec) {
      boolean rotated = name.endsWith("q_proj.weight") || name.endsWith("k_proj.weight");
      return rotated && architecture.equals("llama")
          ? new UnmixedHeads(tensor, spec.headDim())
          : tensor;
    }

    private @Nullable TensorSource tensor(String name) {
      unusedTensors.remove(name);
      return file.tensor(name);
    }

    /** {@code model.layers.3.mlp.up_proj.weight} is {@code blk.3.ffn_up.weight} there. */
    private static String nameOf(String ours) {
      String whole = NAMES.get(ours);
      if (whole != null) {
        return whole;
      }
      String[] parts = ours.split("\\.", 4); // model, layers, N, the rest
      int suffix = parts[3].lastIndexOf('.');
      String theirs = NAMES.get(parts[3].substring(0, suffix));
      return "blk." + parts[2] + "." + theirs + parts[3].substring(suffix);
    }

    /** A model may end its text, its turn, or a message to a tool, by a token each. */
    private MarkerTokens markerTokens(int vocabSize) {
      List<Integer> ends =
          Stream.of("eos_token_id", "eot_token_id", "eom_token_id")
              .map(name -> metadata.tokenId(GgufTokenizer.PREFIX + name, vocabSize))
              .flatMap(id -> id.stream().boxed())
              .distinct()
              .toList();
      OptionalInt beginning = metadata.tokenId(GgufTokenizer.PREFIX + "bos_token_id", vocabSize);
      OptionalInt padding = metadata.tokenId(GgufTokenizer.PREFIX + "padding_token_id", vocabSize);
      return new MarkerTokens(beginning, ends, padding);
    }
  }
}
