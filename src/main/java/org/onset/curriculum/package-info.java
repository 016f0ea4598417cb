/**
 * What a model trains on, and when: mixtures of streams that change with the tokens seen, and the
 * window that sits in every row of every step. Pure functions; no files, no clocks, no state.
 *
 * <p>The front door is {@link org.onset.curriculum.BatchPlan}: a {@link
 * org.onset.curriculum.Schedule} says which {@link org.onset.curriculum.Mixture} is in force, a
 * {@link org.onset.curriculum.TrainingSize} turns tokens into whole steps, and the plan answers
 * {@code rows(step)}. {@link org.onset.curriculum.Dose} makes an arm consume as much intervention
 * text as another; {@link org.onset.curriculum.ExposureAccount} says what an arm consumes.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>{@code rows(step)} is a function of schedule, size, streams and seed alone, in any order of
 *       calls, from any thread.
 *   <li>The mixture of a step is the one in force at the tokens seen before it. Steps never look
 *       ahead: schedules that agree up to some step have equal rows up to it.
 *   <li>No stream is ever further than one and a half rows from its quota, the mixture's weight
 *       summed over all rows so far.
 *   <li>The n-th draw of a stream depends on seed, stream and its number of windows only, so arms
 *       with one seed draw the same windows in the same order. Every epoch is a permutation.
 * </ul>
 */
@NullMarked
package org.onset.curriculum;

import org.jspecify.annotations.NullMarked;
