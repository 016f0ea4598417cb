/**
 * Linear probes: how well a linear classifier reads safe against harmful from a model's residual
 * stream. {@link org.onset.probe.Probes} is the front door.
 *
 * <p>Invariants: a fit is a pure, deterministic function of its rows; the test fold never touches
 * it, not even through standardisation. Layer 0 is the embedding, layer ℓ the stream after block ℓ.
 */
@NullMarked
package org.onset.probe;

import org.jspecify.annotations.NullMarked;
