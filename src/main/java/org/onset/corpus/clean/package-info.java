/**
 * What of a corpus is worth training on: length and repetition filters, near-duplicates,
 * contamination by evaluation prompts; and what it mentions. Pure functions of texts, which know no
 * files and no Spark.
 *
 * <p>Its doors, in the order a document meets them: {@link org.onset.corpus.clean.QualityFilter}
 * judges it by itself, {@link org.onset.corpus.clean.Contamination} compares it with evaluation
 * prompts, {@link org.onset.corpus.clean.Shingles} and {@link org.onset.corpus.clean.MinHash} find
 * the documents it resembles, {@link org.onset.corpus.clean.NGramQueries} counts what it mentions.
 * {@link org.onset.corpus.clean.Words} says what a word is.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>What is said of a text depends on the text and the specification alone: no platform, no
 *       order of documents, no random state.
 *   <li>Everything takes time linear in the text, but for the sorting of its shingles.
 *   <li>Whatever is built once and then asked is immutable, may be shared by threads, and is
 *       serializable, for it travels.
 *   <li>Texts are told apart by 64-bit hashes. Where a collision would cost a document, in {@link
 *       org.onset.corpus.clean.Contamination}, what matched is compared itself.
 * </ul>
 */
@NullMarked
package org.onset.corpus.clean;

import org.jspecify.annotations.NullMarked;
