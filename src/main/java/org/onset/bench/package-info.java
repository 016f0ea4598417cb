/**
 * How fast this machine trains and decodes, next to what it could do at most: {@link
 * org.onset.bench.TrainingBenchmark} and {@link org.onset.bench.DecodingBenchmark} are the front
 * doors, {@link org.onset.bench.Answers} lets other stacks compare what is computed.
 *
 * <p>A training benchmark's two sides run in processes of their own ({@link
 * org.onset.bench.Turns}), so that each has its own memory and its own settings of the native
 * library, and take turns, so that a machine that grows slower does so for both. They begin with
 * the same folder ({@link org.onset.bench.TrainingInputs}): a model in Hugging Face's layout and
 * {@code batch.json}, {@code {"tokens": [[...], ...]}}, rows of time + 1 ids; the benchmark adds
 * {@code first-losses.json}, {@code {"ours": x, "eager_plain": x}}, mean nats per token before any
 * update.
 */
@NullMarked
package org.onset.bench;

import org.jspecify.annotations.NullMarked;
