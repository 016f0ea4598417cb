package org.onset.eval;

import org.jspecify.annotations.Nullable;

/**
 * One completion, kept so that it can be judged again.
 *
 * @param sample which of the decoder's answers to the prompt, from 0
 * @param completion its text without special tokens
 * @param finish stop, length or short_circuit
 * @param judge and {@code verdict}: null until someone has judged it
 */
public record Transcript(
    String request,
    String suite,
    String attack,
    String variant,
    String decoder,
    long seed,
    int sample,
    String prompt,
    String completion,
    String finish,
    double logProbability,
    @Nullable String judge,
    @Nullable String verdict) {

  Transcript judged(String byJudge, String newVerdict) {
    return new Transcript(
        request,
        suite,
        attack,
        variant,
        decoder,
        seed,
        sample,
        prompt,
        completion,
        finish,
        logProbability,
        byJudge,
        newVerdict);
  }
}
