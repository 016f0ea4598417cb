/**
 * The Data Safety Report Card (2504.16980) as data: {@code card.json}, which {@link
 * org.onset.corpus.card.CorpusCard} writes and reads. Nothing of it depends on when, where or how
 * fast a corpus was built.
 */
@NullMarked
package org.onset.corpus.card;

import org.jspecify.annotations.NullMarked;
