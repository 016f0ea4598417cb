/**
 * The baseline that {@code onset bench train} compares with: {@link
 * org.onset.tensor.plain.PlainTraining} trains the same model by the obvious composition of
 * libtorch's calls. Nothing else uses it.
 *
 * <p>It stands on the binding alone. No class of {@code org.onset.tensor} may be used here: loading
 * one would give the process the settings that the baseline is to be measured without.
 */
@NullMarked
package org.onset.tensor.plain;

import org.jspecify.annotations.NullMarked;
