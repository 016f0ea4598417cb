/**
 * The words every package speaks: seeds, fingerprints, and the problems found in a user's input.
 */
@NullMarked
package org.onset;

import org.jspecify.annotations.NullMarked;
