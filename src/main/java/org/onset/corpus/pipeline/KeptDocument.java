package org.onset.corpus.pipeline;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A document that passed the filters.
 *
 * @param line within its split, from 0
 * @param score what its source says of it; in a published stream what it was found to be
 * @param category the main reason for a score above 0, where that is known
 */
record KeptDocument(
    String id, long line, String text, OptionalInt score, Optional<String> category) {}
