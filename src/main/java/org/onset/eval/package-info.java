/**
 * Asks a model and says what came of it. {@link org.onset.eval.Responses} samples completions,
 * {@link org.onset.eval.Judge} gives each a verdict, {@link org.onset.eval.Metric} turns verdicts
 * into a number per prompt; {@link org.onset.eval.Likelihoods} measures what needs no sampling.
 *
 * <p>Invariants: sampling and judging are apart, so saved completions can be judged again; a
 * completion depends on its checkpoint, prompt, decoder, seed and sample number only.
 */
@NullMarked
package org.onset.eval;

import org.jspecify.annotations.NullMarked;
