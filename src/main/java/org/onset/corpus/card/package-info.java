/**
 * The Data Safety Report Card (2504.16980) as data. {@link org.onset.corpus.card.CorpusCard} is
 * {@code card.json}, {@link org.onset.corpus.card.Audit} is {@code audit.json}: what people found
 * in a sample of the corpus. {@link org.onset.corpus.card.AuditedCard} reads both.
 *
 * <p>Nothing of the card depends on when, where or how fast a corpus was built. An audit names the
 * card it belongs to by the digest of its bytes: with another build's numbers it would say nothing.
 *
 * <p>An audit goes through two files in {@code audit/}: {@code sample.json} says what was drawn
 * ({@link org.onset.corpus.card.AuditSample}), {@code to-label.csv} is for people to fill in
 * ({@link org.onset.corpus.card.LabelSheet}).
 */
@NullMarked
package org.onset.corpus.card;

import org.jspecify.annotations.NullMarked;
