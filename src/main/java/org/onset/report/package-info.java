/**
 * From the results of a run to what people read: {@link org.onset.report.Report} is the front door;
 * {@link org.onset.report.CardPage} is that of a corpus's card, {@code card.html}.
 *
 * <p>It writes {@code report.html} (one self-contained page: style, data and charts inside, no
 * network), {@code results.csv} (one row per measurement, the header being the names of {@link
 * org.onset.study.results.Results.Row}'s components) and {@code contrasts.csv} (likewise), each
 * under a temporary name that is renamed when whole. Invariants: equal summaries give equal bytes;
 * every text that comes from a model, a study file or a corpus is escaped wherever it stands; an
 * order of arms is only stated where a primary contrast carries it; what could not be measured is
 * shown with its reason.
 */
@NullMarked
package org.onset.report;

import org.jspecify.annotations.NullMarked;
