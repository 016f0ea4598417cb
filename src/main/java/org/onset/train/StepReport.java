package org.onset.train;

/**
 * What one step did.
 *
 * @param step counted from 0
 * @param tokensSeen after the step
 * @param loss mean nats per trained token, before the update; not finite where the model overflowed
 * @param gradientNorm before clipping; as the loss, it may not be finite
 * @param applied false where loss or gradient were not finite: nothing was changed
 * @param spike whether the loss jumped above those of the steps before
 * @param tokensPerSecond positions computed, by the wall clock
 */
public record StepReport(
    long step,
    long tokensSeen,
    double loss,
    double learningRate,
    double gradientNorm,
    boolean applied,
    boolean spike,
    double tokensPerSecond) {}
