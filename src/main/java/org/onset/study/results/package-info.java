/**
 * What a run leaves behind as plain records: the rows of {@code results.json} and all else that the
 * report shows.
 */
@NullMarked
package org.onset.study.results;

import org.jspecify.annotations.NullMarked;
