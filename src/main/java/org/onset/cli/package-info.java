/** The command line: thin, no logic. */
@NullMarked
package org.onset.cli;

import org.jspecify.annotations.NullMarked;
