/**
 * Labelled sets, requests and dialogues in files, and how scored documents become the streams that
 * a curriculum mixes.
 *
 * <p>There are two front doors. {@link org.onset.corpus.Sources} reads the user's files but for
 * pretraining text, which {@code org.onset.corpus.pipeline} builds. {@link
 * org.onset.corpus.Streams} routes a world's documents: scored ones go in, the streams safe,
 * unsafe, tagged, rephrased, refusal and moral come out. {@link org.onset.corpus.DistinctTexts}
 * drops repeats.
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
