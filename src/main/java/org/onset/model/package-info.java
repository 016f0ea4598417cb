/**
 * A decoder-only transformer of the Llama family: {@link org.onset.model.Transformer} is the front
 * door. It trains (adds up gradients), scores, shows its residual stream, and decodes over a cache
 * of keys and values ({@link org.onset.model.Decoding}).
 *
 * <p>Invariants: all parameters are views into one flat buffer and all gradients into another of
 * the same order, matrices before norms; every method that makes tensors returns Java values;
 * decoding gives the logits of the uncached model; a row's results don't depend on the rows beside
 * it beyond rounding.
 *
 * <p>Folders are Hugging Face's ({@link org.onset.model.ModelFolder}): {@code config.json} of a
 * {@code LlamaForCausalLM}, {@code Qwen2ForCausalLM} or {@code Qwen3ForCausalLM}, {@code
 * model.safetensors} (or several with {@code model.safetensors.index.json}), {@code
 * generation_config.json}, and {@code onset/origin.json} ({@code trained_tokens}) where it is known
 * on how many tokens the model was trained. A safetensors file is an unsigned 64-bit little-endian
 * length, a JSON header of that length (name to {@code dtype}, {@code shape}, {@code data_offsets};
 * {@code __metadata__}), and the tensors' bytes, little-endian and row-major, without gaps.
 */
@NullMarked
package org.onset.model;

import org.jspecify.annotations.NullMarked;
