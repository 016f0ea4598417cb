package org.onset.curriculum;

/**
 * One sequence of one step: the {@code draw}-th window taken from {@code stream}, counted from 0,
 * which is {@code window} of its shard and belongs to the stream's pass number {@code epoch}.
 */
public record Row(String stream, long draw, long epoch, int window) {}
