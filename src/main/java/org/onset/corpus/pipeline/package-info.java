/**
 * From raw text to scored, tagged and tokenized streams, on Spark. The front door is {@link
 * org.onset.corpus.pipeline.CorpusBuild}; {@link org.onset.corpus.pipeline.CorpusSpec} is a corpus
 * as its file declares it, {@link org.onset.corpus.pipeline.CorpusFile} reads that file.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Only this package touches Spark. Spark runs steps where there is room, and shuffles the
 *       numbers by which duplicates are found; texts never go through it.
 *   <li>A step's result for a split is a folder named by all that determines it, made whole or not
 *       at all.
 *   <li>Order comes from the declared sources: what is published is the same to the byte on any
 *       number of machines.
 * </ul>
 */
@NullMarked
package org.onset.corpus.pipeline;

import org.jspecify.annotations.NullMarked;
