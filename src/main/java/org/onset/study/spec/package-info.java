/**
 * The study file as records, key for component. {@link StudyFile} reads one, with {@code
 * defaults.yaml} under it.
 */
@NullMarked
package org.onset.study.spec;

import org.jspecify.annotations.NullMarked;
