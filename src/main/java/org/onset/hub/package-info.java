/**
 * Carries models in and out: {@link org.onset.hub.Hub} is the front door. Its folders are Hugging
 * Face's, whole with tokenizer, chat template and the settings of generation; it also reads
 * llama.cpp's GGUF files.
 *
 * <p>Invariants: a folder appears whole or not at all, under a name that was free; weights go
 * through in pieces, never a whole model at once; what can't be carried over exactly is refused by
 * name. {@link org.onset.hub.GgufHeader} has the layout of a GGUF file, {@link
 * org.onset.hub.ShortBlocks} and {@link org.onset.hub.LongBlocks} that of its blocks.
 */
@NullMarked
package org.onset.hub;

import org.jspecify.annotations.NullMarked;
