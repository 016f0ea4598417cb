/**
 * Declared in YAML, read as records. The front door is {@link SpecFile}: it merges the user's YAML
 * over its defaults, checks the result against the JSON schema made from the records and then by
 * {@link org.onset.Checked}, and hands out nothing that has a problem.
 */
@NullMarked
package org.onset.spec;

import org.jspecify.annotations.NullMarked;
