/**
 * Trains a model. {@link org.onset.train.TrainingRun} is the front door: the loop, in the order
 * things happen. A {@link org.onset.train.Recipe} says how, {@link org.onset.train.Batches} on
 * what, and a {@link org.onset.train.TrainingState} is what it starts from and ends with.
 *
 * <p>Invariants: what a step does follows from the state before it, its batch and the recipe, so a
 * run resumed from any of its states ends with the same bits as one that never stopped (on one kind
 * of CPU, with one number of threads). A step whose loss or gradient is not finite changes nothing
 * but the count of steps, and is recorded. A run may be any stretch of a longer plan; schedules
 * count tokens from the plan's beginning.
 *
 * <p>A saved state is a Hugging Face folder ({@code config.json}, {@code model.safetensors}, {@code
 * generation_config.json}) with {@code onset/optimizer.safetensors} (AdamW's moments {@code
 * first_moments} and {@code second_moments}, float32, in the order of the model's flat buffer) and
 * {@code onset/progress.json}:
 *
 * <pre>{@code
 * {"format": 2, "step": 200, "tokensSeen": 204800, "updates": 199, "skippedSteps": [17],
 *  "spikes": [104], "recentLosses": [2.71, …], "files": {"config.json": SHA-256, …},
 *  "digest": SHA-256 of all the above}
 * }</pre>
 *
 * <p>It is written under another name, synced, and renamed: a folder with the right name is whole
 * unless the disk damaged it, and the digests find that.
 */
@NullMarked
package org.onset.train;

import org.jspecify.annotations.NullMarked;
