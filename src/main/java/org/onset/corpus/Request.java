package org.onset.corpus;

/**
 * What an evaluation asks a model.
 *
 * @param suite the set it belongs to: harmful, borderline, benign, or the user's name for a file
 * @param attack direct, wrapper, …
 * @param variant what else tells requests of a suite apart: seen, held-out-phrasing, …
 * @param harmful whether a good model declines it
 * @param text asked through the chat template
 * @param completionText the same, for a base model to continue
 */
public record Request(
    String id,
    String suite,
    String attack,
    String variant,
    String category,
    boolean harmful,
    String text,
    String completionText) {}
