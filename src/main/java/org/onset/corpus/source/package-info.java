/**
 * Pretraining text as it lies in files: JSON lines, Parquet, CSV or plain text, packed or not, on
 * any file system that Hadoop knows. The front door is {@link org.onset.corpus.source.SourceFiles},
 * which cuts declared sources into {@link org.onset.corpus.source.FileSplit}s; {@link
 * org.onset.corpus.source.SplitReader} reads one.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>The splits of a file follow from its size and form alone, so that every machine cuts alike.
 *   <li>A record ends at LF, or at the end of its file, and nowhere else; in CSV at those outside
 *       quotes.
 *   <li>A damaged record is handed on as such, with its line. A file that can't be read to its end
 *       is an error.
 * </ul>
 */
@NullMarked
package org.onset.corpus.source;

import org.jspecify.annotations.NullMarked;
