/**
 * Runs a study: {@link Study} turns the study file into a graph of stages, each a function of named
 * inputs, builds what the store lacks, and gathers the results.
 *
 * <p>A stage's output is a folder {@code store/KIND-KEY}, where KEY is the SHA-256 of everything
 * that determines it. It is written under a temporary name, forced to disk and renamed, so that a
 * folder that exists is whole. A lock per artifact keeps two processes from building the same one.
 */
@NullMarked
package org.onset.study;

import org.jspecify.annotations.NullMarked;
