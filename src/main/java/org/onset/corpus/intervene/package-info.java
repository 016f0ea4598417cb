/**
 * What becomes of scored documents, stream by stream. Front door: {@link
 * org.onset.corpus.intervene.InterventionPlan}, which is made of {@link
 * org.onset.corpus.intervene.Rule}s (stream → rule), may travel, and opens {@link
 * org.onset.corpus.intervene.Interventions}: scored documents go in, and for each comes out what
 * every stream holds of it. {@link org.onset.corpus.intervene.LlmScorer} is a safety scorer that
 * asks a language model.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>What becomes of a document depends on the plan and on its own id, text, score and category,
 *       never on the other documents, their order or the threads at work; where a model is asked,
 *       on its answers too, which are kept.
 *   <li>Nothing is lost silently: for every stream that wants a document there is a text or a
 *       reason, and a document that no stream wants counts as removed.
 *   <li>The tag stands in texts of the kind {@code tag} only. Literal tags in a source, and in
 *       whatever a writer gives, are taken out and counted.
 *   <li>Answers of a model, and texts of files, reach a stream only after {@link
 *       org.onset.corpus.intervene.Validation}.
 *   <li>What was inserted by {@code reflect} is known to the character: without those spans the
 *       text is the document's again.
 * </ul>
 *
 * <p><b>Prompts</b> are resources, {@code prompts/NAME-vN.txt}: a line {@code [system]} and what
 * follows it, a line {@code [user]} likewise, and for {@code rephrase} a line {@code [styles]} with
 * a style a line, its name, a colon and what is asked for. {@code {text}} and other words in braces
 * are filled in. A prompt that has been used is never changed: a new wording is a new version.
 * {@code templates-vN.yaml} has the sentences of the writer {@code templates}, likewise.
 *
 * <p><b>A reflection</b> stands in brackets: {@code [Reflection: …]}, two line breaks before it at
 * a paragraph's end, a space before it at a sentence's.
 */
@NullMarked
package org.onset.corpus.intervene;

import org.jspecify.annotations.NullMarked;
