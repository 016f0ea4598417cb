package org.onset.study;

import org.jspecify.annotations.Nullable;

/**
 * What a row of the results is about, but for arm and seed; see {@link
 * org.onset.study.results.Results.Row}.
 */
record Quantity(
    String stage,
    @Nullable String task,
    @Nullable Long step,
    String suite,
    @Nullable String attack,
    @Nullable String decoder,
    @Nullable String judge,
    @Nullable String variant,
    @Nullable Integer layer,
    String metric) {}
