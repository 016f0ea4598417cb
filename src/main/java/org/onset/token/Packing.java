package org.onset.token;

/**
 * What packing did to a stream, to be reported.
 *
 * @param documents documents or sequences read
 * @param emptyDocuments those without a token, left out
 * @param droppedTokens tokens in no window: the tail shorter than one
 * @param cutSequences sequences longer than a window, cut at its end
 * @param cutTokens what was cut off them
 * @param untrainableSequences sequences without a target inside their window, and windows of joined
 *     ones without any, left out
 */
public record Packing(
    long documents,
    long emptyDocuments,
    long droppedTokens,
    long cutSequences,
    long cutTokens,
    long untrainableSequences) {}
