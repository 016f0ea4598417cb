package org.onset.corpus.pipeline;

import java.util.OptionalInt;

/**
 * A document that passed the filters.
 *
 * @param line within its split, from 0
 * @param score what its source says of it
 */
record KeptDocument(String id, long line, String text, OptionalInt score) {}
