/**
 * Continues prompts with a language model. The front door is {@link org.onset.decode.Generation};
 * {@link org.onset.decode.Decoder} lists the ways of choosing tokens.
 *
 * <p>Invariants: a completion depends on its prompt, the model, the decoder and (for the sampling
 * decoders) the seeds and the sample's number, never on the prompts beside it, as far as the
 * model's own arithmetic is the same for every batch. Of tokens with equal logits the lower id is
 * the more likely. Log-probabilities are natural and those of the model as it is.
 */
@NullMarked
package org.onset.decode;

import org.jspecify.annotations.NullMarked;
