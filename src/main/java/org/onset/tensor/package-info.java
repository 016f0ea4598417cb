/**
 * The only package that touches libtorch: {@link org.onset.tensor.Tensor} is its front door. No
 * type of the binding appears in a signature outside it.
 *
 * <p>Native memory is owned, never collected: a tensor made inside a {@link org.onset.tensor.Scope}
 * dies with the scope unless it was kept; a tensor made outside any scope lives until it is closed.
 * Scopes and the number of computing threads ({@link org.onset.tensor.Libtorch#useThreads}) belong
 * to the Java thread that sets them. Tensors are float32 on the CPU unless they say otherwise.
 */
@NullMarked
package org.onset.tensor;

import org.jspecify.annotations.NullMarked;
