package org.onset.stats;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The difference between two arms, paired by seed, and by prompt where there are prompts.
 *
 * @param p two-sided, before any correction; absent below {@link Contrasts#MIN_SEEDS} seeds
 * @param reason why {@code p} is absent; absent where it is there
 * @param seedSd standard deviation of the difference over seeds; absent with fewer than two
 * @param seedsNeeded seeds at which a difference of {@link Power#DIFFERENCE} would be found four
 *     times in five, going by {@code seedSd}
 */
public record Contrast(
    Estimate difference,
    OptionalDouble p,
    Optional<String> reason,
    OptionalDouble seedSd,
    OptionalInt seedsNeeded) {}
