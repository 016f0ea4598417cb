/**
 * From texts in files, or from a world, to the streams that a curriculum mixes.
 *
 * <p>The front door is {@link org.onset.corpus.Streams}: scored documents go in, the streams safe,
 * unsafe, tagged, rephrased, refusal and moral come out. On the way there, {@link
 * org.onset.corpus.Sources} reads the user's files, {@link org.onset.corpus.Deduplication} drops
 * repeats, {@link org.onset.corpus.SafetyScorer} scores documents that have no score, and {@link
 * org.onset.corpus.ReportCard} counts what there is.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>What becomes of a document depends on its id and text, never on the other documents or
 *       their order, but for {@code max} and duplicates.
 *   <li>The tag stands in the tagged stream only, and never before a text's first word.
 *   <li>Nothing is dropped silently: it is an error or a count.
 * </ul>
 *
 * <p>A safety scorer is one file, numbers big-endian: the bytes {@code ONSETSAF}; int 32 version
 * (1); int 32 hashBits, wordGrams, characterGrams; float 64 cost, unsafeWeight, threshold; int 32
 * chunkWords; int 32 lowest score; int 32 number of levels; for each level int 32 score, int 32
 * number of weights, and as many pairs of int 32 index (2^hashBits is the intercept's) and float 64
 * weight, in ascending order; at last the SHA-256 of all that, 32 bytes.
 */
@NullMarked
package org.onset.corpus;

import org.jspecify.annotations.NullMarked;
