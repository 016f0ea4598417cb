/**
 * A language model behind the OpenAI API, for rewriting, scoring and judging. Front door: {@link
 * org.onset.endpoint.Endpoint}, which takes a {@link org.onset.endpoint.ChatRequest} and returns an
 * {@link org.onset.endpoint.Answer}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A request is sent only after its worst case has been reserved, and is sent once for each
 *       attempt that the ledger counts.
 *   <li>Only whole answers ({@code finish_reason} {@code stop}, not blank) reach the cache. A file
 *       is in place whole or not at all.
 *   <li>The key stands in no file, no message and no record.
 *   <li>How long is waited between attempts follows from the request and the attempt's number.
 * </ul>
 *
 * <p><b>What an attempt counts</b> towards the budget: the tokens that the server reported. Where
 * it reported none, an estimate: for the prompt a token for every four bytes of UTF-8, rounded up;
 * to that is added {@code maxTokens}, unless the server answered with an error status. Without a
 * connection nothing is counted. Reserved beforehand is more: a token for every byte, 16 for every
 * message and 64 for the template around them, and {@code maxTokens}.
 *
 * <p><b>Repeated</b> are status 408, 429, 500, 502, 503 and 504, time-outs, and connections that
 * fail or break. The wait is that of the server's {@code Retry-After} if it is longer than ours.
 *
 * <p><b>Cache folder</b>: {@code XX/DIGEST.json} for every answer, DIGEST being the SHA-256 of the
 * request in lower-case hexadecimal and XX its first two digits. The request is digested as JSON
 * without white space, in UTF-8, its keys in this order: {@code {"format":1, "model":…,
 * "messages":[{"role":…, "content":…}, …], "max_tokens":…, "temperature":…, "seed":…}}. The file is
 * one line of JSON:
 *
 * <pre>
 * version             1
 * request             DIGEST
 * text                the answer
 * promptTokens        as reported or charged
 * completionTokens    likewise
 * sha256              of the same JSON, without white space, without this key
 * </pre>
 *
 * A file of any other content counts as absent, and is overwritten by the next answer.
 *
 * <p><b>Ledger</b>, {@code ledger.json} in the cache folder: one line of JSON of constant length,
 * its numbers padded with spaces, rewritten in place under a lock on the file:
 *
 * <pre>
 * version           1
 * attempts          requests sent, repetitions included
 * spentTokens       what those that ended have cost
 * reservedTokens    what those under way may cost, and those whose process was killed
 * </pre>
 */
@NullMarked
package org.onset.endpoint;

import org.jspecify.annotations.NullMarked;
