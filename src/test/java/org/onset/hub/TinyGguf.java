package org.onset.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.onset.model.ModelSpec;
import org.onset.model.ParameterRange;
import org.onset.model.RopeScaling;

/**
 * A small model with a byte-level tokenizer as a converter of llama.cpp's would write it: the bytes
 * at 0 to 255, two merges, two control tokens.
 */
final class TinyGguf {
  static final int BEGIN = 258;
  static final int END = 259;
  static final int VOCAB = 260;

  private TinyGguf() {}

  static ModelSpec spec(String architecture, boolean tied, RopeScaling scaling) {
    boolean biases = architecture.equals("qwen2");
    boolean norms = architecture.equals("qwen3");
    return new ModelSpec(
        VOCAB, 12, 2, 4, 2, norms ? 8 : 4, 16, 64, 500_000, 1e-5, tied, biases, norms, scaling);
  }

  /** All parameters of {@code spec}, by their places. */
  static float[] parameters(ModelSpec spec) {
    SplittableRandom random = new SplittableRandom(11);
    float[] values = new float[Math.toIntExact(spec.parameterCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static GgufDraft draft(String architecture, ModelSpec spec, float[] parameters) {
    GgufDraft draft = new GgufDraft().put("general.architecture", architecture);
    draft.put("general.name", "tiny");
    draft.put(architecture + ".block_count", spec.layerCount());
    draft.put(architecture + ".context_length", spec.maxContextLength());
    draft.put(architecture + ".embedding_length", spec.modelDim());
    draft.put(architecture + ".feed_forward_length", spec.feedForwardDim());
    draft.put(architecture + ".attention.head_count", spec.headCount());
    draft.put(architecture + ".attention.head_count_kv", spec.kvHeadCount());
    draft.put(architecture + ".attention.key_length", spec.headDim());
    draft.put(architecture + ".attention.value_length", spec.headDim());
    draft.put(
        architecture + ".attention.layer_norm_rms_epsilon",
        new GgufDraft.Single((float) spec.normEpsilon()));
    draft.put(architecture + ".rope.freq_base", new GgufDraft.Single((float) spec.ropeTheta()));
    draft.put(architecture + ".rope.dimension_count", spec.headDim());
    draft.put(architecture + ".vocab_size", spec.vocabSize());
    putTokenizer(draft);
    for (ParameterRange range : spec.parameterRanges()) {
      float[] values = new float[Math.toIntExact(range.length())];
      System.arraycopy(parameters, Math.toIntExact(range.offset()), values, 0, values.length);
      boolean mixed =
          architecture.equals("llama")
              && (range.name().endsWith("q_proj.weight") || range.name().endsWith("k_proj.weight"));
      draft.f32(
          nameOf(range.name()),
          mixed ? mixed(values, spec.headDim(), (int) range.columns()) : values,
          range.shape());
    }
    return draft;
  }

  private static void putTokenizer(GgufDraft draft) {
    List<String> tokens = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    int others = 256;
    for (int b = 0; b < 256; b++) {
      // GPT-2's alphabet: printable bytes are themselves, the others characters from 256 on.
      boolean printable = (b > ' ' && b <= '~') || (b > 0xa0 && b != 0xad);
      tokens.add(Character.toString(printable ? b : others++));
      types.add(1);
    }
    tokens.addAll(List.of("th", "the", "<|begin|>", "<|end|>"));
    types.addAll(List.of(1, 1, 3, 3));
    draft.put("tokenizer.ggml.model", "gpt2");
    draft.put("tokenizer.ggml.pre", "smollm");
    draft.put("tokenizer.ggml.tokens", tokens);
    draft.put("tokenizer.ggml.token_type", types);
    draft.put("tokenizer.ggml.merges", List.of("t h", "th e"));
    draft.put("tokenizer.ggml.bos_token_id", BEGIN);
    draft.put("tokenizer.ggml.eos_token_id", END);
    draft.put("tokenizer.ggml.add_bos_token", false);
    draft.put("tokenizer.chat_template", "{{ messages[0]['content'] }}");
  }

  private static String nameOf(String name) {
    return name.replace("model.embed_tokens", "token_embd")
        .replace("model.norm", "output_norm")
        .replace("lm_head", "output")
        .replace("model.layers", "blk")
        .replace("input_layernorm", "attn_norm")
        .replace("post_attention_layernorm", "ffn_norm")
        .replace("self_attn.o_proj", "attn_output")
        .replace("self_attn.", "attn_")
        .replace("mlp.", "ffn_")
        .replace("_proj", "");
  }

  /** The rows of each head's two halves in turn. */
  private static float[] mixed(float[] values, int headDim, int columns) {
    float[] mixed = new float[values.length];
    int rows = values.length / columns;
    int to = 0;
    for (int head = 0; head < rows / headDim; head++) {
      for (int i = 0; i < headDim / 2; i++) {
        for (int half = 0; half < 2; half++) {
          int row = head * headDim + half * headDim / 2 + i;
          System.arraycopy(values, row * columns, mixed, to, columns);
          to += columns;
        }
      }
    }
    return mixed;
  }
}
