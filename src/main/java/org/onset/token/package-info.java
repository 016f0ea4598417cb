/**
 * From text to rows of token ids and back. Front door: {@link org.onset.token.Tokenizer}. What it
 * makes is packed and stored by {@link org.onset.token.WindowWriter} and read by {@link
 * org.onset.token.TokenShard}; {@link org.onset.token.WordTokenizer} and {@link
 * org.onset.token.BytePairTrainer} make tokenizers.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>No text becomes a special token. Only {@link org.onset.token.ChatTemplate} (turns), {@link
 *       org.onset.token.TrainingSequence#document} (end of text), {@link
 *       org.onset.token.WindowWriter} (padding) and {@link org.onset.token.Tokenizer#encodeTagged}
 *       (the tag) put one into a sequence.
 *   <li>Ids are those of Hugging Face's library, whoever makes them: {@link
 *       org.onset.token.BytePairEncoder} takes the texts and tokenizers for which that is shown,
 *       and leaves the others to the library.
 *   <li>What a trainer learns follows from the words' counts, not from the order of texts or the
 *       number of threads.
 *   <li>A window is {@code contextLength + 1} ids; its first id is never a target.
 *   <li>A tokenizer's file is in place whole or not at all. A shard's index comes after its data,
 *       that of the tokens last: what can be opened was written to its end.
 * </ul>
 *
 * <p><b>Tokenizer folder</b>: {@code tokenizer.json} and {@code tokenizer_config.json} as Hugging
 * Face's libraries read them. The latter holds {@code eos_token}, {@code pad_token}, {@code
 * chat_template} (Jinja, or a list of named ones of which {@code default} counts; a {@code
 * chat_template.jinja} beside it goes before), and {@code onset_tag_token}, the literal of the
 * harmfulness tag. In tokenizers made here {@link org.onset.token.SpecialTokens} have the ids 0 to
 * 4, {@code <unk>} of a word tokenizer 5, the bytes of a byte-level one 5 to 260. Anyone's folder
 * is read; of the model's files beside it, {@code config.json} and {@code generation_config.json},
 * only {@code eos_token_id}.
 *
 * <p><b>Token shard</b>: a Megatron-LM indexed dataset, MMIDIDX version 1, little-endian. {@code
 * PREFIX.bin} holds the ids of all windows one after another, uint16 where the vocabulary is
 * smaller than 65,500 and int32 otherwise. {@code PREFIX.idx}:
 *
 * <pre>
 * byte 0          9 bytes    "MMIDIDX" and two zeros
 * byte 9          uint64     version, 1
 * byte 17         uint8      element type: 1 uint8, 4 int32, 8 uint16
 * byte 18         uint64     n, the number of windows
 * byte 26         uint64     number of document bounds, n + 1
 * byte 34         int32[n]   ids of each window
 *                 int64[n]   byte of the .bin at which each window begins
 *                 int64[n+1] document bounds 0, 1, … n: each window is a document
 * </pre>
 *
 * <p>{@code PREFIX_mask.bin} and {@code .idx} are a second dataset of the same windows, uint8, 1
 * where an id is a target; written only where packing masked ids. Readers that take sequence i of
 * an indexed dataset get window i; Megatron-LM's own {@code GPTDataset} shuffles documents, joins
 * them and cuts new windows.
 */
@NullMarked
package org.onset.token;

import org.jspecify.annotations.NullMarked;
