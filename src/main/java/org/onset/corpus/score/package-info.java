/**
 * Says how unsafe a text is, from 0 to 5, and why. The front door is {@link
 * org.onset.corpus.score.SafetyScorer}; an {@link org.onset.corpus.score.Ensemble} trains and joins
 * scorers, {@link org.onset.corpus.score.TrainedScorer} reads one from its file, and {@link
 * org.onset.corpus.score.Comparison} measures them.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>The score of a text depends on nothing but the text: not on the texts beside it, nor on the
 *       number of threads.
 *   <li>A long text is as unsafe as its worst chunk, an ensemble as its most worried member.
 *   <li>A scorer read from its file gives the scores of the one written to the last bit.
 * </ul>
 *
 * <p>A trained scorer is one file, numbers big-endian, strings as int 32 length and UTF-8:
 *
 * <pre>
 * "ONSETSAF"          8 bytes
 * version, kind       int 32 each: version 2; kind 1 linear, 2 embedding
 * content             by kind, see below
 * digest              32 bytes, the SHA-256 of all before it
 *
 * linear              int 32 hashBits, wordGrams, characterGrams; float 64 cost, unsafeWeight,
 *                     threshold; int 32 chunkWords; the head for 2^hashBits dimensions
 * embedding           int 32 maxTokens; string pooling; float 64 cost, unsafeWeight, threshold;
 *                     strings digest of the model, digest of the tokenizer; int 32 dimensions; the
 *                     head; of the model and then of the tokenizer int 32 length and bytes, both
 *                     lengths 0 for the built-in model
 * head                int 32 lowest level, number of levels L, each level; number of categories C,
 *                     strings; int 32 number of rows, each int 32 coordinate and L + C float 64
 *                     weights, in ascending order; L + C float 64 intercepts
 * </pre>
 */
@NullMarked
package org.onset.corpus.score;

import org.jspecify.annotations.NullMarked;
