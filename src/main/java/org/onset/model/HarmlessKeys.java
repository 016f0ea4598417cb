package org.onset.model;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keys of a config.json that change nothing in what the model computes from tokens: where it came
 * from, how it was initialised or regularised in training, what a library returns beside the
 * logits, how a tokenizer or a generation loop is set. Looked over one by one; a key that is in no
 * list is refused, since silence would mean wrong numbers.
 */
final class HarmlessKeys {
  private static final Set<String> ORIGIN =
      Set.of(
          "_commit_hash",
          "_model_name_or_path",
          "_name_or_path",
          "dtype",
          "is_llama_config",
          "model_name",
          "torch_dtype",
          "transformers.js_config",
          "transformers_version",
          "unsloth_fixed",
          "unsloth_version");

  private static final Set<String> TRAINING =
      Set.of(
          "attention_dropout",
          "gradient_checkpointing",
          "hidden_dropout",
          "initializer_range",
          "max_sequence_length",
          "pretraining_tp");

  private static final Set<String> LIBRARY =
      Set.of(
          "_attn_implementation",
          "_attn_implementation_autoset",
          "add_cross_attention",
          "attn_implementation",
          "chunk_size_feed_forward",
          "cross_attention_hidden_size",
          "finetuning_task",
          "id2label",
          "is_decoder",
          "is_encoder_decoder",
          "label2id",
          "output_attentions",
          "output_hidden_states",
          "output_scores",
          "problem_type",
          "pruned_heads",
          "return_dict",
          "return_dict_in_generate",
          "task_specific_params",
          "tf_legacy_loss",
          "tie_encoder_decoder",
          "torchscript",
          "use_bfloat16",
          "use_cache");

  private static final Set<String> TOKENS =
      Set.of(
          "bos_token_id",
          "decoder_start_token_id",
          "eos_token_id",
          "pad_token_id",
          "prefix",
          "sep_token_id",
          "tokenizer_class",
          "unk_token_id");

  private static final Set<String> GENERATION =
      Set.of(
          "bad_words_ids",
          "begin_suppress_tokens",
          "diversity_penalty",
          "do_sample",
          "early_stopping",
          "encoder_no_repeat_ngram_size",
          "exponential_decay_length_penalty",
          "forced_bos_token_id",
          "forced_eos_token_id",
          "length_penalty",
          "max_length",
          "max_new_tokens",
          "min_length",
          "no_repeat_ngram_size",
          "num_beam_groups",
          "num_beams",
          "num_return_sequences",
          "remove_invalid_values",
          "repetition_penalty",
          "suppress_tokens",
          "temperature",
          "top_k",
          "top_p",
          "typical_p");

  static final Set<String> ALL =
      Stream.of(ORIGIN, TRAINING, LIBRARY, TOKENS, GENERATION)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private HarmlessKeys() {}
}
