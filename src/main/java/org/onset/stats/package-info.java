/**
 * Pure functions that say how sure a number is. {@link org.onset.stats.Intervals} and {@link
 * org.onset.stats.Contrasts} are the front doors; {@code docs/statistics.md} has every formula and
 * the simulated coverage.
 *
 * <p>Invariants: prompts and seeds are crossed ({@link org.onset.stats.Crossed}); no result is ever
 * NaN or infinite; what can't be measured is a case of its type, with a reason.
 */
@NullMarked
package org.onset.stats;

import org.jspecify.annotations.NullMarked;
