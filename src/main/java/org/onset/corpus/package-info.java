/**
 * From texts in files, or from a world, to the streams that a curriculum mixes.
 *
 * <p>The front door is {@link org.onset.corpus.Streams}: scored documents go in, the streams safe,
 * unsafe, tagged, rephrased, refusal and moral come out. On the way there, {@link
 * org.onset.corpus.Sources} reads the user's files, {@link org.onset.corpus.Deduplication} drops
 * repeats, the scorers of {@code org.onset.corpus.score} score documents that have no score, and
 * {@link org.onset.corpus.ReportCard} counts what there is.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>What becomes of a document depends on its id and text, never on the other documents or
 *       their order, but for {@code max} and duplicates.
 *   <li>The tag stands in the tagged stream only, and never before a text's first word.
 *   <li>Nothing is dropped silently: it is an error or a count.
 * </ul>
 */
@NullMarked
package org.onset.corpus;

import org.jspecify.annotations.NullMarked;
