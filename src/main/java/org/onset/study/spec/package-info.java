/**
 * The study file as records, key for component. {@link StudyFile} reads one: it merges the user's
 * YAML over {@code defaults.yaml}, checks the result against the JSON schema made from these
 * records and then by {@link Checked}, and hands out nothing that has a problem.
 */
@NullMarked
package org.onset.study.spec;

import org.jspecify.annotations.NullMarked;
import org.onset.Checked;
